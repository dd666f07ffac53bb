/* Counts minute by minute. Of a domain the rows have its id below zero. */
#include "accounts/rates.h"
#include "language.h"

#include "mail/address.h"
#include "settings.h"

#define MINUTE 60
#define HOUR G_GINT64_CONSTANT (3600)
#define DAY (24 * HOUR)

static gboolean
require_change (Database *database, const char *sentence, const char *name, GError **error)
{
  if (database_changes (database) > 0)
    return TRUE;
  g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, sentence, name);
  return FALSE;
}

static gboolean
check (const Rate *rate, GError **error)
{
  if (rate->hour >= RATE_AS_SET && rate->day >= RATE_AS_SET)
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                       _ ("A rate is a number of recipients; 0 means any number"));
  return FALSE;
}

gboolean
rate_set_user (StoreTransaction *transaction, const char *address, const Rate *rate, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = address_normalize (address);

  return check (rate, error)
      && database_run (database, error,
                       "UPDATE account SET hour_rate = ?2, day_rate = ?3 WHERE address = ?1", "tii",
                       normalized, rate->hour, rate->day)
      && require_change (database, _ ("There is no user %s"), address, error);
}

gboolean
rate_set_domain (StoreTransaction *transaction, const char *name, const Rate *rate, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *normalized = domain_normalize (name);

  return check (rate, error)
      && database_run (database, error,
                       "UPDATE domain SET hour_rate = ?2, day_rate = ?3 WHERE name = ?1", "tii",
                       normalized, rate->hour, rate->day)
      && require_change (database, _ ("There is no domain %s"), name, error);
}

/* The one row of STATEMENT, whose first two columns are a rate. */
static gboolean
read_rate (Statement *row, Rate *rate, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *rate = (Rate) { RATE_AS_SET, RATE_AS_SET };
  if (row == NULL)
    return FALSE;
  if (statement_next (row, &failure)) {
    *rate = (Rate) { statement_int (row, 0), statement_int (row, 1) };
    statement_done (row);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
rate_of_user (Database *database, const char *address, Rate *rate, GError **error)
{
  return read_rate (database_query (database, error,
                                    "SELECT hour_rate, day_rate FROM account WHERE address = ?1",
                                    "t", address),
                    rate, error);
}

gboolean
rate_of_domain (Database *database, const char *name, Rate *rate, GError **error)
{
  return read_rate (database_query (database, error,
                                    "SELECT hour_rate, day_rate FROM domain WHERE name = ?1", "t",
                                    name),
                    rate, error);
}

/* The rates of an account and of its domain, and what was sent. */
typedef struct {
  gint64 domain;
  Rate user, all;
} Limits;

static gboolean
read_limits (Database *database, gint64 account, Limits *limits, GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (database, error,
                        "SELECT d.id, a.hour_rate, a.day_rate, d.hour_rate, d.day_rate"
                        " FROM account a JOIN domain d ON d.id = a.domain WHERE a.id = ?1",
                        "i", account);

  *limits = (Limits) { 0, { RATE_AS_SET, RATE_AS_SET }, { RATE_AS_SET, RATE_AS_SET } };
  if (row == NULL)
    return FALSE;
  if (statement_next (row, &failure)) {
    *limits = (Limits) { statement_int (row, 0),
                         { statement_int (row, 1), statement_int (row, 2) },
                         { statement_int (row, 3), statement_int (row, 4) } };
    statement_done (row);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* Within the hour and the 24 hours before NOW. */
static gboolean
read_sent (Database *database, gint64 account, gint64 now, Rate *sent, GError **error)
{
  return read_rate (
      database_query (database, error,
                      "SELECT coalesce (sum (recipients) FILTER (WHERE minute > ?2), 0),"
                      " coalesce (sum (recipients), 0) FROM sent WHERE account = ?1 AND minute > "
                      "?3",
                      "iii", account, now - HOUR, now - DAY),
      sent, error);
}

static void
narrow (RateRoom *room, RateKind kind, gint64 most, gint64 sent)
{
  const gint64 left = MAX (most - sent, 0);

  if (most != RATE_ANY && left < room->left)
    *room = (RateRoom) { left, kind, most };
}

static gint64
value_of (gint64 own, Setting setting)
{
  return own == RATE_AS_SET ? setting_number (setting) : own;
}

gboolean
rate_room (Database *database, gint64 account, gint64 now, RateRoom *room, GError **error)
{
  Limits limits;
  Rate user, all;

  *room = (RateRoom) { .left = G_MAXINT64 };
  if (!read_limits (database, account, &limits, error)
      || !read_sent (database, account, now, &user, error)
      || !read_sent (database, -limits.domain, now, &all, error))
    return FALSE;
  narrow (room, RATE_USER_HOUR, value_of (limits.user.hour, SETTING_USER_HOUR_RATE), user.hour);
  narrow (room, RATE_USER_DAY, value_of (limits.user.day, SETTING_USER_DAY_RATE), user.day);
  narrow (room, RATE_DOMAIN_HOUR, value_of (limits.all.hour, SETTING_DOMAIN_HOUR_RATE), all.hour);
  narrow (room, RATE_DOMAIN_DAY, value_of (limits.all.day, SETTING_DOMAIN_DAY_RATE), all.day);
  return TRUE;
}

gboolean
rate_count (StoreTransaction *transaction, gint64 account, gint64 recipients, gint64 outside,
            gint64 fresh, gint64 bounced, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  if (!database_run (database, error,
                     "INSERT INTO sent (account, minute, recipients, outside, fresh, bounced)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account, minute, settled)"
                     " DO UPDATE SET recipients = recipients + ?3, outside = outside + ?4,"
                     " fresh = fresh + ?5, bounced = bounced + ?6",
                     "iiiiii", account, now - now % MINUTE, recipients, outside, fresh, bounced))
    return FALSE;
  return recipients == 0
      || database_run (database, error,
                       "INSERT INTO sent (account, minute, recipients)"
                       " SELECT -domain, ?2, ?3 FROM account WHERE id = ?1"
                       " ON CONFLICT (account, minute, settled)"
                       " DO UPDATE SET recipients = recipients + ?3",
                       "iii", account, now - now % MINUTE, recipients);
}
