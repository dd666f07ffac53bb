/* The rows of greylisting. */
#include "policy/greylist.h"
#include <string.h>

GreylistMail *
greylist_mail_new (guint64 network, const char *sender, const char *recipient)
{
  GreylistMail *self = g_new (GreylistMail, 1);

  *self = (GreylistMail) { network, g_strdup (sender), g_strdup (recipient) };
  return self;
}

void
greylist_mail_free (GreylistMail *self)
{
  g_free (self->sender);
  g_free (self->recipient);
  g_free (self);
}

/* Addresses are as long as they like, and nobody's business: a number of eight bytes stands for
 * both. */
static gint64
hash_of (const GreylistMail *mail)
{
  g_autofree char *sender = g_ascii_strdown (mail->sender, -1);
  g_autofree char *recipient = g_ascii_strdown (mail->recipient, -1);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  gint64 hash;

  g_checksum_update (checksum, (const guint8 *)sender, (gssize)strlen (sender) + 1);
  g_checksum_update (checksum, (const guint8 *)recipient, (gssize)strlen (recipient));
  g_checksum_get_digest (checksum, digest, &length);
  memcpy (&hash, digest, sizeof hash);
  return hash;
}

gboolean
greylist_find (Database *database, const GreylistMail *mail, gint64 now, gint64 *first,
               GError **error)
{
  GError *failure = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT first FROM greylist WHERE network = ?1 AND hash = ?2"
                        " AND first > ?3",
                        "iii", (gint64)mail->network, hash_of (mail), now - GREYLIST_SECONDS);

  if (row == NULL)
    return FALSE;
  *first = statement_next (row, &failure) ? statement_int (row, 0) : 0;
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

/* To count the rows each time would cost more than they do. */
static gboolean
trim (Database *database, gint64 hash, GError **error)
{
  return hash % 256 != 0
      || database_run (database, error,
                       "DELETE FROM greylist WHERE first <= (SELECT first FROM greylist"
                       " ORDER BY first DESC LIMIT 1 OFFSET ?1)",
                       "i", (gint64)GREYLIST_MAX);
}

gboolean
greylist_add (StoreTransaction *transaction, const GreylistMail *mail, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  const gint64 hash = hash_of (mail);

  return database_run (database, error, "DELETE FROM greylist WHERE first <= ?1", "i",
                       now - GREYLIST_SECONDS)
      && database_run (database, error,
                       "INSERT OR IGNORE INTO greylist (network, hash, first) VALUES (?1, ?2, ?3)",
                       "iii", (gint64)mail->network, hash, now)
      && trim (database, hash, error);
}
