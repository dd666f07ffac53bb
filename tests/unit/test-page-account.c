/* The account's page: password and app passwords. */
#include "web-fixture.h"
#include "accounts/self-service.h"

static WebCall *
post (Web *self, const char *path, const char *form, void (*page) (WebCall *call),
      WebVerdict verdict)
{
  WebCall *call = web_call_make (self, "mail.office.example", path, NULL, form);

  web_call_sign_in (self, call);
  call->verdict = verdict;
  call->user = verdict == WEB_RIGHT ? g_strdup (ANNA) : NULL;
  page (call);
  return call;
}

static const struct {
  const char *form;
  WebVerdict verdict;
  guint status;
  const char *part;
} changes[] = {
  { "new=long+enough&repeated=long+enough", WEB_WRONG, 400, "present password is not right" },
  { "new=long+enough&repeated=long+enough", WEB_BUSY, 400, "Too many attempts" },
  { "new=long+enough&repeated=long+enoug", WEB_RIGHT, 400, "not the same both times" },
  { "new=short&repeated=short", WEB_RIGHT, 400, "from 8 to 1000 characters" },
  { "", WEB_RIGHT, 400, "from 8 to 1000 characters" },
  { "new=long+enough&repeated=long+enough", WEB_RIGHT, 200, "Your password is changed" },
};

static void
test_password (Web *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (changes); i++) {
    g_autofree char *other = web_sessions_begin (self->sessions, ANNA, g_get_monotonic_time ());
    g_autoptr (WebCall) call
        = post (self, "/account/password", changes[i].form, page_do_password, changes[i].verdict);
    g_autoptr (WebSession) ended
        = web_sessions_find (self->sessions, other, g_get_monotonic_time ());
    g_autoptr (WebSession) kept
        = web_sessions_find (self->sessions, call->token, g_get_monotonic_time ());

    web_call_must_say (call, changes[i].status, changes[i].part);
    g_assert_nonnull (kept);
    g_assert_true ((ended == NULL) == (changes[i].status == 200)); /* whoever knew the old one */
    g_assert_cmpstr (call->ended_user, ==, changes[i].status == 200 ? ANNA : NULL);
  }
}

static void
test_devices (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) made
      = post (self, "/account/devices", "device=+my+%3Cphone%3E+", page_do_add_device, 0);
  g_autoptr (WebCall) again
      = post (self, "/account/devices", "device=my+%3Cphone%3E", page_do_add_device, 0);
  g_autoptr (WebCall) nameless = post (self, "/account/devices", "device=+", page_do_add_device, 0);
  g_autoptr (WebCall) control
      = post (self, "/account/devices", "device=a%0ab", page_do_add_device, 0);

  web_call_must_say (made, 200, "<p class=\"secret\"><code>");
  web_call_must_say (made, 200, "“my &lt;phone&gt;”");
  web_call_must_say (made, 200, "<svg class=\"qr\"");
  web_call_must_say (again, 409, "already");
  web_call_must_say (nameless, 400, "Give the device a name");
  web_call_must_say (control, 400, "Give the device a name");
  web_call_must_say (again, 409, "<th scope=\"row\">my &lt;phone&gt;</th>");

  g_autoptr (WebCall) gone
      = post (self, "/account/devices/remove", "device=my+%3Cphone%3E", page_do_remove_device, 0);
  g_autoptr (WebCall) twice
      = post (self, "/account/devices/remove", "device=my+%3Cphone%3E", page_do_remove_device, 0);
  web_call_must_say (gone, 200, "is revoked");
  g_assert_cmpstr (gone->ended_user, ==, ANNA);
  web_call_must_say (twice, 404, "There is no app password");
  web_call_must_say (twice, 404, "There are none yet");
}

static gboolean
disable (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_enabled (transaction, ANNA, FALSE, error);
}

/* Who was switched off meanwhile is not signed in any more. */
static void
test_disabled (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/account", NULL, NULL);

  web_call_sign_in (self, call);
  page_account (call);
  web_call_must_say (call, 200, "Signed in as " ANNA);
  g_assert_true (store_write_sync (self->store, disable, NULL, NULL));
  page_account (call);
  web_call_must_say (call, 401, "Sign in");
  g_assert_cmpuint (web_sessions_count (self->sessions), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/page-account/password", test_password);
  web_test ("/page-account/devices", test_devices);
  web_test ("/page-account/disabled", test_disabled);
  return g_test_run ();
}
