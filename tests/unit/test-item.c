/* What is printed of an answer of the API, whatever it says or leaves out. */
#include "admin/item.h"

static json_t *item;

static void
test_text (void)
{
  g_autofree char *copy = item_copy (item, "name");

  g_assert_cmpstr (item_text (item, "name"), ==, "Jörg");
  g_assert_cmpstr (copy, ==, "Jörg");
  g_assert_cmpint (item_number (item, "size"), ==, G_GINT64_CONSTANT (5000000000));
}

static void
test_times (void)
{
  g_autofree char *day = item_day (item, "made");
  g_autofree char *time = item_time (item, "made");

  g_assert_cmpstr (day, ==, "2024-11-24");
  g_assert_cmpstr (time, ==, "2024-11-24 01:02:03");
  g_assert_null (item_day (item, "used")); /* 0: never */
  g_assert_null (item_time (item, "used"));
}

static void
test_words (void)
{
  g_autofree char *some = item_words (item, "hosts");
  g_autofree char *none = item_words (item, "nothing");

  g_assert_cmpstr (some, ==, "a.example b.example");
  g_assert_cmpstr (none, ==, "");
}

/* An older server leaves out what a newer program asks for; and there may be no answer at all. */
static void
test_missing (void)
{
  const json_t *const items[] = { item, NULL };
  static const char *const keys[] = { "nothing", "null", "hosts" };

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    for (guint k = 0; k < G_N_ELEMENTS (keys); k++) {
      g_assert_cmpstr (item_text (items[i], keys[k]), ==, "");
      g_assert_null (item_copy (items[i], keys[k]));
      g_assert_cmpint (item_number (items[i], keys[k]), ==, 0);
      g_assert_null (item_day (items[i], keys[k]));
      g_assert_null (item_time (items[i], keys[k]));
    }
}

int
main (int argc, char **argv)
{
  int status;

  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  item = json_pack ("{s:s, s:I, s:i, s:i, s:n, s:[s, s]}", "name", "Jörg", "size",
                    (json_int_t)5000000000, "made", 1732410123, "used", 0, "null", "hosts",
                    "a.example", "b.example");
  g_test_add_func ("/item/text", test_text);
  g_test_add_func ("/item/times", test_times);
  g_test_add_func ("/item/words", test_words);
  g_test_add_func ("/item/missing", test_missing);
  status = g_test_run ();
  json_decref (item);
  return status;
}
