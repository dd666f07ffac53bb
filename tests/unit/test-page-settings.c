/* The first page: whom it is for and what it shows. */
#include "web-fixture.h"

static void
test_page (Web *self, gconstpointer data)
{
  static const char *const parts[] = { "Mail für office.example",
                                       "<code>mail.office.example</code>",
                                       "<code>993</code>",
                                       "<code>465</code>",
                                       "name@office.example",
                                       "STARTTLS",
                                       "<svg class=\"qr\"",
                                       "href=\"/mail.mobileconfig\"",
                                       "Thunderbird",
                                       "Outlook",
                                       "FairEmail",
                                       "href=\"/sign-in\"" };
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/", NULL, NULL);

  web_call_speak (call, LANGUAGE_GERMAN);
  page_settings (call);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    web_call_must_say (call, 200, parts[i]);
}

static void
test_elsewhere (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "autoconfig.office.example", "/", NULL, NULL);

  page_settings (call);
  g_assert_cmpuint (call->status, ==, 303);
  g_assert_cmpstr (call->location, ==, "https://mail.office.example/");
}

static void
test_nothing (Web *self, gconstpointer data)
{
  g_autoptr (Configuration) nothing = web_configuration (
      self->folder, "imap=off,imaps=off,pop3=off,pop3s=off,submission=off,submissions=off", 0);
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/", NULL, NULL);

  call->configuration = nothing;
  page_settings (call);
  web_call_must_say (call, 200, "offers no service");
}

static void
test_no_accounts (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/", NULL, NULL);

  g_assert_true (setting_set (SETTING_WEB_SIGN_IN, "no", NULL));
  page_settings (call);
  g_assert_true (setting_set (SETTING_WEB_SIGN_IN, "yes", NULL));
  g_autofree char *text = web_call_text (call);
  g_assert_null (strstr (text, "/sign-in"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/page-settings/page", test_page);
  web_test ("/page-settings/elsewhere", test_elsewhere);
  web_test ("/page-settings/nothing", test_nothing);
  web_test ("/page-settings/no-accounts", test_no_accounts);
  return g_test_run ();
}
