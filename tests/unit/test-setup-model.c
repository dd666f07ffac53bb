/* Where the assistant goes on, and what it takes for people. */
#include "setup-model.h"
#include <string.h>

static void
test_resume (void)
{
  static const struct {
    const char *answer;
    SetupStep step;
  } table[] = {
    { NULL, SETUP_SERVER },
    { "{}", SETUP_PREFLIGHT },
    { "{\"setup\": null}", SETUP_PREFLIGHT },
    { "{\"setup\": {\"step\": \"server\"}}", SETUP_PREFLIGHT },
    { "{\"setup\": {\"step\": \"dns\"}}", SETUP_DNS },
    { "{\"setup\": {\"step\": \"of a newer panel\"}}", SETUP_PREFLIGHT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autoptr (json_t) answer
        = table[i].answer != NULL ? json_loads (table[i].answer, 0, NULL) : NULL;
    g_assert_cmpint (setup_resume (answer), ==, table[i].step);
  }
}

static void
test_keep (void)
{
  g_autoptr (json_t) answers = json_pack ("{s:s}", "domain", "a.example");
  g_autoptr (json_t) kept = setup_keep (SETUP_DNS, answers);
  g_autoptr (json_t) last = setup_keep (SETUP_FINISH, answers);

  g_assert_cmpstr (object_text (kept, "step"), ==, "dns");
  g_assert_false (object_flag (kept, "done"));
  g_assert_true (object_flag (last, "done"));
  g_assert_cmpstr (setup_domain (json_object_get (kept, "answers")), ==, "a.example");
}

static void
test_hostname (void)
{
  g_autofree char *suggested = setup_suggest_hostname (" example.com ");
  g_autofree char *none = setup_suggest_hostname ("example");

  g_assert_cmpstr (suggested, ==, "mail.example.com");
  g_assert_cmpstr (none, ==, "");
  g_assert_true (setup_hostname_is_full ("mail.example.com"));
  g_assert_false (setup_hostname_is_full ("mail"));
  g_assert_false (setup_hostname_is_full ("192.0.2.1"));
  g_assert_false (setup_hostname_is_full ("mail."));
  g_assert_false (setup_hostname_is_full ("a b.example"));
}

static void
test_people (void)
{
  static const char text[] = "Address,Password,Quota,Name\r\nanna,,,Anna Example\r\n"
                             "bert@other.example,a password,2G,\"Example, Bert\"\r\n";
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) people = setup_people_parse (text, strlen (text), "a.example", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (people->len, ==, 2);
  const SetupPerson *anna = people->pdata[0], *bert = people->pdata[1];
  g_assert_cmpstr (anna->address, ==, "anna@a.example");
  g_assert_cmpuint (strlen (anna->password), ==, 19);
  g_assert_cmpstr (bert->address, ==, "bert@other.example");
  g_assert_cmpstr (bert->password, ==, "a password");
  g_assert_cmpstr (bert->quota, ==, "2G");
  g_assert_cmpstr (bert->name, ==, "Example, Bert");
}

static void
test_no_people (void)
{
  static const char text[] = "anna\nb e r t\n";
  g_autoptr (GError) error = NULL;

  g_assert_null (setup_people_parse (text, strlen (text), "a.example", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "2"));
}

static void
test_password (void)
{
  g_autofree char *one = setup_password_new (), *other = setup_password_new ();

  g_assert_cmpstr (one, !=, other);
  g_assert_null (strpbrk (one, "01oOlI"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/setup-model/resume", test_resume);
  g_test_add_func ("/setup-model/keep", test_keep);
  g_test_add_func ("/setup-model/hostname", test_hostname);
  g_test_add_func ("/setup-model/people", test_people);
  g_test_add_func ("/setup-model/no-people", test_no_people);
  g_test_add_func ("/setup-model/password", test_password);
  return g_test_run ();
}
