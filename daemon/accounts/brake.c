/* Holds what a user sends against what is usual for this user. */
#include "accounts/brake.h"
#include "language.h"

#include "accounts/rates.h"
#include "mail/address.h"
#include "metrics.h"
#include "settings.h"

#include <string.h>

#define HOUR G_GINT64_CONSTANT (3600)
#define DAY (24 * HOUR)
#define KEPT (31 * DAY) /* what is usual */
#define REMEMBERED (400 * DAY) /* to whom a user has written */
#define FACTOR 3 /* times the most of an hour is still usual */

static const char *const reason_names[BRAKE_REASON_COUNT]
    = { "by-hand", "recipients", "new-recipients", "bounces" };

void
braked_free (Braked *self)
{
  g_free (self->address);
  g_free (self);
}

const char *
brake_reason_name (BrakeReason reason)
{
  return (guint)reason < BRAKE_REASON_COUNT ? reason_names[reason] : "unknown";
}

/* The one number that SQL (?1: ACCOUNT, ?2: NUMBER) gives; 0: it gives no row. */
static gboolean
read_number (Database *database, const char *sql, gint64 account, gint64 number, gint64 *value,
             GError **error)
{
  g_autoptr (GError) failure = NULL;
  Statement *row = database_query (database, error, sql, "ii", account, number);

  *value = 0;
  if (row == NULL)
    return FALSE;
  if (statement_next (row, &failure)) {
    *value = statement_int (row, 0);
    statement_done (row);
  }
  if (failure == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gint64
hash_of (const char *address)
{
  g_autofree char *normalized = address_normalize (address);
  const char *text = normalized ? normalized : address;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  gint64 hash;

  g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text));
  g_checksum_get_digest (checksum, digest, &length);
  memcpy (&hash, digest, sizeof hash);
  return hash & G_MAXINT64;
}

/* Remembers each of OUTSIDE; *FRESH: how many were new. */
static gboolean
meet (StoreTransaction *transaction, gint64 account, const GPtrArray *outside, gint64 *fresh,
      GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);

  *fresh = 0;
  for (guint i = 0; i < outside->len; i++) {
    const gint64 hash = hash_of (outside->pdata[i]);
    gint64 is_known;
    if (!read_number (database, "SELECT 1 FROM correspondent WHERE account = ?1 AND hash = ?2",
                      account, hash, &is_known, error)
        || !database_run (database, error,
                          "INSERT INTO correspondent (account, hash, seen) VALUES (?1, ?2, ?3)"
                          " ON CONFLICT (account, hash) DO UPDATE SET seen = ?3 WHERE seen < ?4",
                          "iiii", account, hash, now, now - DAY))
      return FALSE;
    *fresh += !is_known;
  }
  return TRUE;
}

/* A user's row, and once a day the end of what is too old. */
static gboolean
prepare (StoreTransaction *transaction, gint64 account, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  gint64 is_tidy;

  if (!read_number (database, "SELECT 1 FROM sender WHERE account = ?1 AND tidied > ?2", account,
                    now - DAY, &is_tidy, error))
    return FALSE;
  return is_tidy
      || (database_run (database, error,
                        "INSERT INTO sender (account, since, tidied) VALUES (?1, ?2, ?2)"
                        " ON CONFLICT (account) DO UPDATE SET tidied = ?2",
                        "ii", account, now)
          && database_run (database, error,
                           "DELETE FROM sent WHERE minute < ?2 AND (account = ?1 OR account ="
                           " (SELECT -domain FROM account WHERE id = ?1))",
                           "ii", account, now - KEPT)
          && database_run (database, error,
                           "DELETE FROM correspondent WHERE account = ?1 AND seen < ?2", "ii",
                           account, now - REMEMBERED));
}

/* What can trip the brake. Rows that an administrator has released are usual, and those of the last
 * day are not yet. ?2: an hour or a day ago. */
#define IN_AN_HOUR(column)                                                                         \
  "SELECT coalesce (sum (" column "), 0) FROM sent"                                                \
  " WHERE account = ?1 AND minute > ?2 AND settled = 0"
#define AT_MOST(column)                                                                            \
  "SELECT coalesce (max (total), 0) FROM (SELECT sum (" column ") AS total FROM sent"              \
  " WHERE account = ?1 AND (settled = 1 OR minute <= ?2) GROUP BY minute / 3600)"

