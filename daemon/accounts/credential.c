/* The rows of credentials. */
#include "accounts/credential.h"
#include "language.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define LENGTH 20
/* Nothing that is read for something else: no l, no o, no 0, no 1. */
static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

void
credential_free (Credential *credential)
{
  OPENSSL_cleanse (&credential->keys, sizeof credential->keys);
  g_free (credential->name);
  g_free (credential->address);
  g_free (credential);
}

gboolean
credential_salt (Database *database, const char *user, guint8 salt[SCRAM_SALT], GError **error)
{
  GError *failure = NULL;
  guint8 digest[EVP_MAX_MD_SIZE];
  gsize length;
  Statement *row
      = database_query (database, error, "SELECT value FROM secret WHERE name = 'scram'", "");
  const void *secret;
  gboolean done;

  if (row == NULL)
    return FALSE;
  if (!statement_next (row, &failure)) {
    if (failure == NULL)
      g_set_error_literal (&failure, STORE_ERROR, STORE_ERROR_CORRUPT,
                           _ ("The store has no secret"));
    g_propagate_error (error, failure);
    return FALSE;
  }
  secret = statement_blob (row, 0, &length);
  done
      = HMAC (EVP_sha256 (), secret, (int)length, (const guint8 *)user, strlen (user), digest, NULL)
      != NULL;
  statement_done (row);
  if (done)
    memcpy (salt, digest, SCRAM_SALT);
  else
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_FAILED,
                         _ ("The cryptographic library failed"));
  return done;
}

static gboolean
take_key (Statement *row, int column, guint8 key[SCRAM_DIGEST])
{
  gsize length;
  const void *bytes = statement_blob (row, column, &length);

  if (bytes == NULL || length != SCRAM_DIGEST)
    return FALSE;
  memcpy (key, bytes, SCRAM_DIGEST);
  return TRUE;
}

static Credential *
load (Statement *row)
{
  Credential *self = g_new0 (Credential, 1);

  self->id = statement_int (row, 0);
  self->name = g_strdup (statement_text (row, 1));
  self->created = statement_int (row, 4);
  self->used = statement_int (row, 5);
  self->address = g_strdup (statement_text (row, 6));
  if (take_key (row, 2, self->keys.stored_key) && take_key (row, 3, self->keys.server_key))
    return self;
  credential_free (self);
  return NULL;
}

GPtrArray *
credential_list (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)credential_free);
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT id, name, stored_key, server_key, created, used, address"
                                   " FROM credential WHERE account = ?1 ORDER BY name",
                                   "i", account);

  if (row == NULL)
    return NULL;
  while (statement_next (row, &failure)) {
    Credential *credential = load (row);
    if (credential != NULL)
      g_ptr_array_add (list, credential);
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return NULL;
  }
  return g_steal_pointer (&list);
}

gboolean
device_name_is_valid (const char *name)
{
  if (*name == '\0' || strlen (name) > DEVICE_NAME_MAX || !g_utf8_validate (name, -1, NULL))
    return FALSE;
  for (; *name != '\0'; name = g_utf8_next_char (name))
    if (!g_unichar_isprint (g_utf8_get_char (name)))
      return FALSE;
  return TRUE;
}

static gboolean
insert (StoreTransaction *transaction, gint64 account, const char *name, const ScramKeys *keys,
        GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO credential (account, name, stored_key, server_key, created)"
                       " VALUES (?1, ?2, ?3, ?4, ?5)",
                       "itssi", account, name, keys->stored_key, (gsize)SCRAM_DIGEST,
                       keys->server_key, (gsize)SCRAM_DIGEST, store_transaction_now (transaction));
}

gboolean
credential_add (StoreTransaction *transaction, gint64 account, const char *name,
                const ScramKeys *keys, GError **error)
{
  g_autoptr (GPtrArray) list
      = credential_list (store_transaction_database (transaction), account, error);

  if (list == NULL)
    return FALSE;
  if (!device_name_is_valid (name)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("The name of a device has 1 to %d printable bytes"), DEVICE_NAME_MAX);
    return FALSE;
  }
  if (list->len > APP_PASSWORDS_MAX) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("A user can have %d app passwords"),
                 APP_PASSWORDS_MAX);
    return FALSE;
  }
  for (guint i = 0; i < list->len; i++)
    if (strcmp (((Credential *)list->pdata[i])->name, name) == 0) {
      g_set_error (error, STORE_ERROR, STORE_ERROR_EXISTS,
                   _ ("There is an app password \"%s\" already"), name);
      return FALSE;
    }
  return insert (transaction, account, name, keys, error);
}

gboolean
credential_remove (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  Database *database = store_transaction_database (transaction);

  if (!database_run (database, error,
                     "DELETE FROM credential WHERE account = ?1 AND name = ?2 AND name <> ''", "it",
                     account, name))
    return FALSE;
  if (database_changes (database) > 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no app password \"%s\""),
               name);
  return FALSE;
}

gboolean
credential_set_password (StoreTransaction *transaction, gint64 account, const ScramKeys *keys,
                         GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM credential WHERE account = ?1 AND name = ''", "i", account)
      && (keys == NULL || insert (transaction, account, "", keys, error));
}

gboolean
credential_note_use (StoreTransaction *transaction, gint64 credential, const char *address,
                     GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE credential SET used = ?2, address = ?3 WHERE id = ?1", "iit",
                       credential, store_transaction_now (transaction), address);
}

char *
app_password_new (void)
{
  guint8 bytes[LENGTH];
  char *text = g_malloc (LENGTH + 1);

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    g_error ("The system gives no random bytes");
  for (guint i = 0; i < LENGTH; i++)
    text[i] = alphabet[bytes[i] % 32];
  text[LENGTH] = '\0';
  return text;
}

gboolean
app_password_has_form (const char *password)
{
  return strlen (password) == LENGTH && strspn (password, alphabet) == LENGTH;
}
