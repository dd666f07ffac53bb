/* The rows of client certificates, and their fingerprints. */
#include "accounts/enrolled.h"
#include "language.h"

#include "accounts/credential.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

#define DIGITS 64

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)

void
enrolled_free (Enrolled *self)
{
  g_free (self->name);
  g_free (self->fingerprint);
  g_free (self->address);
  g_free (self);
}

GPtrArray *
enrolled_list (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)enrolled_free);
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT id, name, fingerprint, created, used, address"
                                   " FROM client_certificate WHERE account = ?1 ORDER BY name",
                                   "i", account);

  if (row == NULL)
    return NULL;
  while (statement_next (row, &failure)) {
    Enrolled *enrolled = g_new0 (Enrolled, 1);
    enrolled->id = statement_int (row, 0);
    enrolled->name = g_strdup (statement_text (row, 1));
    enrolled->fingerprint = g_strdup (statement_text (row, 2));
    enrolled->created = statement_int (row, 3);
    enrolled->used = statement_int (row, 4);
    enrolled->address = g_strdup (statement_text (row, 5));
    g_ptr_array_add (list, enrolled);
  }
  if (failure != NULL) {
    g_propagate_error (error, failure);
    return NULL;
  }
  return g_steal_pointer (&list);
}

gboolean
enrolled_add (StoreTransaction *transaction, gint64 account, const char *name,
              const char *fingerprint, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = enrolled_normalize (fingerprint);
  g_autoptr (GPtrArray) list = enrolled_list (database, account, error);
  GError *failure = NULL;

  if (list == NULL)
    return FALSE;
  if (normalized == NULL || !device_name_is_valid (name) || list->len >= ENROLLED_MAX) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 normalized == NULL ? _ ("A fingerprint is 64 hexadecimal digits (SHA-256).")
                     : list->len >= ENROLLED_MAX
                     ? _ ("A user has at most 50 certificates.")
                     : _ ("The device's name must have 1 to 100 bytes of text."));
    return FALSE;
  }
  if (database_run (database, &failure,
                    "INSERT INTO client_certificate (account, name, fingerprint, created)"
                    " VALUES (?1, ?2, ?3, ?4)",
                    "itti", account, name, normalized, store_transaction_now (transaction)))
    return TRUE;
  if (g_error_matches (failure, STORE_ERROR, STORE_ERROR_EXISTS)) {
    g_clear_error (&failure);
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_EXISTS,
                 _ ("There is a certificate “%s” already, or it is another user's"), name);
  }
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
enrolled_remove (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  Database *database = store_transaction_database (transaction);

  if (!database_run (database, error,
                     "DELETE FROM client_certificate WHERE account = ?1 AND name = ?2", "it",
                     account, name))
    return FALSE;
  if (database_changes (database) > 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no certificate “%s”"), name);
  return FALSE;
}

char *
enrolled_find (Database *database, const char *fingerprint, gint64 *id, gint64 *used,
               GError **error)
{
  GError *failure = NULL;
  char *address = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT a.address, c.id, c.used FROM client_certificate c"
                                   " JOIN account a ON a.id = c.account WHERE c.fingerprint = ?1",
                                   "t", fingerprint);

  if (row == NULL)
    return NULL;
  if (statement_next (row, &failure)) {
    address = g_strdup (statement_text (row, 0));
    *id = statement_int (row, 1);
    *used = statement_int (row, 2);
    statement_done (row);
  }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return address;
}

gboolean
enrolled_note_use (StoreTransaction *transaction, gint64 id, const char *address, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE client_certificate SET used = ?2, address = ?3 WHERE id = ?1", "iit",
                       id, store_transaction_now (transaction), address);
}

char *
enrolled_normalize (const char *fingerprint)
{
  GString *digits = g_string_sized_new (DIGITS);

  for (; *fingerprint != '\0' && digits->len <= DIGITS; fingerprint++)
    if (g_ascii_isxdigit (*fingerprint))
      g_string_append_c (digits, g_ascii_tolower (*fingerprint));
    else if (*fingerprint != ':' && *fingerprint != ' ')
      break;
  return g_string_free (digits, *fingerprint != '\0' || digits->len != DIGITS);
}

char *
enrolled_read_pem (const char *pem, GError **error)
{
  g_autoptr (BIO) bio = BIO_new_mem_buf (pem, -1);
  g_autoptr (X509) certificate = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  GString *digits;
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;

  ERR_clear_error ();
  if (certificate == NULL || X509_digest (certificate, EVP_sha256 (), digest, &length) != 1) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         _ ("That is no certificate in PEM form"));
    return NULL;
  }
  digits = g_string_sized_new (DIGITS);
  for (guint i = 0; i < length; i++)
    g_string_append_printf (digits, "%02x", digest[i]);
  return g_string_free (digits, FALSE);
}
