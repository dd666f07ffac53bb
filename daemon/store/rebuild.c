/* Makes store.db anew from what the records in the segments say of themselves. Three walks: the
 * messages with their places, the places of big messages, then what found no place. The new
 * database is built beside the old one's name and takes it when it is whole. */
#include "store/check-parts.h"
#include "language.h"
#include "store/scan.h"
#include "store/schema.h"

#define RECOVERED "Recovered"
#define OWN_FROM (1024 * 1024)

typedef struct {
  const char *folder;
  Segments *segments;
  Database *database;
  CheckReport *report;
  CheckProgress progress;
  gpointer data;
  guint64 done, total; /* segments, over all walks */
  guint64 segment; /* that is walked through */
  gint64 now;
} Rebuild;

/* One number that a query gives; 0 when it gives none. */
static gboolean
find_number (Rebuild *self, gint64 *number, GError **error, Statement *row)
{
  g_autoptr (GError) failure = NULL;

  *number = 0;
  if (!row)
    return FALSE;
  if (statement_next (row, &failure)) {
    *number = statement_int (row, 0);
    statement_done (row);
  }
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
find_account (Rebuild *self, const char *address, gint64 *account, GError **error)
{
  const char *at = strrchr (address, '@');
  const char *domain = at ? at + 1 : "";

  return database_run (self->database, error, "INSERT OR IGNORE INTO domain (name) VALUES (?1)",
                       "t", domain)
      && database_run (self->database, error,
                       "INSERT OR IGNORE INTO account (address, domain)"
                       " SELECT ?1, id FROM domain WHERE name = ?2",
                       "tt", address, domain)
      && find_number (self, account, error,
                      database_query (self->database, error,
                                      "SELECT id FROM account WHERE address = ?1", "t", address));
}

static gboolean
find_mailbox (Rebuild *self, gint64 account, const char *name, gint64 *mailbox, GError **error)
{
  if (!find_number (self, mailbox, error,
                    database_query (self->database, error,
                                    "SELECT id FROM mailbox WHERE account = ?1 AND name = ?2", "it",
                                    account, name)))
    return FALSE;
  if (*mailbox != 0)
    return TRUE;
  if (!database_run (self->database, error,
                     "UPDATE counter SET value = value + 1 WHERE name = 'uid_validity'", "")
      || !database_run (self->database, error,
                        "INSERT INTO mailbox (account, name, uid_validity) SELECT ?1, ?2, value"
                        " FROM counter WHERE name = 'uid_validity'",
                        "it", account, name))
    return FALSE;
  *mailbox = database_last_id (self->database);
  return database_run (self->database, error,
                       "INSERT OR IGNORE INTO subscription (account, name) VALUES (?1, ?2)", "it",
                       account, name);
}

/* The bit that NAME has in the mailbox now; none when all are used. */
static gboolean
find_keyword (Rebuild *self, gint64 mailbox, const char *name, guint64 *flags, GError **error)
{
  gint64 number;

  if (!database_run (self->database, error,
                     "INSERT OR IGNORE INTO keyword (mailbox, number, name)"
                     " SELECT ?1, count (*), ?2 FROM keyword WHERE mailbox = ?1"
                     " HAVING count (*) < ?3",
                     "iti", mailbox, name, (gint64)KEYWORDS_MAX)
      || !find_number (self, &number, error,
                       database_query (self->database, error,
                                       "SELECT number + 1 FROM keyword"
                                       " WHERE mailbox = ?1 AND name = ?2",
                                       "it", mailbox, name)))
    return FALSE;
  if (number > 0)
    *flags |= G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + number - 1);
  return TRUE;
}

static gboolean
translate_flags (Rebuild *self, gint64 mailbox, const RecordPlace *place, guint64 *flags,
                 GError **error)
{
  *flags = place->flags & ((G_GUINT64_CONSTANT (1) << FLAG_KEYWORD_FIRST) - 1);
  for (guint i = 0; place->keywords && place->keywords[i] && i < KEYWORDS_MAX; i++)
    if ((place->flags >> (FLAG_KEYWORD_FIRST + i) & 1) != 0 && place->keywords[i][0] != '\0'
        && !find_keyword (self, mailbox, place->keywords[i], flags, error))
      return FALSE;
  return TRUE;
}

/* Its old UID, which keeps the order, unless another mail has it (a name that was used twice). */
static gboolean
choose_uid (Rebuild *self, gint64 mailbox, guint32 wanted, gint64 *uid, GError **error)
{
  gint64 taken;

  if (!find_number (self, &taken, error,
                    database_query (self->database, error,
                                    "SELECT count (*) FROM entry WHERE mailbox = ?1 AND uid = ?2",
                                    "ii", mailbox, (gint64)wanted)))
    return FALSE;
  *uid = wanted;
  return (wanted != 0 && taken == 0)
      || find_number (self, uid, error,
                      database_query (self->database, error,
                                      "SELECT coalesce (max (uid), 0) + 1 FROM entry"
                                      " WHERE mailbox = ?1",
                                      "i", mailbox));
}

