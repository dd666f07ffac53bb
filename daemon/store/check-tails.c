/* The salvage: messages that are complete in a tail kept aside and unknown to the database. They
 * were never acknowledged, unless a WAL was lost; a repair delivers them where their record says,
 * and a mail that its sender sent again after all is not doubled. */
#include "store/check-parts.h"
#include "store/message.h"
#include "store/scan.h"

#include <string.h>

#define TAIL_PREFIX "tail-"
#define SALVAGED_PREFIX "salvaged-"

typedef struct {
  Check *check;
  const Record *record;
  GPtrArray *places; /* RecordPlace: where it belongs */
  PreparedMessage *message;
  GPtrArray *wanting; /* RecordPlace: those of PLACES whose mailbox is there and has no such mail */
  gboolean known;
  guint delivered;
} Salvage;

/* 0: that account has no such mailbox any more. */
static gint64
find_mailbox (Database *database, const RecordPlace *place, GError **error)
{
  Statement *row = database_query (database, error,
                                   "SELECT m.id FROM mailbox m JOIN account a ON a.id = m.account"
                                   " WHERE a.address = ?1 AND m.name = ?2",
                                   "tt", place->account, place->mailbox);
  gint64 id = 0;

  if (row && statement_next (row, error)) {
    id = statement_int (row, 0);
    statement_done (row);
  }
  return id;
}

static gboolean
is_there (Statement *row, gboolean *there, GError **error)
{
  g_autoptr (GError) failure = NULL;

  *there = row && statement_next (row, &failure);
  if (*there)
    statement_done (row);
  if (!failure)
    return row != NULL;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* The same mail may have been put into several mailboxes: each is asked. A mail without a place is
 * known when it lies anywhere. */
static gboolean
look_up (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Salvage *salvage = data;
  const Record *record = salvage->record;
  Database *database = store_snapshot_database (snapshot);
  gboolean there;

  for (guint i = 0; i < salvage->places->len; i++) {
    g_autoptr (GError) failure = NULL;
    gint64 mailbox = find_mailbox (database, salvage->places->pdata[i], &failure);

    if (failure) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (mailbox == 0)
      continue;
    if (!is_there (
            database_query (database, error,
                            "SELECT 1 FROM entry e JOIN message m ON m.id = e.message"
                            " WHERE e.mailbox = ?1 AND e.size = ?2 AND m.digest = ?3 LIMIT 1",
                            "iis", mailbox, (gint64)record->size, (const void *)record->digest,
                            sizeof record->digest),
            &there, error))
      return FALSE;
    if (!there)
      g_ptr_array_add (salvage->wanting, salvage->places->pdata[i]);
    salvage->known |= there;
  }
  if (salvage->wanting->len > 0)
    salvage->known = FALSE;
  return salvage->known || salvage->wanting->len > 0
      || is_there (database_query (database, error,
                                   "SELECT 1 FROM message WHERE size = ?1 AND digest = ?2 LIMIT 1",
                                   "is", (gint64)record->size, (const void *)record->digest,
                                   sizeof record->digest),
                   &salvage->known, error);
}

static gboolean
deliver (StoreTransaction *transaction, gpointer data, GError **error)
{
  Salvage *salvage = data;
  gint64 message = message_append (transaction, salvage->message, error);

  salvage->delivered = 0;
  for (guint i = 0; message != 0 && i < salvage->wanting->len; i++) {
    const RecordPlace *place = salvage->wanting->pdata[i];
    g_autoptr (GError) failure = NULL;
    gint64 mailbox = find_mailbox (store_transaction_database (transaction), place, &failure);
    guint64 flags = place->flags & ((G_GUINT64_CONSTANT (1) << FLAG_KEYWORD_FIRST) - 1);
    guint32 uid;

    if (failure) {
      g_propagate_error (error, g_steal_pointer (&failure));
      return FALSE;
    }
    if (mailbox == 0)
      continue;
    if (!mailbox_add (transaction, mailbox, message, flags, place->date, place->zone, &uid, error))
      return FALSE;
    salvage->delivered++;
  }
  return message != 0;
}

static gboolean
salvage_message (Salvage *salvage, GBytes *bytes, GError **error)
{
  const Record *record = salvage->record;
  MessageEnvelope envelope = { record->sender, (const char *const *)record->recipients };
  g_autoptr (PreparedMessage) message = prepared_message_new (
      salvage->check->store, bytes, NULL, record->sender ? &envelope : NULL, error);

  if (!message)
    return FALSE;
  salvage->message = message;
  return store_write_sync (salvage->check->store, deliver, salvage, error);
}

/* What one tail holds. */
typedef struct {
  const char *name;
  guint64 segment, base; /* of which it is the end, from where on */
  GHashTable *elsewhere; /* "segment offset" → GPtrArray of RecordPlace, of all tails */
  guint complete, left; /* messages: unknown to the database; still so after a repair */
  guint64 bytes;
} Tail;

typedef gboolean (*Visit) (Check *check, Scan *scan, const Record *record, guint64 offset,
                           Tail *tail, GError **error);

static char *
position_key (guint64 segment, guint64 offset)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, segment, offset);
}