static const struct {
  BrakeReason reason;
  Setting floor;
  gboolean is_calm; /* does not count in a user's first days */
  const char *now, *usual;
} alarms[] = {
  { BRAKE_BY_BOUNCES, SETTING_BRAKE_BOUNCES, FALSE, IN_AN_HOUR ("bounced"), AT_MOST ("bounced") },
  { BRAKE_BY_NEW_RECIPIENTS, SETTING_BRAKE_NEW_RECIPIENTS, TRUE, IN_AN_HOUR ("fresh"),
    AT_MOST ("fresh") },
  { BRAKE_BY_RECIPIENTS, SETTING_BRAKE_RECIPIENTS, FALSE, IN_AN_HOUR ("outside"),
    AT_MOST ("outside") },
};

static gboolean
trip (StoreTransaction *transaction, gint64 account, BrakeReason reason, gint64 count, gint64 usual,
      GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "INSERT INTO sender (account, since, braked, reason, count, usual)"
                       " VALUES (?1, ?2, ?2, ?3, ?4, ?5) ON CONFLICT (account) DO UPDATE"
                       " SET braked = ?2, reason = ?3, count = ?4, usual = ?5, told = 0",
                       "iiiii", account, store_transaction_now (transaction), (gint64)reason, count,
                       usual);
}

/* Whether one of the alarms rings; what is usual is only looked at when the floor is passed. */
static gboolean
listen (StoreTransaction *transaction, gint64 account, BrakeState *state, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 now = store_transaction_now (transaction);
  gint64 since, count, usual;

  if (!read_number (database, "SELECT since FROM sender WHERE account = ?1 AND ?2 = 0", account, 0,
                    &since, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (alarms); i++) {
    const gint64 floor = setting_number (alarms[i].floor);
    if (alarms[i].is_calm && now - since < setting_number (SETTING_BRAKE_CALM_TIME))
      continue;
    if (!read_number (database, alarms[i].now, account, now - HOUR, &count, error))
      return FALSE;
    if (count <= floor)
      continue;
    if (!read_number (database, alarms[i].usual, account, now - DAY, &usual, error))
      return FALSE;
    if (count <= FACTOR * usual)
      continue;
    *state = BRAKE_TRIPPED;
    return trip (transaction, account, alarms[i].reason, count, usual, error);
  }
  return TRUE;
}

static gboolean
judge (StoreTransaction *transaction, gint64 account, BrakeState *state, GError **error)
{
  gboolean holds;

  *state = BRAKE_FREE;
  if (setting_number (SETTING_BRAKE) == BRAKE_OFF)
    return TRUE;
  if (!brake_holds (store_transaction_database (transaction), account, &holds, error))
    return FALSE;
  *state = holds ? BRAKE_HOLDS : BRAKE_FREE;
  return holds || listen (transaction, account, state, error);
}

gboolean
brake_note_mail (StoreTransaction *transaction, gint64 account, guint recipients,
                 const GPtrArray *outside, BrakeState *state, GError **error)
{
  gint64 fresh;

  return prepare (transaction, account, error)
      && meet (transaction, account, outside, &fresh, error)
      && rate_count (transaction, account, recipients, outside->len, fresh, 0, error)
      && judge (transaction, account, state, error);
}

gboolean
brake_note_bounces (StoreTransaction *transaction, gint64 account, guint count, BrakeState *state,
                    GError **error)
{
  gint64 is_there;

  *state = BRAKE_FREE;
  if (!read_number (store_transaction_database (transaction),
                    "SELECT 1 FROM account WHERE id = ?1 AND ?2 = 0", account, 0, &is_there, error))
    return FALSE;
  return !is_there /* the user was removed meanwhile */
      || (prepare (transaction, account, error)
          && rate_count (transaction, account, 0, 0, 0, count, error)
          && judge (transaction, account, state, error));
}

gboolean
brake_holds (Database *database, gint64 account, gboolean *holds, GError **error)
{
  gint64 braked;

  if (!read_number (database, "SELECT braked FROM sender WHERE account = ?1 AND braked > ?2",
                    account, 0, &braked, error))
    return FALSE;
  *holds = braked != 0;
  return TRUE;
}

/* The account ADDRESS; 0 with ERROR. */
static gint64
find_account (Database *database, const char *address, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  g_autoptr (GError) failure = NULL;
  gint64 id = 0;
  Statement *row = database_query (database, error, "SELECT id FROM account WHERE address = ?1",
                                   "t", normalized);

  if (row == NULL)
    return 0;
  if (statement_next (row, &failure)) {
    id = statement_int (row, 0);
    statement_done (row);
  } else if (failure == NULL)
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("There is no user %s"), address);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return id;
}

