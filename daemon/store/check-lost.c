/* The check of references: entries and queued mail whose message cannot be read any more. A repair
 * takes the entry out of its mailbox, as an expunge that every client understands, and the report
 * says which mail it was. */
#include "store/check-parts.h"

#define ORPHANS_AT_ONCE 500

/* ?1: a message, or NULL for those that have none at all. */
#define LOST                                                                                       \
  "SELECT e.mailbox, e.uid, e.date, e.size, coalesce (m.name, '(deleted)'),"                       \
  " coalesce (a.address, '?'), m.deleted IS NOT NULL OR m.id IS NULL FROM entry e"                 \
  " LEFT JOIN mailbox m ON m.id = e.mailbox LEFT JOIN account a ON a.id = m.account "

typedef struct {
  gint64 mailbox;
  guint32 uid;
  gboolean hidden; /* of a deleted mailbox: nobody sees it, compaction takes it */
} Place;

typedef struct {
  Check *check;
  gint64 message;
  GArray *places;
  const Place *place;
} Search;

static void
note_place (Search *search, Statement *row)
{
  Place place
      = { statement_int (row, 0), (guint32)statement_int (row, 1), statement_int (row, 6) != 0 };
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (statement_int (row, 2));
  g_autofree char *text = date ? g_date_time_format (date, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");

  check_report_add (search->check->report,
                    "Lost: UID %u in mailbox %s of %s, of %s UTC, %" G_GINT64_FORMAT " bytes",
                    place.uid, statement_text (row, 4), statement_text (row, 5), text,
                    statement_int (row, 3));
  g_array_append_val (search->places, place);
}

static gboolean
take_places (Search *search, Statement *row, GError *failure, GError **error)
{
  g_autoptr (GError) reason = failure;

  while (row && statement_next (row, &reason))
    note_place (search, row);
  if (!reason)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&reason));
  return FALSE;
}

static gboolean
find_places (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Search *search = data;
  GError *failure = NULL;
  Statement *row
      = database_query (store_snapshot_database (snapshot), &failure,
                        LOST "WHERE e.message = ?1 AND e.expunged = 0", "i", search->message);

  return take_places (search, row, failure, error);
}

static gboolean
find_orphans (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Search *search = data;
  GError *failure = NULL;
  Statement *row = database_query (
      store_snapshot_database (snapshot), &failure,
      LOST "WHERE e.expunged = 0 AND NOT EXISTS (SELECT 1 FROM message WHERE id = e.message)"
           " LIMIT ?1",
      "i", (gint64)ORPHANS_AT_ONCE);

  return take_places (search, row, failure, error);
}

static gboolean
remove_place (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Search *search = data;
  UidRange range = { search->place->uid, search->place->uid };
  guint32 next = 0;

  return mailbox_expunge (transaction, search->place->mailbox, &range, 1, 0, &next, error);
}

static gboolean
remove_places (Search *search, GError **error)
{
  for (guint i = 0; search->check->repair && i < search->places->len; i++) {
    search->place = &g_array_index (search->places, Place, i);
    if (search->place->hidden)
      continue;
    if (!store_write_sync (search->check->store, remove_place, search, error))
      return FALSE;
    search->check->report->repaired++;
  }
  return TRUE;
}

/* Mail that waits to be sent and has no message. Nobody is told yet: its sender must be. */
static gboolean
find_queued (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Check *check = data;
  g_autoptr (GError) failure = NULL;
  Statement *row
      = database_query (store_snapshot_database (snapshot), &failure,
                        "SELECT id, sender, recipient FROM queue"
                        " WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = queue.message)",
                        "");

  while (row && statement_next (row, &failure))
    check_report_add (check->report, "Lost: queued mail %" G_GINT64_FORMAT " from <%s> to <%s>",
                      statement_int (row, 0), statement_text (row, 1), statement_text (row, 2));
  if (!failure)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

gboolean
check_lost (Check *check, GError **error)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (Place));
  Search search = { .check = check, .places = places };

  for (guint i = 0; i < check->lost->len; i++) {
    search.message = g_array_index (check->lost, gint64, i);
    if (!store_read_sync (check->store, find_places, &search, error))
      return FALSE;
  }
  return store_read_sync (check->store, find_orphans, &search, error)
      && remove_places (&search, error)
      && store_read_sync (check->store, find_queued, check, error);
}