/* A big message lies in a segment of its own, and its places in another one, maybe another tail. */
static gboolean
note_places (Check *check, Scan *scan, const Record *record, guint64 offset, Tail *tail,
             GError **error)
{
  g_autofree char *key = position_key (record->elsewhere_segment, record->elsewhere_offset);
  GPtrArray *places;

  if (record->kind != RECORD_PLACES)
    return TRUE;
  places = g_hash_table_lookup (tail->elsewhere, key);
  if (!places) {
    places = g_ptr_array_new_with_free_func (record_place_free);
    g_hash_table_insert (tail->elsewhere, g_steal_pointer (&key), places);
  }
  for (guint i = 0; i < record->places->len; i++)
    g_ptr_array_add (places, record_copy_place (record->places->pdata[i]));
  return TRUE;
}

static gboolean
check_record (Check *check, Scan *scan, const Record *record, guint64 offset, Tail *tail,
              GError **error)
{
  g_autofree char *key = position_key (tail->segment, tail->base + offset);
  g_autoptr (GPtrArray) wanting = g_ptr_array_new ();
  GPtrArray *elsewhere = g_hash_table_lookup (tail->elsewhere, key);
  Salvage salvage = { .check = check,
                      .record = record,
                      .places = elsewhere ? elsewhere : record->places,
                      .wanting = wanting };
  g_autoptr (GBytes) bytes = NULL;

  if (record->kind != RECORD_MESSAGE || (bytes = scan_message (scan, NULL)) == NULL)
    return TRUE;
  if (!store_read_sync (check->store, look_up, &salvage, error))
    return FALSE;
  if (salvage.known)
    return TRUE;
  tail->complete++;
  tail->bytes += record->size;
  if (check->repair && wanting->len > 0 && !salvage_message (&salvage, bytes, error))
    return FALSE;
  check->report->recovered += salvage.delivered > 0;
  tail->left += salvage.delivered == 0;
  return TRUE;
}

static gboolean
walk_tail (Check *check, const char *path, Tail *tail, Visit visit, GError **error)
{
  g_autoptr (Scan) scan = scan_new (path, error);
  const Record *record;
  guint64 offset;

  if (!scan)
    return FALSE;
  while ((record = scan_next (scan, &offset)))
    if (!visit (check, scan, record, offset, tail, error))
      return FALSE;
  return TRUE;
}

static gboolean
check_tail (Check *check, const char *folder, Tail *tail, GError **error)
{
  g_autofree char *path = g_build_filename (folder, tail->name, NULL);

  if (!walk_tail (check, path, tail, check_record, error))
    return FALSE;
  if (tail->complete > 0)
    check_report_note (check->report,
                       "%s holds %u complete messages (%" G_GUINT64_FORMAT
                       " bytes) that the database does not know",
                       tail->name, tail->complete, tail->bytes);
  if (!check->repair || tail->left > 0)
    return TRUE;
  g_autofree char *done = g_strconcat (SALVAGED_PREFIX, tail->name + strlen (TAIL_PREFIX), NULL);
  g_autofree char *target = g_build_filename (folder, done, NULL);
  return file_publish (path, target, error);
}

/* "tail-00000012-4711" */
static gboolean
parse_name (const char *name, Tail *tail)
{
  char *end;

  if (!g_str_has_prefix (name, TAIL_PREFIX) || g_str_has_suffix (name, ".new"))
    return FALSE;
  tail->name = name;
  tail->segment = g_ascii_strtoull (name + strlen (TAIL_PREFIX), &end, 10);
  tail->base = *end == '-' ? g_ascii_strtoull (end + 1, NULL, 10) : 0;
  return TRUE;
}

gboolean
check_tails (Check *check, GError **error)
{
  g_autofree char *some = segments_path (check->store->segments, 1);
  g_autofree char *folder = g_path_get_dirname (some);
  g_autoptr (GPtrArray) names = file_list (folder, error);
  g_autoptr (GHashTable) elsewhere
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; names && i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    Tail tail = { .elsewhere = elsewhere };
    if (parse_name (names->pdata[i], &tail) && !walk_tail (check, path, &tail, note_places, error))
      return FALSE;
  }
  for (guint i = 0; names && i < names->len; i++) {
    Tail tail = { .elsewhere = elsewhere };
    if (parse_name (names->pdata[i], &tail) && !check_tail (check, folder, &tail, error))
      return FALSE;
  }
  return names != NULL;
}
