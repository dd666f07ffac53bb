/* Tests of what gui/settings-model.c makes of one setting, as the admin API describes it. */
#include "settings-model.h"

static const struct {
  const char *name, *setting, *value, *state, *printed;
} rows[] = {
  { "text", "{\"type\": \"text\", \"value\": \"a\"}", "a", "a", "a" },
  { "empty", "{\"type\": \"text\", \"value\": \"\"}", "", "", "empty" },
  { "size", "{\"type\": \"size\", \"value\": \"50M\"}", "50M", "50M", "50.0\302\240MiB" },
  { "seconds", "{\"type\": \"seconds\", \"value\": \"2h\"}", "2h", "2h", "2 hours" },
  { "secret", "{\"type\": \"secret\", \"value\": \"\", \"is_set\": true, \"mark\": \"7f\"}", "",
    "7f", "a secret" },
  { "no-secret", "{\"type\": \"secret\", \"value\": \"\", \"is_set\": false}", "", "", "empty" },
  { "typed-secret", "{\"type\": \"secret\", \"value\": \"\", \"is_set\": false}", "abc", "",
    "a secret" },
  { "older-server", "{\"type\": \"secret\", \"value\": \"\", \"is_set\": true}", "", "",
    "a secret" },
};

/* What is compared between two readings tells two secrets apart; what is shown tells none. */
static void
test_row (gconstpointer data)
{
  const guint row = GPOINTER_TO_UINT (data);
  g_autoptr (json_t) setting = json_loads (rows[row].setting, 0, NULL);
  g_autofree char *printed = setting_print (setting, rows[row].value);

  g_assert_nonnull (setting);
  g_assert_cmpstr (setting_mark (setting), ==, rows[row].state);
  g_assert_cmpstr (printed, ==, rows[row].printed);
}

/* Of two readings, whether somebody may have changed it between. */
static void
test_alike (void)
{
  static const struct {
    const char *one, *other;
    gboolean are_alike;
  } pairs[] = {
    { "{\"type\": \"text\", \"value\": \"a\"}", "{\"type\": \"text\", \"value\": \"a\"}", TRUE },
    { "{\"type\": \"text\", \"value\": \"a\"}", "{\"type\": \"text\", \"value\": \"b\"}", FALSE },
    { "{\"type\": \"secret\", \"is_set\": true, \"mark\": \"7f\"}",
      "{\"type\": \"secret\", \"is_set\": true, \"mark\": \"7f\"}", TRUE },
    { "{\"type\": \"secret\", \"is_set\": true, \"mark\": \"7f\"}",
      "{\"type\": \"secret\", \"is_set\": true, \"mark\": \"80\"}", FALSE },
    { "{\"type\": \"secret\", \"is_set\": true, \"mark\": \"7f\"}",
      "{\"type\": \"secret\", \"is_set\": false}", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (json_t) one = json_loads (pairs[i].one, 0, NULL);
    g_autoptr (json_t) other = json_loads (pairs[i].other, 0, NULL);
    g_assert_cmpint (setting_is_alike (one, other), ==, pairs[i].are_alike);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/settings-model/", rows[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/settings-model/alike", test_alike);
  return g_test_run ();
}
