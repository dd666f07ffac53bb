/* The table of settings is sound, and values are checked before they count. */
#include "settings.h"
#include <string.h>

static void
test_table (void)
{
  for (Setting i = 0; i < SETTING_COUNT; i++) {
    const SettingInfo *info = setting_info (i);

    g_assert_nonnull (info->key);
    g_assert_cmpint (setting_find (info->key), ==, (int)i);
    g_assert_true (g_str_has_suffix (info->help, "."));
    g_assert_true (setting_check (i, info->default_text, NULL));
    g_assert_cmpint (info->type == SETTING_CHOICE, ==, info->choices != NULL);
  }
  g_assert_cmpint (setting_find ("no.such-key"), ==, -1);
}

static void
test_defaults (void)
{
  g_assert_cmpint (setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE), ==, 50 * 1024 * 1024);
  g_assert_cmpint (setting_number (SETTING_PLAINTEXT_PASSWORDS), ==, PLAINTEXT_LOOPBACK);
  g_assert_cmpint (setting_number (SETTING_IDLE_TIMEOUT_IMAP), ==, 1800);
  g_assert_cmpint (setting_number (SETTING_TOMBSTONE_RETENTION), ==, 14 * 86400);
}

static const struct {
  const char *key, *text;
  gint64 value; /* -1: refused */
} values[] = {
  { "smtp.max-message-size", "25M", 25 * 1024 * 1024 },
  { "smtp.max-message-size", "25MB", 25 * 1024 * 1024 },
  { "smtp.max-message-size", "25 mib", 25 * 1024 * 1024 },
  { "smtp.max-message-size", "1024", -1 },
  { "smtp.max-message-size", "2G", -1 },
  { "smtp.max-message-size", "99999999999T", -1 },
  { "smtp.max-message-size", "99999999999999999999999", -1 },
  { "smtp.max-message-size", "-1", -1 },
  { "smtp.max-message-size", "25X", -1 },
  { "smtp.max-message-size", "", -1 },
  { "smtp.max-message-size", "M", -1 },
  { "smtp.max-recipients", "200", 200 },
  { "smtp.max-recipients", "200M", -1 },
  { "smtp.idle-timeout", "10m", 600 },
  { "smtp.idle-timeout", "90", 90 },
  { "smtp.idle-timeout", "1d", -1 },
  { "imap.idle-timeout", "29m", -1 },
  { "imap.idle-timeout", "1h", 3600 },
  { "login.plaintext-passwords", "never", PLAINTEXT_NEVER },
  { "login.plaintext-passwords", "always", PLAINTEXT_ALWAYS },
  { "login.plaintext-passwords", "Always", -1 },
  { "login.plaintext-passwords", "2", -1 },
  { "limits.exempt-networks", "10.0.0.0/8 2001:db8::/32", 24 },
  { "limits.exempt-networks", "", 0 },
  { "limits.exempt-networks", "10.0.0.1/8", -1 },
  { "limits.exempt-networks", "office", -1 },
  { "limits.exempt-networks", "::1\n::2", -1 },
  { "users.quota", "0", 0 },
};

static void
test_values (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GError) error = NULL;
    Setting setting = (Setting)setting_find (values[i].key);
    gint64 before = setting_number (setting);

    g_test_message ("%s = %s", values[i].key, values[i].text);
    if (setting_set (setting, values[i].text, &error)) {
      g_autofree char *text = setting_text (setting);
      g_assert_cmpint (setting_number (setting), ==, values[i].value);
      g_assert_cmpstr (text, ==, values[i].text);
    } else {
      g_assert_cmpint (values[i].value, ==, -1);
      g_assert_nonnull (error);
      g_assert_cmpint (setting_number (setting), ==, before);
    }
  }
}

static void
test_message (void)
{
  g_autoptr (GError) range = NULL, choice = NULL;

  g_assert_false (setting_check (SETTING_IDLE_TIMEOUT_IMAP, "5m", &range));
  g_assert_cmpstr (range->message, ==, "imap.idle-timeout must be from 30m to 1d.");
  g_assert_false (setting_check (SETTING_PLAINTEXT_PASSWORDS, "yes", &choice));
  g_assert_cmpstr (choice->message, ==,
                   "login.plaintext-passwords must be one of never, loopback, always, not “yes”.");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/settings/table", test_table);
  g_test_add_func ("/settings/defaults", test_defaults);
  g_test_add_func ("/settings/values", test_values);
  g_test_add_func ("/settings/message", test_message);
  return g_test_run ();
}
