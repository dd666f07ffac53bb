/* People who have signed in on the page: kept in memory only, bounded in number and time. A browser
 * holds the token, here is its digest, so that neither memory nor a comparison gives one away.
 * Thread-safe. */
#pragma once
#include <glib.h>

typedef struct _WebSessions WebSessions;

typedef struct {
  char *user; /* the address */
  char *form_token; /* what each of its forms must show (CSRF) */
  gint64 begun; /* monotonic */
} WebSession;
void web_session_free (WebSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebSession, web_session_free)

WebSessions *web_sessions_new (void);
void web_sessions_free (WebSessions *sessions);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (WebSessions, web_sessions_free)

/* NOW is monotonic. The token for the browser, free with g_free; NULL: there are no random numbers.
 * The oldest session goes when there are too many, of this user or of all. */
char *web_sessions_begin (WebSessions *sessions, const char *user, gint64 now);
/* A copy, or NULL: TOKEN (anything, or NULL) is nobody's, or its time is over. */
WebSession *web_sessions_find (WebSessions *sessions, const char *token, gint64 now);
void web_sessions_end (WebSessions *sessions, const char *token);
/* All of USER but the one with the token KEPT (or NULL). */
void web_sessions_end_user (WebSessions *sessions, const char *user, const char *kept);
guint web_sessions_count (WebSessions *sessions);

/* In constant time. GIVEN may be NULL. */
gboolean web_session_has_form_token (const WebSession *session, const char *given);