/* What was counted so far is usual from now on. */
static gboolean
settle (Database *database, gint64 account, GError **error)
{
  return database_run (database, error,
                       "INSERT INTO sent SELECT account, minute, 1, recipients, outside, fresh,"
                       " bounced FROM sent WHERE account = ?1 AND settled = 0"
                       " ON CONFLICT (account, minute, settled) DO UPDATE SET"
                       " recipients = recipients + excluded.recipients,"
                       " outside = outside + excluded.outside, fresh = fresh + excluded.fresh,"
                       " bounced = bounced + excluded.bounced",
                       "i", account)
      && database_run (database, error, "DELETE FROM sent WHERE account = ?1 AND settled = 0", "i",
                       account);
}

gboolean
brake_release (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Braked) braked = brake_find (database, address, error);

  return braked != NULL && settle (database, braked->account, error)
      && database_run (database, error, "UPDATE sender SET braked = 0 WHERE account = ?1", "i",
                       braked->account)
      && database_run (database, error, "UPDATE account SET locked = 0 WHERE id = ?1", "i",
                       braked->account);
}

gboolean
brake_lock (StoreTransaction *transaction, const char *address, GError **error)
{
  Database *database = store_transaction_database (transaction);
  const gint64 account = find_account (database, address, error);
  gboolean holds;

  return account != 0
      && database_run (database, error, "UPDATE account SET locked = 1 WHERE id = ?1", "i", account)
      && brake_holds (database, account, &holds, error)
      && (holds
          || (trip (transaction, account, BRAKE_BY_HAND, 0, 0, error)
              && brake_set_told (transaction, account, error)));
}

gboolean
brake_set_told (StoreTransaction *transaction, gint64 account, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE sender SET told = 1 WHERE account = ?1", "i", account);
}

#define BRAKED                                                                                     \
  "SELECT a.id, a.address, s.braked, s.reason, s.count, s.usual, a.locked, s.told"                 \
  " FROM sender s JOIN account a ON a.id = s.account WHERE s.braked > 0"

static Braked *
load (Statement *row)
{
  Braked *self = g_new (Braked, 1);

  *self = (Braked) { .account = statement_int (row, 0),
                     .address = g_strdup (statement_text (row, 1)),
                     .since = statement_int (row, 2),
                     .reason = (BrakeReason)statement_int (row, 3),
                     .count = statement_int (row, 4),
                     .usual = statement_int (row, 5),
                     .locked = statement_int (row, 6) != 0,
                     .told = statement_int (row, 7) != 0 };
  return self;
}

GPtrArray *
brake_list (Database *database, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify)braked_free);
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (database, error, BRAKED " ORDER BY s.braked DESC, a.address", "");

  if (row == NULL)
    return NULL;
  while (statement_next (row, &failure))
    g_ptr_array_add (list, load (row));
  if (failure) {
    g_propagate_error (error, g_steal_pointer (&failure));
    return NULL;
  }
  metric_set (METRIC_BRAKED, list->len);
  return g_steal_pointer (&list);
}

Braked *
brake_find (Database *database, const char *address, GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  g_autoptr (GError) failure = NULL;
  Braked *found = NULL;
  Statement *row = database_query (database, error, BRAKED " AND a.address = ?1", "t", normalized);

  if (row == NULL)
    return NULL;
  if (statement_next (row, &failure)) {
    found = load (row);
    statement_done (row);
  } else if (failure == NULL)
    g_set_error (&failure, STORE_ERROR, STORE_ERROR_NOT_FOUND, _ ("The brake does not hold %s"),
                 address);
  if (failure)
    g_propagate_error (error, g_steal_pointer (&failure));
  return found;
}
