/* One request on its way through a worker: what it asks, and what it is answered. */
#pragma once
#include "accept-language.h"
#include "http/web-server.h"
#include "http/web-sessions.h"
#include <libsoup/soup.h>

typedef enum {
  WEB_UNVERIFIED, /* nobody asked */
  WEB_RIGHT, /* the password in the form is the user's */
  WEB_WRONG,
  WEB_BUSY, /* too many sign-ons: try later */
} WebVerdict;

typedef struct {
  const WebService *service;
  const Configuration *configuration; /* today's */
  WebSessions *sessions;
  gboolean is_trusted; /* our certificate is one that browsers know */

  /* What is asked. */
  gboolean is_post;
  char *path;
  char *host; /* of the Host field, in lower case, without a port; "" when there is none */
  char *peer;
  GHashTable *query, *form; /* char * to char *, never NULL */
  GBytes *body;
  Language language;
  char *token; /* of the session, as the browser showed it, or NULL */
  WebSession *session; /* or NULL */
  WebVerdict verdict;
  char *user; /* whose password was right */

  /* The answer. */
  guint status; /* 200 unless said otherwise */
  const char *type; /* static */
  GBytes *answer;
  char *location; /* where to go on instead */
  GPtrArray *cookies; /* whole Set-Cookie values */
  const char *cache; /* "no-store" unless said otherwise; static */
  const char *file_name; /* to save it under; static, or NULL */
  char *ended_user; /* whose sessions in other protocols are to end, or NULL */
} WebCall;

WebCall *web_call_new (const WebService *service, const Configuration *configuration,
                       WebSessions *sessions);
/* Wipes passwords in forms. */
void web_call_free (WebCall *call);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebCall, web_call_free)
/* Takes what MESSAGE asks: who the client is, its cookies, its language, its form. */
void web_call_read (WebCall *call, SoupServerMessage *message, const char *path, GHashTable *query);
/* Puts the answer into MESSAGE, with what browsers are to heed. */
void web_call_write (const WebCall *call, SoupServerMessage *message);

/* A field of the form or of the address; "" when it is missing. */
const char *web_call_field (const WebCall *call, const char *name);
const char *web_call_query (const WebCall *call, const char *name);

/* Answers. TEXT is taken over. */
void web_call_answer (WebCall *call, guint status, const char *type, char *text);
void web_call_answer_bytes (WebCall *call, guint status, const char *type, GBytes *bytes);
void web_call_redirect (WebCall *call, const char *location); /* 303: the next one is a GET */
void web_call_set_cookie (WebCall *call, const char *name, const char *value, gint64 seconds);

#define WEB_SESSION_COOKIE "__Host-session"
#define WEB_LANGUAGE_COOKIE "__Host-language"
