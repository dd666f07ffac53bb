/* Which path is answered by what. */
#pragma once
#include "http/web-call.h"

typedef enum {
  WEB_SIGNED_IN = 1 << 0, /* a session; without one the way leads to the sign-in */
  WEB_FORM = 1 << 1, /* a POST that changes something: from a page of ours, with its token */
  WEB_VERIFIES = 1 << 2, /* the field "password" is verified first */
  WEB_ANY_CASE = 1 << 3, /* Outlook writes paths as it likes */
  WEB_PREFIX = 1 << 4, /* and everything below */
  WEB_BODY = 1 << 5, /* a POST that is no form */
  WEB_PERSONAL = 1 << 6, /* only where SETTING_WEB_SIGN_IN lets people sign in */
} WebNeeds;

typedef struct {
  const char *path;
  guint needs; /* WebNeeds */
  gboolean posts; /* FALSE: GET and HEAD */
  void (*run) (WebCall *call); /* in a worker */
} WebRoute;

/* NULL: there is none; *METHOD_WRONG tells whether the path exists. */
const WebRoute *web_route_find (const char *path, gboolean is_post, gboolean *method_wrong);