static gboolean
add_entry (Rebuild *self, gint64 message, guint64 size, const RecordPlace *place, GError **error)
{
  gint64 account, mailbox, uid;
  guint64 flags;

  if (place->account[0] == '\0' || place->mailbox[0] == '\0')
    return TRUE; /* was deleted when the record was written */
  if (!find_account (self, place->account, &account, error)
      || !find_mailbox (self, account, place->mailbox, &mailbox, error)
      || !translate_flags (self, mailbox, place, &flags, error)
      || !choose_uid (self, mailbox, place->uid, &uid, error))
    return FALSE;
  self->report->entries++;
  return database_run (self->database, error,
                       "INSERT INTO entry (mailbox, uid, message, flags, modseq, date, zone, size,"
                       " save_date) VALUES (?1, ?2, ?3, ?4, 2, ?5, ?6, ?7, ?8)",
                       "iiiiiiii", mailbox, uid, message, (gint64)flags, place->date,
                       (gint64)place->zone, (gint64)size, self->now);
}

static gboolean
add_places (Rebuild *self, gint64 message, const Record *record, GError **error)
{
  for (guint i = 0; i < record->places->len; i++)
    if (!add_entry (self, message, record->size, record->places->pdata[i], error))
      return FALSE;
  return TRUE;
}

typedef gboolean (*Visit) (Rebuild *self, Scan *scan, const Record *record, guint64 offset,
                           GError **error);

static gboolean
visit_message (Rebuild *self, Scan *scan, const Record *record, guint64 offset, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;

  if (record->kind != RECORD_MESSAGE)
    return TRUE;
  bytes = scan_message (scan, NULL);
  if (!bytes) {
    check_report_add (self->report,
                      "Lost: a message of %" G_GUINT64_FORMAT " bytes in segment %" G_GUINT64_FORMAT
                      " at %" G_GUINT64_FORMAT " is damaged",
                      record->size, self->segment, offset);
    return TRUE;
  }
  if (!database_run (self->database, error,
                     "INSERT INTO message (segment, offset, length, size, digest)"
                     " VALUES (?1, ?2, ?3, ?4, ?5)",
                     "iiiis", (gint64)self->segment, (gint64)offset, (gint64)record->length,
                     (gint64)record->size, (const void *)record->digest, sizeof record->digest))
    return FALSE;
  self->report->messages++;
  self->report->bytes += record->size;
  return add_places (self, database_last_id (self->database), record, error);
}

static gboolean
find_message (Rebuild *self, guint64 segment, guint64 offset, gint64 *message, GError **error)
{
  return find_number (self, message, error,
                      database_query (self->database, error,
                                      "SELECT id FROM message WHERE segment = ?1 AND offset = ?2",
                                      "ii", (gint64)segment, (gint64)offset));
}

static gboolean
visit_places (Rebuild *self, Scan *scan, const Record *record, guint64 offset, GError **error)
{
  gint64 message;

  if (record->kind != RECORD_PLACES)
    return TRUE;
  return find_message (self, record->elsewhere_segment, record->elsewhere_offset, &message, error)
      && (message == 0 || add_places (self, message, record, error));
}

/* Where its envelope sent it to, as far as those accounts are known. */
static gboolean
visit_unplaced (Rebuild *self, Scan *scan, const Record *record, guint64 offset, GError **error)
{
  gint64 message, entries, account;

  if (record->kind != RECORD_MESSAGE)
    return TRUE;
  if (!find_message (self, self->segment, offset, &message, error)
      || !find_number (self, &entries, error,
                       database_query (self->database, error,
                                       "SELECT count (*) FROM entry WHERE message = ?1", "i",
                                       message)))
    return FALSE;
  for (guint i = 0; message != 0 && entries == 0 && record->recipients && record->recipients[i];
       i++) {
    RecordPlace place = { .account = record->recipients[i],
                          .mailbox = (char *)RECOVERED,
                          .date = record->written };
    if (!find_number (self, &account, error,
                      database_query (self->database, error,
                                      "SELECT id FROM account WHERE address = ?1", "t",
                                      place.account))
        || (account != 0 && !add_entry (self, message, record->size, &place, error)))
      return FALSE;
  }
  return TRUE;
}

static gboolean
walk_segment (Rebuild *self, Visit visit, GError **error)
{
  g_autofree char *path = segments_path (self->segments, self->segment);
  g_autoptr (Scan) scan = scan_new (path, error);
  const Record *record;
  guint64 offset;

  if (!scan)
    return FALSE;
  while ((record = scan_next (scan, &offset)))
    if (!visit (self, scan, record, offset, error))
      return FALSE;
  if (visit == visit_message && scan_damaged (scan) > 0)
    check_report_add (self->report,
                      "Segment %" G_GUINT64_FORMAT " has %" G_GUINT64_FORMAT
                      " bytes that are no sound record",
                      self->segment, scan_damaged (scan));
  return TRUE;
}

