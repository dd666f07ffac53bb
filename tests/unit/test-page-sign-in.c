/* Signing in and out. */
#include "web-fixture.h"

static const struct {
  WebVerdict verdict;
  guint status;
  const char *part;
} tries[] = {
  { WEB_WRONG, 403, "are not right" },
  { WEB_BUSY, 503, "Too many attempts" },
  { WEB_RIGHT, 303, "" },
};

static void
test_sign_in (Web *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/sign-in", NULL,
                                              "address=%22%3Ea%40x&password=geheim");
    call->verdict = tries[i].verdict;
    call->user = tries[i].verdict == WEB_RIGHT ? g_strdup (ANNA) : NULL;
    page_do_sign_in (call);
    web_call_must_say (call, tries[i].status, tries[i].part);
    g_autofree char *text = web_call_text (call);
    g_assert_null (strstr (text, "geheim"));
    g_assert_null (strstr (text, "\"\">a"));
    g_assert_cmpuint (call->cookies->len, ==, tries[i].verdict == WEB_RIGHT);
    g_assert_cmpuint (web_sessions_count (self->sessions), ==, tries[i].verdict == WEB_RIGHT);
  }
}

static void
test_cookie (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/sign-in", NULL, "a=1");

  call->verdict = WEB_RIGHT;
  call->user = g_strdup (ANNA);
  page_do_sign_in (call);
  const char *cookie = call->cookies->pdata[0];
  g_assert_true (g_str_has_prefix (cookie, "__Host-session="));
  g_assert_true (g_str_has_suffix (cookie, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
  g_assert_cmpstr (call->location, ==, "/account");
}

static void
test_sign_out (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/sign-out", NULL, "a=1");

  web_call_sign_in (self, call);
  page_do_sign_out (call);
  web_call_must_say (call, 200, "You have signed out");
  g_assert_cmpuint (web_sessions_count (self->sessions), ==, 0);
  g_assert_nonnull (strstr (call->cookies->pdata[0], "__Host-session=; "));
  g_assert_nonnull (strstr (call->cookies->pdata[0], "Max-Age=0"));
}

/* Who signs in anew leaves nothing behind. */
static void
test_again (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/sign-in", NULL, "a=1");

  web_call_sign_in (self, call);
  call->verdict = WEB_RIGHT;
  call->user = g_strdup ("bert@office.example");
  page_do_sign_in (call);
  g_assert_cmpuint (web_sessions_count (self->sessions), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/page-sign-in/sign-in", test_sign_in);
  web_test ("/page-sign-in/cookie", test_cookie);
  web_test ("/page-sign-in/sign-out", test_sign_out);
  web_test ("/page-sign-in/again", test_again);
  return g_test_run ();
}
