/* Message identifiers. */
#include "mail/message-id.h"
#include <string.h>

static const struct {
  const char *value, *ids; /* joined by '|' */
} cases[] = {
  { "<a@b>", "a@b" },
  { " <a@b>\t<c@d> (comment) <e@f>", "a@b|c@d|e@f" },
  { "<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com>", "01KF8JCEOCBS0045PS@xxx.yyy.com" }, /* RFC 5256 §3 */
  { "<a @ b>", "a@b" },
  { "<\"a>b\"@c>", "a>b@c" },
  { "<\"a\\\"b\"@c>", "a\"b@c" },
  { "a@b", "" },
  { "<ab>", "" },
  { "<@b>", "" },
  { "<a@>", "" },
  { "<a@b", "" },
  { "<a <c@d>", "c@d" },
  { "Your message of Monday <a@b> \"x\"", "a@b" },
  { "<\"open@b> <c@d>", "c@d" },
  { "", "" },
};

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) all = g_string_new (NULL);
    const char *text = cases[i].value;
    char *id;

    while ((id = message_id_next (&text)) != NULL) {
      g_string_append_printf (all, "%s%s", all->len > 0 ? "|" : "", id);
      g_free (id);
    }
    g_assert_cmpstr (all->str, ==, cases[i].ids);
    g_assert_null (message_id_next (&text));
  }
}

static void
test_long (void)
{
  g_autofree char *left = g_strnfill (MESSAGE_ID_MAX, 'a');
  g_autofree char *value = g_strdup_printf ("<%s@b> <c@d>", left);
  const char *text = value;
  g_autofree char *id = message_id_next (&text);

  g_assert_cmpstr (id, ==, "c@d");
}

/* Brackets and quotes that never close. */
static void
test_linear (void)
{
  g_autofree char *brackets = g_strnfill (1000000, '<');
  const char *text = brackets;
  gint64 begin = g_get_monotonic_time ();

  g_assert_null (message_id_next (&text));
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

static void
test_hash (void)
{
  g_assert_cmpuint (message_id_hash ("a@b"), ==, message_id_hash ("a@b"));
  g_assert_cmpuint (message_id_hash ("a@b"), !=, message_id_hash ("A@b"));
  g_assert_cmpuint (message_id_hash (""), !=, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-id/cases", test_cases);
  g_test_add_func ("/message-id/long", test_long);
  g_test_add_func ("/message-id/linear", test_linear);
  g_test_add_func ("/message-id/hash", test_hash);
  return g_test_run ();
}
