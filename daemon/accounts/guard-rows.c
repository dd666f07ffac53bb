/* The rows of bans and of good addresses. */
#include "accounts/guard-rows.h"

#include "net/network.h"

#define DAY G_GINT64_CONSTANT (86400)
#define BAN_DAYS 30 /* an older one does not make the next one longer */
#define GOOD_DAYS 366 /* more than SETTING_GOOD_ADDRESS_TIME can ask for */

GuardRows *
guard_rows_new (void)
{
  GuardRows *self = g_new (GuardRows, 1);

  self->bans = g_array_new (FALSE, FALSE, sizeof (Ban));
  self->lifted = g_array_new (FALSE, FALSE, sizeof (guint64));
  self->good = g_array_new (FALSE, FALSE, sizeof (GoodAddress));
  return self;
}

void
guard_rows_free (GuardRows *self)
{
  g_array_unref (self->bans);
  g_array_unref (self->lifted);
  g_array_unref (self->good);
  g_free (self);
}

static gboolean
read_bans (Database *database, GuardRows *rows, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error, "SELECT address, since, until, times FROM ban ORDER BY since", "");
  Ban ban;

  if (row == NULL)
    return FALSE;
  while (statement_next (row, &failure)) {
    if (!network_parse (statement_text (row, 0), &ban.network))
      continue;
    ban.since = statement_int (row, 1);
    ban.until = statement_int (row, 2);
    ban.times = statement_int (row, 3);
    g_array_append_val (rows->bans, ban);
  }
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

static gboolean
read_good (Database *database, GuardRows *rows, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT address, seen FROM good_address ORDER BY seen", "");
  GoodAddress good;

  if (row == NULL)
    return FALSE;
  while (statement_next (row, &failure)) {
    if (!network_parse (statement_text (row, 0), &good.network))
      continue;
    good.seen = statement_int (row, 1);
    g_array_append_val (rows->good, good);
  }
  if (failure)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
guard_rows_read (Database *database, GuardRows *rows, GError **error)
{
  return read_bans (database, rows, error) && read_good (database, rows, error);
}

static gboolean
write_ban (Database *database, const Ban *ban, GError **error)
{
  g_autofree char *address = network_print (ban->network);

  return database_run (database, error,
                       "INSERT OR REPLACE INTO ban (address, since, until, times)"
                       " VALUES (?1, ?2, ?3, ?4)",
                       "tiii", address, ban->since, ban->until, ban->times);
}

static gboolean
lift_ban (Database *database, guint64 network, GError **error)
{
  g_autofree char *address = network_print (network);

  return database_run (database, error, "DELETE FROM ban WHERE address = ?1", "t", address);
}

static gboolean
write_good (Database *database, const GoodAddress *good, GError **error)
{
  g_autofree char *address = network_print (good->network);

  return database_run (database, error,
                       "INSERT OR REPLACE INTO good_address (address, seen) VALUES (?1, ?2)", "ti",
                       address, good->seen);
}

gboolean
guard_rows_write (StoreTransaction *transaction, const GuardRows *rows, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  gboolean done = TRUE;

  for (guint i = 0; done && i < rows->lifted->len; i++)
    done = lift_ban (database, g_array_index (rows->lifted, guint64, i), error);
  for (guint i = 0; done && i < rows->bans->len; i++)
    done = write_ban (database, &g_array_index (rows->bans, Ban, i), error);
  for (guint i = 0; done && i < rows->good->len; i++)
    done = write_good (database, &g_array_index (rows->good, GoodAddress, i), error);
  return done
      && database_run (database, error, "DELETE FROM ban WHERE until < ?1", "i",
                       now - BAN_DAYS * DAY)
      && database_run (database, error, "DELETE FROM good_address WHERE seen < ?1", "i",
                       now - GOOD_DAYS * DAY);
}
