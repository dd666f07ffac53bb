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
  PreparedMessage *message;
  gboolean known;
  guint delivered;
} Salvage;

static gboolean
look_up (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Salvage *salvage = data;
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (store_snapshot_database (snapshot), &failure,
                        "SELECT 1 FROM message WHERE size = ?1 AND digest = ?2 LIMIT 1", "is",
                        (gint64)salvage->record->size, (const void *)salvage->record->digest,
                        sizeof salvage->record->digest);

  salvage->known = row && statement_next (row, &failure);
  if (salvage->known)
    statement_done (row);
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

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
deliver (StoreTransaction *transaction, gpointer data, GError **error)
{
  Salvage *salvage = data;
  gint64 message = message_append (transaction, salvage->message, error);

  salvage->delivered = 0;
  for (guint i = 0; message != 0 && i < salvage->record->places->len; i++) {
    const RecordPlace *place = salvage->record->places->pdata[i];
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

typedef struct {
  guint complete, left; /* messages: unknown to the database; still so after a repair */
  guint64 bytes;
} Tail;

static gboolean
check_record (Check *check, Scan *scan, const Record *record, Tail *tail, GError **error)
{
  Salvage salvage = { .check = check, .record = record };
  g_autoptr (GBytes) bytes = NULL;

  if (record->kind != RECORD_MESSAGE || (bytes = scan_message (scan, NULL)) == NULL)
    return TRUE;
  if (!store_read_sync (check->store, look_up, &salvage, error))
    return FALSE;
  if (salvage.known)
    return TRUE;
  tail->complete++;
  tail->bytes += record->size;
  if (check->repair && !salvage_message (&salvage, bytes, error))
    return FALSE;
  check->report->repaired += salvage.delivered > 0;
  tail->left += salvage.delivered == 0;
  return TRUE;
}

static gboolean
check_tail (Check *check, const char *folder, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (Scan) scan = scan_new (path, error);
  Tail tail = { 0 };
  const Record *record;
  guint64 offset;

  if (!scan)
    return FALSE;
  while ((record = scan_next (scan, &offset)))
    if (!check_record (check, scan, record, &tail, error))
      return FALSE;
  if (tail.complete > 0)
    check_report_note (check->report,
                       "%s holds %u complete messages (%" G_GUINT64_FORMAT
                       " bytes) that were not acknowledged",
                       name, tail.complete, tail.bytes);
  if (!check->repair || tail.left > 0)
    return TRUE;
  g_autofree char *done = g_strconcat (SALVAGED_PREFIX, name + strlen (TAIL_PREFIX), NULL);
  g_autofree char *target = g_build_filename (folder, done, NULL);
  return file_publish (path, target, error);
}

gboolean
check_tails (Check *check, GError **error)
{
  g_autofree char *some = segments_path (check->store->segments, 1);
  g_autofree char *folder = g_path_get_dirname (some);
  g_autoptr (GPtrArray) names = file_list (folder, error);

  for (guint i = 0; names && i < names->len; i++)
    if (g_str_has_prefix (names->pdata[i], TAIL_PREFIX)
        && !g_str_has_suffix (names->pdata[i], ".new")
        && !check_tail (check, folder, names->pdata[i], error))
      return FALSE;
  return names != NULL;
}
