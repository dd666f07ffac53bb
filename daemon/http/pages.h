/* The functions that answer; each runs in a worker and fills in its call. */
#pragma once
#include "http/web-call.h"

#define PAGE_STYLE_PATH "/style.css"

/* page-settings.c */
void page_settings (WebCall *call); /* what to type into a mail program, for everybody */
/* page-sign-in.c */
void page_sign_in (WebCall *call);
void page_sign_in_first (WebCall *call); /* leads there */
void page_do_sign_in (WebCall *call);
void page_do_sign_out (WebCall *call);
void page_change_password (WebCall *call); /* where password managers look for it */
/* page-account.c */
void page_account (WebCall *call);
void page_do_password (WebCall *call);
void page_do_add_device (WebCall *call);
void page_do_remove_device (WebCall *call);
/* page-files.c: for programs */
void page_style (WebCall *call);
void page_icon (WebCall *call);
void page_robots (WebCall *call);
void page_security (WebCall *call); /* RFC 9116 */
void page_mta_sts (WebCall *call); /* RFC 8461 */
void page_autoconfig (WebCall *call);
void page_autodiscover (WebCall *call);
void page_autodiscover_json (WebCall *call);
void page_profile (WebCall *call);
void page_own_profile (WebCall *call);
/* page-errors.c */
void page_missing (WebCall *call);
void page_forbidden (WebCall *call);
void page_too_large (WebCall *call);
void page_wrong_method (WebCall *call);
void page_failed (WebCall *call);
