/* Signing in and out. */
#include "http/pages.h"
#include "http/web-html.h"
#include "log.h"

static void
show_form (WebCall *call, guint status, const char *notice, gboolean is_problem)
{
  GString *html = html_begin (call, _ ("Sign in"));

  html_text (html, "h1", _ ("Sign in"));
  html_notice (html, notice, is_problem);
  html_text (html, "p class=\"lead\"",
             _ ("With your mail address and your password. App passwords do not open this page."));
  html_form (html, call, "/sign-in");
  html_field (html, "address", "email", _ ("Mail address"), "username",
              web_call_field (call, "address"), NULL);
  html_field (html, "password", "password", _ ("Password"), "current-password", "", NULL);
  html_form_end (html, _ ("Sign in"));
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
  show_form (call, SOUP_STATUS_UNAUTHORIZED, _ ("Sign in to see this page."), FALSE);
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
    show_form (call,
               call->verdict == WEB_WRONG ? SOUP_STATUS_FORBIDDEN : SOUP_STATUS_SERVICE_UNAVAILABLE,
               (call->verdict == WEB_WRONG
                    ? _ ("Mail address or password are not right. Check both, and try again.")
                    : _ ("Too many attempts at the moment. Wait a minute, and try again.")),
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
  show_form (call, SOUP_STATUS_OK, _ ("You have signed out."), FALSE);
}

/* https://w3c.github.io/webappsec-change-password-url/ */
void
page_change_password (WebCall *call)
{
  web_call_redirect (call, "/account#change-password");
}
