/* What the first-run assistant keeps, so that it can be left and taken up again. */
#include "admin/change.h"
#include "admin/documents.h"
#include "settings.h"
#include "tls/certificate.h"
#include <string.h>

#define SETUP_MOST (64 * 1024)
#define SETUP_DEPTH 20
#define NAME "setup"

static gboolean
count (Database *database, const char *sql, json_t *facts, const char *field, GError **error)
{
  Statement *row = database_query (database, error, sql, "");

  if (row == NULL || !statement_next (row, error))
    return FALSE;
  json_object_set_new (facts, field, json_integer (statement_int (row, 0)));
  statement_done (row);
  return TRUE;
}

static gboolean
read_setup (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  json_t *kept = document_read (database, NAME, NULL), *facts = json_object ();

  json_object_set_new (call->answer, "setup",
                       kept ? kept
                            : json_pack ("{s:s, s:b, s:{}}", "step", "", "done", FALSE, "answers"));
  json_object_set_new (call->answer, "facts", facts);
  return count (database, "SELECT count(*) FROM domain", facts, "domains", error)
      && count (database, "SELECT count(*) FROM account WHERE role = 0", facts, "users", error)
      && count (database, "SELECT count(*) FROM account WHERE administrator = 1", facts,
                "administrators", error);
}

static const char *
describe_certificate (const Configuration *configuration)
{
  g_autofree char *folder = configuration_certificates (configuration);
  g_autoptr (GPtrArray) all = certificate_list (folder, NULL);
  const char *best = "none";

  for (guint i = 0; all && i < all->len; i++)
    if (!((Certificate *)all->pdata[i])->self_signed)
      return "trusted";
    else
      best = "self-signed";
  return best;
}

gboolean
setup_get (AdminCall *call, GError **error)
{
  g_autofree char *relay = setting_text (SETTING_QUEUE_RELAY);

  if (!store_read_sync (call->service->store, read_setup, call, error))
    return FALSE;
  json_object_update_new (json_object_get (call->answer, "facts"),
                          json_pack ("{s:s, s:b, s:I}", "certificate",
                                     describe_certificate (call->configuration), "relay",
                                     *relay != '\0', "backup_every",
                                     (json_int_t)setting_number (SETTING_BACKUP_EVERY)));
  return TRUE;
}

json_t *
setup_state (const AdminCall *call, Database *database)
{
  return document_read (database, NAME, NULL);
}

/* Passwords are typed again, and not kept. */
static gboolean
holds_password (const json_t *value, guint depth)
{
  const char *key;
  json_t *below;
  gsize i;

  if (depth > SETUP_DEPTH)
    return TRUE;
  json_object_foreach ((json_t *)value, key, below)
  {
    if (g_ascii_strcasecmp (key, "password") == 0 || holds_password (below, depth + 1))
      return TRUE;
  }
  json_array_foreach (value, i, below)
  {
    if (holds_password (below, depth + 1))
      return TRUE;
  }
  return FALSE;
}

static gboolean
is_too_long (const json_t *value)
{
  char *text = json_dumps (value, JSON_COMPACT);
  const gboolean too_long = text == NULL || strlen (text) > SETUP_MOST;

  free (text);
  return too_long;
}

static gboolean
write_setup (StoreTransaction *transaction, gpointer data, GError **error)
{
  return document_write (transaction, NAME, data, error);
}

/* {"step": text, "done": bool, "answers": {…}} */
gboolean
setup_put (AdminCall *call, GError **error)
{
  const char *step = admin_call_text (call, "step", error);
  json_t *answers = json_object_get (call->body, "answers"), *setup;
  gboolean done;

  if (step == NULL)
    return FALSE;
  if ((answers && !json_is_object (answers)) || is_too_long (call->body)
      || holds_password (answers, 0)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The answers of the setup are an object of at most 64 KiB without "
                            "passwords."));
    return FALSE;
  }
  setup = json_pack ("{s:s, s:b, s:o}", "step", step, "done",
                     json_is_true (json_object_get (call->body, "done")), "answers",
                     answers ? json_incref (answers) : json_object ());
  done = admin_call_write (call, write_setup, setup, error);
  json_decref (setup);
  return done;
}

gboolean
setup_delete (AdminCall *call, GError **error)
{
  return admin_call_write (call, write_setup, NULL, error);
}
