/* Signing in and out. */
#include "http/pages.h"
#include "http/web-html.h"
#include "log.h"

static void
show_form (WebCall *call, guint status, const char *notice, gboolean is_problem)
{
  GString *html = html_begin (call, TEXT_SIGN_IN);

  html_text (html, call, "h1", TEXT_SIGN_IN);
  html_notice (html, notice, is_problem);
  html_text (html, call, "p class=\"lead\"", TEXT_SIGN_IN_LEAD);
  html_form (html, call, "/sign-in");
  html_field (html, call, "address", "email", TEXT_ADDRESS, "username",
              web_call_field (call, "address"), NULL);
  html_field (html, call, "password", "password", TEXT_PASSWORD, "current-password", "", NULL);
  html_form_end (html, call, TEXT_SIGN_IN);
  html_end (call, status, html);
}

void
page_sign_in (WebCall *call)
{
  if (call->session != NULL)
    web_call_redirect (call, "/account");
  else
    show_form (call, SOUP_STATUS_OK, NULL, FALSE);
}

void
page_sign_in_first (WebCall *call)
{
  show_form (call, SOUP_STATUS_UNAUTHORIZED, web_text (call->language, TEXT_SESSION_OVER), FALSE);
}

static void
begin_session (WebCall *call)
{
  g_autofree char *token = web_sessions_begin (call->sessions, call->user, g_get_monotonic_time ());

  if (token == NULL) {
    page_failed (call);
    return;
  }
  web_sessions_end (call->sessions, call->token); /* of whoever was signed in here before */
  web_call_set_cookie (call, WEB_SESSION_COOKIE, token, 0);
  web_call_redirect (call, "/account");
}

void
page_do_sign_in (WebCall *call)
{
  if (call->verdict == WEB_RIGHT)
    begin_session (call);
  else
    show_form (
        call, call->verdict == WEB_WRONG ? SOUP_STATUS_FORBIDDEN : SOUP_STATUS_SERVICE_UNAVAILABLE,
        web_text (call->language, call->verdict == WEB_WRONG ? TEXT_WRONG_PASSWORD : TEXT_BUSY),
        TRUE);
}

void
page_do_sign_out (WebCall *call)
{
  web_sessions_end (call->sessions, call->token);
  log_event (LOG_INFO, "Signed out", "user", call->session->user, "address", call->peer, "protocol",
             "web", NULL);
  g_clear_pointer (&call->session, web_session_free);
  web_call_set_cookie (call, WEB_SESSION_COOKIE, "", -1);
  show_form (call, SOUP_STATUS_OK, web_text (call->language, TEXT_SIGNED_OUT), FALSE);
}

/* https://w3c.github.io/webappsec-change-password-url/ */
void
page_change_password (WebCall *call)
{
  web_call_redirect (call, "/account#change-password");
}
