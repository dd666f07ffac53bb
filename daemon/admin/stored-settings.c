/* Settings on their way between the store and all threads. */
#include "admin/stored-settings.h"
#include "log.h"
#include <openssl/rand.h>

static void
apply (const char *key, const char *value)
{
  g_autoptr (GError) error = NULL;
  int setting = setting_find (key);

  if (setting < 0)
    log_event (LOG_WARNING, "Stored setting is not known to this version", "key", key, NULL);
  else if (!setting_set ((Setting)setting, value, &error))
    log_event (LOG_WARNING, "Stored setting is not valid: the default counts", "key", key, "error",
               error->message, NULL);
}

static gboolean
read_all (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  GError *failure = NULL;
  Statement *statement = database_query (store_snapshot_database (snapshot), error,
                                         "SELECT key, value FROM setting ORDER BY key", "");

  if (statement == NULL)
    return FALSE;
  while (statement_next (statement, &failure))
    apply (statement_text (statement, 0), statement_text (statement, 1));
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
stored_settings_load (Store *store, GError **error)
{
  if (!store_read_sync (store, read_all, NULL, error))
    return FALSE;
  log_set_level ((LogLevel)setting_number (SETTING_LOG_LEVEL));
  return TRUE;
}

gboolean
stored_settings_write (StoreTransaction *transaction, Setting setting, const char *text,
                       GError **error)
{
  Database *database = store_transaction_database (transaction);
  const char *key = setting_info (setting)->key;

  if (text == NULL)
    return database_run (database, error, "DELETE FROM setting WHERE key = ?1", "t", key);
  return database_run (database, error,
                       "INSERT INTO setting (key, value) VALUES (?1, ?2)"
                       " ON CONFLICT (key) DO UPDATE SET value = ?2",
                       "tt", key, text);
}

gboolean
stored_settings_publish (Setting setting, const char *text, GError **error)
{
  if (!setting_set (setting, text ? text : setting_info (setting)->default_text, error))
    return FALSE;
  log_set_level ((LogLevel)setting_number (SETTING_LOG_LEVEL));
  return TRUE;
}

typedef struct {
  Setting setting;
  const char *text;
} Change;

static gboolean
write_one (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Change *change = data;

  return stored_settings_write (transaction, change->setting, change->text, error);
}

gboolean
stored_settings_change (Store *store, Setting setting, const char *text, GError **error)
{
  Change change = { setting, text };

  return (text == NULL || setting_check (setting, text, error))
      && store_write_sync (store, write_one, &change, error)
      && stored_settings_publish (setting, text, error);
}

gboolean
stored_settings_make_keys (Store *store, GError **error)
{
  g_autofree char *key = setting_text (SETTING_SRS_KEY);
  g_autofree char *made = NULL;
  guint8 bytes[32];

  if (*key)
    return TRUE;
  if (RAND_bytes (bytes, sizeof bytes) != 1) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The system gives no random bytes");
    return FALSE;
  }
  made = g_base64_encode (bytes, sizeof bytes);
  return stored_settings_change (store, SETTING_SRS_KEY, made, error);
}
