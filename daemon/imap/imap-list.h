/* Which mailboxes a LIST or LSUB names, and with what attributes. Pure. */
#pragma once
#include "store/mailbox.h"

/* '*' is anything, '%' anything but '/'. Time: at most the product of the lengths. */
gboolean imap_list_matches (const char *pattern, const char *name);

/* Writes the responses. MAILBOXES as mailbox_list gives them. PATTERN is UTF-8, the reference
 * already put before it. */
void imap_list_print (GString *out, const GPtrArray *mailboxes, const char *pattern);
void imap_list_print_subscribed (GString *out, const GPtrArray *mailboxes, const char *pattern);
