/* Tests of daemon/admin/members.c. */
#include "admin/members.h"
#include <gio/gio.h>

static const struct {
  const char *name, *members, *now, *admit, *dismiss;
} rows[] = {
  { "same", "[\"a@x.example\", \"b@x.example\"]", "a@x.example b@x.example", "", "" },
  { "order", "[\"b@x.example\", \"a@x.example\"]", "a@x.example b@x.example", "", "" },
  { "other-case", "[\"A@X.Example\"]", "a@x.example", "", "" },
  { "added", "[\"a@x.example\", \"c@x.example\"]", "a@x.example", "c@x.example", "" },
  { "twice", "[\"c@x.example\", \"C@x.example\"]", "", "c@x.example", "" },
  { "removed", "[\"a@x.example\"]", "a@x.example b@x.example", "", "b@x.example" },
  { "all-others", "[\"c@x.example\"]", "a@x.example", "c@x.example", "a@x.example" },
  { "with-rights", "[{\"address\": \"A@x.example\", \"send_as\": true}]", "a@x.example", "", "" },
  { "none", "[]", "a@x.example", "", "a@x.example" },
  { "no-address", "[\"nonsense\"]", "a@x.example", "nonsense", "a@x.example" },
};

static void
assert_list (const GPtrArray *list, const char *expected)
{
  g_autofree char *text = g_strjoinv (" ", (char **)list->pdata);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_compare (gconstpointer data)
{
  const guint row = GPOINTER_TO_UINT (data);
  json_t *members = json_loads (rows[row].members, 0, NULL);
  g_auto (GStrv) words = g_strsplit (rows[row].now, " ", -1);
  g_autoptr (GPtrArray) now = g_ptr_array_new ();
  g_autoptr (GPtrArray) admit = g_ptr_array_new (), dismiss = g_ptr_array_new ();

  for (char **word = words; *word; word++)
    if (**word)
      g_ptr_array_add (now, *word);
  members_compare (members, now, admit, dismiss);
  assert_list (admit, rows[row].admit);
  assert_list (dismiss, rows[row].dismiss);
  json_decref (members);
}

static void
test_sound (void)
{
  static const struct {
    const char *text;
    gboolean sound, with_rights;
  } lists[] = {
    { "[]", TRUE, TRUE },
    { "[\"a\"]", TRUE, TRUE },
    { "[\"a\", 7]", FALSE, FALSE },
    { "{}", FALSE, FALSE },
    { "[[]]", FALSE, FALSE },
    { "[\"a\", {\"address\": \"b\", \"send_as\": false}]", FALSE, TRUE },
    { "[{\"address\": \"b\"}]", FALSE, FALSE },
    { "[{\"address\": \"b\", \"send_as\": \"no\"}]", FALSE, FALSE },
    { "[{\"send_as\": true}]", FALSE, FALSE },
    { "[{\"address\": 7, \"send_as\": true}]", FALSE, FALSE },
  };

  g_assert_true (members_are_sound (NULL, NULL));
  g_assert_true (members_with_rights_are_sound (NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    json_t *list = json_loads (lists[i].text, 0, NULL);

    g_assert_cmpint (members_are_sound (list, &error), ==, lists[i].sound);
    g_assert_true (lists[i].sound
                   || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
    g_assert_cmpint (members_with_rights_are_sound (list, NULL), ==, lists[i].with_rights);
    json_decref (list);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/members/sound", test_sound);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/members/compare/", rows[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_compare);
  }
  return g_test_run ();
}
