/* Who has signed in, for how long, and how many. */
#include "http/web-sessions.h"
#include "settings.h"
#include <string.h>

#define SECOND G_TIME_SPAN_SECOND

static gboolean
is_there (WebSessions *sessions, const char *token, gint64 now)
{
  g_autoptr (WebSession) session = web_sessions_find (sessions, token, now);

  return session != NULL;
}

static void
test_life (void)
{
  g_autoptr (WebSessions) sessions = web_sessions_new ();
  g_autofree char *token = web_sessions_begin (sessions, "anna@x.example", SECOND);
  g_autoptr (WebSession) session = web_sessions_find (sessions, token, 2 * SECOND);
  g_autofree char *wrong = g_strdup (token);

  g_assert_cmpstr (session->user, ==, "anna@x.example");
  g_assert_cmpint (session->begun, ==, SECOND);
  g_assert_true (web_session_has_form_token (session, session->form_token));
  g_assert_false (web_session_has_form_token (session, token));
  g_assert_false (web_session_has_form_token (session, ""));
  g_assert_false (web_session_has_form_token (session, NULL));
  wrong[5] = wrong[5] == 'a' ? 'b' : 'a';
  g_assert_false (is_there (sessions, wrong, 2 * SECOND));
  g_assert_false (is_there (sessions, "", 2 * SECOND));
  g_assert_false (is_there (sessions, NULL, 2 * SECOND));
  web_sessions_end (sessions, wrong);
  web_sessions_end (sessions, NULL);
  g_assert_true (is_there (sessions, token, 2 * SECOND));
  web_sessions_end (sessions, token);
  g_assert_false (is_there (sessions, token, 2 * SECOND));
}

static void
test_time (void)
{
  const gint64 idle = setting_number (SETTING_WEB_SESSION_TIME) * SECOND;
  g_autoptr (WebSessions) sessions = web_sessions_new ();
  g_autofree char *quiet = web_sessions_begin (sessions, "a@x.example", 0);
  g_autofree char *busy = web_sessions_begin (sessions, "a@x.example", 0);
  gint64 now = 0;

  for (; now < 11 * 3600 * SECOND; now += idle)
    g_assert_true (is_there (sessions, busy, now));
  g_assert_false (is_there (sessions, quiet, now));
  for (; now < 12 * 3600 * SECOND; now += idle)
    is_there (sessions, busy, now);
  g_assert_false (is_there (sessions, busy, 12 * 3600 * SECOND + 1)); /* whatever it does */
}

static void
test_bounds (void)
{
  g_autoptr (WebSessions) sessions = web_sessions_new ();
  char *tokens[11];

  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    tokens[i] = web_sessions_begin (sessions, "a@x.example", i * SECOND);
  g_assert_cmpuint (web_sessions_count (sessions), ==, 10);
  g_assert_false (is_there (sessions, tokens[0], 20 * SECOND)); /* the oldest has gone */
  g_assert_true (is_there (sessions, tokens[1], 20 * SECOND));
  for (guint i = 0; i < 2500; i++) {
    g_autofree char *user = g_strdup_printf ("user%u@x.example", i);
    g_free (web_sessions_begin (sessions, user, 30 * SECOND));
  }
  g_assert_cmpuint (web_sessions_count (sessions), ==, 2000);
  for (guint i = 0; i < G_N_ELEMENTS (tokens); i++)
    g_free (tokens[i]);
}

static void
test_end_user (void)
{
  g_autoptr (WebSessions) sessions = web_sessions_new ();
  g_autofree char *kept = web_sessions_begin (sessions, "a@x.example", 0);
  g_autofree char *other = web_sessions_begin (sessions, "a@x.example", 0);
  g_autofree char *stranger = web_sessions_begin (sessions, "b@x.example", 0);

  web_sessions_end_user (sessions, "a@x.example", kept);
  g_assert_true (is_there (sessions, kept, 1));
  g_assert_false (is_there (sessions, other, 1));
  web_sessions_end_user (sessions, "a@x.example", NULL);
  g_assert_false (is_there (sessions, kept, 1));
  g_assert_true (is_there (sessions, stranger, 1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-sessions/life", test_life);
  g_test_add_func ("/web-sessions/time", test_time);
  g_test_add_func ("/web-sessions/bounds", test_bounds);
  g_test_add_func ("/web-sessions/end-user", test_end_user);
  return g_test_run ();
}
