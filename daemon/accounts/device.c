/* The rows of devices. */
#include "accounts/device.h"
#include "language.h"

#include "accounts/account.h"
#include "accounts/domain.h"
#include "mail/address.h"

#include <string.h>

#define LIST_MAX 4096

void
device_free (Device *self)
{
  g_free (self->senders);
  g_free (self->recipients);
  g_free (self);
}

static char *
normalize (const char *word)
{
  if (strcmp (word, "*") == 0)
    return g_strdup (word);
  return strchr (word, '@') ? address_normalize (word) : domain_normalize (word);
}

/* The words of TEXT as they are compared; NULL with ERROR. */
static char *
prepare_list (const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " ,\t", -1);
  g_autoptr (GString) list = g_string_new (NULL);

  for (guint i = 0; words[i]; i++) {
    g_autofree char *word = *words[i] ? normalize (words[i]) : NULL;
    if (*words[i] && word == NULL) {
      g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                   _ ("\"%s\" is neither an address nor a domain"), words[i]);
      return NULL;
    }
    if (word)
      g_string_append_printf (list, "%s%s", list->len ? " " : "", word);
  }
  if (list->len <= LIST_MAX)
    return g_strdup (list->str);
  g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("The list is longer than %d bytes"),
               LIST_MAX);
  return NULL;
}

static gboolean
check_senders (Database *database, const char *senders, GError **error)
{
  g_auto (GStrv) words = g_strsplit (senders, " ", -1);

  for (guint i = 0; words[i]; i++) {
    const char *domain = address_domain (words[i]);
    if (domain == NULL) {
      g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("\"%s\" is not an address"), words[i]);
      return FALSE;
    }
    if (domain_find (database, domain, error) == 0)
      return FALSE;
  }
  return TRUE;
}

gboolean
device_set (StoreTransaction *transaction, const char *address, const char *senders,
            const char *recipients, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, address, error);
  g_autofree char *from = account ? prepare_list (senders, error) : NULL;
  g_autofree char *to = from ? prepare_list (recipients, error) : NULL;

  if (to == NULL || !check_senders (database, from, error))
    return FALSE;
  if (account->admin_role != ADMIN_NOTHING || account->role) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID,
                 _ ("%s is an administrator or a role: make a user for the device"), address);
    return FALSE;
  }
  return database_run (database, error,
                       "INSERT OR REPLACE INTO device (account, senders, recipients)"
                       " VALUES (?1, ?2, ?3)",
                       "itt", account->id, from, to);
}

gboolean
device_clear (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, address, error);

  return account
      && database_run (database, error, "DELETE FROM device WHERE account = ?1", "i", account->id);
}

Device *
device_find (Database *database, gint64 account, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Device *device = NULL;
  Statement *row = database_query (
      database, error, "SELECT senders, recipients FROM device WHERE account = ?1", "i", account);

  if (row == NULL)
    return NULL;
  if (statement_next (row, &failure)) {
    device = g_new (Device, 1);
    *device = (Device) { g_strdup (statement_text (row, 0)), g_strdup (statement_text (row, 1)) };
    statement_done (row);
  }
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return device;
}

static gboolean
lists (const char *list, const char *word)
{
  g_auto (GStrv) words = g_strsplit (list, " ", -1);

  return g_strv_contains ((const char *const *)words, word);
}

gboolean
device_lists_sender (const Device *self, const char *address)
{
  g_autofree char *normalized = address_normalize (address);

  return normalized && lists (self->senders, normalized);
}

/* An address without a domain is postmaster's. */
gboolean
device_may_send_to (Database *database, const Device *self, const char *recipient)
{
  g_autofree char *normalized = address_normalize (recipient);
  const char *domain = normalized ? address_domain (normalized) : NULL;

  if (domain == NULL)
    return *self->recipients == '\0';
  if (*self->recipients == '\0')
    return domain_find (database, domain, NULL) != 0;
  return lists (self->recipients, "*") || lists (self->recipients, normalized)
      || lists (self->recipients, domain);
}