static gboolean
add_segment (Rebuild *self, GError **error)
{
  guint64 size;

  self->report->segments++;
  return segments_measure (self->segments, self->segment, &size, error)
      && database_run (self->database, error,
                       "INSERT INTO segment (number, size, own) VALUES (?1, ?2,"
                       " EXISTS (SELECT 1 FROM message WHERE segment = ?1 AND size > ?3))",
                       "iii", (gint64)self->segment, (gint64)size, (gint64)OWN_FROM);
}

static gboolean
walk_all (Rebuild *self, GArray *numbers, Visit visit, GError **error)
{
  for (guint i = 0; i < numbers->len; i++) {
    self->segment = g_array_index (numbers, guint64, i);
    if (!database_run (self->database, error, "BEGIN", "") || !walk_segment (self, visit, error)
        || (visit == visit_message && !add_segment (self, error))
        || !database_run (self->database, error, "COMMIT", ""))
      return FALSE;
    self->done++;
    if (self->progress && !self->progress (self->done, self->total, self->data)) {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _ ("It was cancelled."));
      return FALSE;
    }
  }
  return TRUE;
}

static const char finish[]
    = "BEGIN;"
      "UPDATE mailbox SET messages = (SELECT count (*) FROM entry WHERE mailbox = id),"
      " unseen = (SELECT count (*) FROM entry WHERE mailbox = id AND flags & 8 = 0),"
      " size = (SELECT coalesce (sum (e.size), 0) FROM entry e WHERE e.mailbox = mailbox.id),"
      " marked = (SELECT count (*) FROM entry WHERE mailbox = id AND flags & 4),"
      " marked_size = (SELECT coalesce (sum (e.size), 0) FROM entry e WHERE e.mailbox = mailbox.id"
      " AND e.flags & 4),"
      " uid_next = (SELECT coalesce (max (uid), 0) + 1 FROM entry WHERE mailbox = id),"
      " modseq = 2, recent_from = 1;"
      "UPDATE account SET used"
      " = (SELECT coalesce (sum (size), 0) FROM mailbox WHERE account = account.id);"
      "COMMIT;";

/* Greater than any UIDVALIDITY that a client may remember: those count up from 1 for each mailbox,
 * the clock in seconds is far beyond. */
static gboolean
set_counter (Rebuild *self, GError **error)
{
  return database_run (self->database, error,
                       "UPDATE counter SET value = max (value, ?1) WHERE name = 'uid_validity'",
                       "i", self->now);
}

static gboolean
fill_database (Rebuild *self, GError **error)
{
  static const Visit walks[] = { visit_message, visit_places, visit_unplaced };
  g_autoptr (GArray) numbers = segments_list (self->segments, error);

  if (!numbers || !set_counter (self, error))
    return FALSE;
  self->total = (guint64)numbers->len * G_N_ELEMENTS (walks);
  for (guint i = 0; i < G_N_ELEMENTS (walks); i++)
    if (!walk_all (self, numbers, walks[i], error))
      return FALSE;
  return database_execute (self->database, finish, error)
      && database_execute (self->database, "PRAGMA wal_checkpoint(TRUNCATE)", error);
}

static gboolean
remove_if_there (const char *path, const char *suffix, GError **error)
{
  g_autofree char *whole = g_strconcat (path, suffix, NULL);

  return !file_exists (whole) || file_remove (whole, error);
}

/* The WAL goes along: with another database of the same name it would be poison. */
static gboolean
set_aside (const char *path, GError **error)
{
  g_autofree char *aside = NULL;
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);

  for (guint i = 1; aside == NULL || file_exists (aside); i++) {
    g_free (aside);
    aside = g_strdup_printf ("%s.broken-%u", path, i);
  }
  g_autofree char *wal_aside = g_strconcat (aside, "-wal", NULL);
  return (!file_exists (path) || file_publish (path, aside, error))
      && (!file_exists (wal) || file_publish (wal, wal_aside, error))
      && remove_if_there (path, "-shm", error);
}

static gboolean
build_beside (Rebuild *self, const char *path, GError **error)
{
  static const char *const suffixes[] = { "", "-wal", "-shm" };
  g_autoptr (Database) database = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    if (!remove_if_there (path, suffixes[i], error))
      return FALSE;
  database = database_open (path, DATABASE_WRITE, error);
  self->database = database;
  return database && schema_migrate (database, path, &schema_current, error)
      && fill_database (self, error);
}

CheckReport *
store_rebuild (const char *folder, CheckProgress progress, gpointer data, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "store.db", NULL);
  g_autofree char *beside = g_strconcat (path, ".new", NULL);
  g_autofree char *segments_folder = g_build_filename (folder, "segments", NULL);
  g_autoptr (CheckReport) report = check_report_new ();
  g_autoptr (File) lock = store_lock_folder (folder, error);
  g_autoptr (Segments) segments = lock ? segments_open (segments_folder, 0, error) : NULL;
  Rebuild self = { .folder = folder,
                   .segments = segments,
                   .report = report,
                   .progress = progress,
                   .data = data,
                   .now = g_get_real_time () / G_USEC_PER_SEC };

  if (!segments || !build_beside (&self, beside, error) || !set_aside (path, error)
      || !file_publish (beside, path, error))
    return NULL;
  return g_steal_pointer (&report);
}
