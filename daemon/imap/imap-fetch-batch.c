/* One batch of FETCH responses. */
#include "imap/imap-fetch-batch.h"

#include <string.h>

#include "imap/imap-fetch-binary.h"
#include "imap/imap-fetch-print.h"
#include "imap/imap-fetch-surrogate.h"
#include "imap/imap-print.h"
#include "log.h"
#include "store/object.h"

/* A small answer needs no large buffer, and a large one few changes of threads. */
#define BATCH_BYTES_FIRST (32 * 1024)
#define BATCH_BYTES_MAX (160 * 1024)
#define CHUNK_BYTES (64 * 1024) /* of one literal in one batch */
#define EXAMINED_MAX 20000 /* entries one batch looks at */

ImapFetchBatch *
imap_fetch_batch_new (gint64 mailbox, guint32 recent_from, GArray *runs, ImapItems *items)
{
  ImapFetchBatch *self = g_new0 (ImapFetchBatch, 1);

  self->mailbox = mailbox;
  self->recent_from = recent_from;
  self->items = items;
  self->unseen = g_array_new (FALSE, FALSE, sizeof (UidRange));
  self->downgraded = g_array_new (FALSE, FALSE, sizeof (UidRange));
  imap_walk_begin (&self->walk, runs);
  return self;
}

static void
clear_message (ImapFetchBatch *self)
{
  g_clear_pointer (&self->summary, summary_free);
  g_clear_pointer (&self->summary_bytes, g_bytes_unref);
}

void
imap_fetch_batch_free (ImapFetchBatch *self)
{
  clear_message (self);
  imap_fetch_drop_surrogate (self);
  imap_fetch_binary_clear (self);
  g_clear_pointer (&self->row, mailbox_free);
  if (self->out)
    g_string_free (self->out, TRUE);
  g_array_unref (self->unseen);
  g_array_unref (self->downgraded);
  imap_walk_clear (&self->walk);
  imap_items_free (self->items);
  g_free (self);
}

gboolean
imap_fetch_batch_is_full (const ImapFetchBatch *self)
{
  return self->out->len >= self->bytes || self->examined >= EXAMINED_MAX;
}

static void
print_literal_length (GString *out, guint64 length)
{
  g_string_append (out, " {");
  imap_print_number (out, length);
  g_string_append (out, "}\r\n");
}

static void
print_section_name (ImapFetchBatch *self, const ImapSection *section)
{
  imap_fetch_print_name (self, "");
  imap_section_print (section, self->out);
}

/* HEADER.FIELDS: chosen from the header, which is read whole. */
static gboolean
print_fields (ImapFetchBatch *self, StoreSnapshot *snapshot, const ImapSection *section,
              ByteRange header, GError **error)
{
  g_autoptr (GBytes) bytes = imap_fetch_read (self, snapshot, header.offset, header.length, error);
  g_autoptr (GByteArray) chosen = NULL;
  ByteRange range = { 0 };
  gsize length;
  const guint8 *data;

  if (!bytes)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  chosen = imap_section_choose (section, data, length);
  range.length = chosen->len;
  imap_section_cut (section, &range);
  print_section_name (self, section);
  print_literal_length (self->out, range.length);
  g_string_append_len (self->out, (const char *)chosen->data + range.offset, (gssize)range.length);
  return TRUE;
}

/* Copies what fits of the literal that was announced. */
static gboolean
go_on_literal (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  while (self->literal_left > 0 && !imap_fetch_batch_is_full (self)) {
    guint64 wanted = MIN (self->literal_left, CHUNK_BYTES);
    g_autoptr (GBytes) chunk
        = imap_fetch_read (self, snapshot, self->literal_offset, wanted, error);
    gsize length;
    const char *data;
    if (!chunk)
      return FALSE;
    data = g_bytes_get_data (chunk, &length);
    if (length != wanted) {
      g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT,
                           "The message is shorter than its size says");
      return FALSE;
    }
    g_string_append_len (self->out, data, (gssize)length);
    self->literal_offset += length;
    self->literal_left -= length;
  }
  return TRUE;
}

static gboolean
print_section (ImapFetchBatch *self, StoreSnapshot *snapshot, const ImapSection *section,
               GError **error)
{
  ByteRange range;

  if (!imap_fetch_open_summary (self, snapshot, error))
    return FALSE;
  if (!imap_section_range (section, self->summary, imap_fetch_size (self), &range)) {
    print_section_name (self, section);
    g_string_append (self->out, " NIL");
    return TRUE;
  }
  if (imap_section_chooses_fields (section))
    return print_fields (self, snapshot, section, range, error);
  imap_section_cut (section, &range);
  print_section_name (self, section);
  print_literal_length (self->out, range.length);
  self->literal_offset = range.offset;
  self->literal_left = range.length;
  return go_on_literal (self, snapshot, error);
}

static gboolean
begin_section (ImapFetchBatch *self, StoreSnapshot *snapshot, const ImapSection *section,
               GError **error)
{
  return section->binary ? imap_fetch_binary_begin (self, snapshot, section, error)
                         : print_section (self, snapshot, section, error);
}

static gboolean
is_between_sections (const ImapFetchBatch *self)
{
  return self->literal_left == 0 && !self->binary.section;
}

/* An answer has at least one item: of a part that nobody can decode there is none. */
static void
end_message (ImapFetchBatch *self)
{
  if (self->bare) {
    imap_fetch_print_name (self, "UID ");
    imap_print_number (self->out, self->entry.uid);
  }
  g_string_append (self->out, ")\r\n");
  if (imap_items_mark_seen (self->items) && !(self->entry.flags & FLAG_SEEN))
    imap_set_add (self->unseen, self->entry.uid);
  clear_message (self);
  imap_fetch_drop_surrogate (self);
}

/* The rest of the current message's answer, as far as this batch has room. */
static gboolean
go_on_message (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  GPtrArray *sections = self->items->sections;

  if (!go_on_literal (self, snapshot, error)
      || (self->binary.section && !imap_fetch_binary_go_on (self, snapshot, error)))
    return FALSE;
  while (is_between_sections (self) && self->section < sections->len
         && !imap_fetch_batch_is_full (self))
    if (!begin_section (self, snapshot, g_ptr_array_index (sections, self->section++), error))
      return FALSE;
  self->unfinished = !is_between_sections (self) || self->section < sections->len;
  if (!self->unfinished)
    end_message (self);
  return TRUE;
}

static gboolean
begin_message (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  self->message_start = self->out->len;
  self->message_sent = FALSE;
  self->section = 0;
  self->literal_left = 0;
  g_string_append (self->out, "* ");
  imap_print_number (self->out, self->uid_only ? self->entry.uid : self->walk.number);
  g_string_append (self->out, self->uid_only ? " UIDFETCH (" : " FETCH (");
  self->bare = TRUE;
  imap_fetch_print_entry (self);
  return imap_fetch_print_summary (self, snapshot, error) && go_on_message (self, snapshot, error);
}

/* One damaged message must not keep the others from the client: its answer is taken back. That is
 * possible only while none of it was sent. */
static gboolean
survives (ImapFetchBatch *self, GError *failure, GError **error)
{
  g_autofree char *uid = g_strdup_printf ("%u", self->entry.uid);

  clear_message (self);
  imap_fetch_drop_surrogate (self);
  if (self->message_sent) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  log_event (LOG_ERROR, "A message cannot be read", "uid", uid, "error", failure->message, NULL);
  g_error_free (failure);
  g_string_truncate (self->out, self->message_start);
  imap_fetch_binary_clear (self);
  self->unfinished = FALSE;
  self->literal_left = 0;
  self->failed = TRUE;
  return TRUE;
}

static Entry
read_entry (Statement *row)
{
  return (Entry) {
    .uid = (guint32)statement_int (row, 0),
    .flags = (guint64)statement_int (row, 1),
    .message = statement_int (row, 2),
    .date = statement_int (row, 3),
    .zone = (gint16)statement_int (row, 4),
    .size = (guint64)statement_int (row, 5),
    .save_date = statement_int (row, 6),
    .modseq = (guint64)statement_int (row, 7),
  };
}

static gboolean
take_row (ImapFetchBatch *self, StoreSnapshot *snapshot, Statement *row, GError **error)
{
  GError *failure = NULL;
  gsize length;
  const void *summary;

  self->examined++;
  if (!imap_walk_move_to (&self->walk, (guint32)statement_int (row, 0)))
    return TRUE;
  self->entry = read_entry (row);
  summary = imap_items_need_summary (self->items) ? statement_blob (row, 8, &length) : NULL;
  if (self->items->what & IMAP_ITEM_THREAD_ID)
    self->thread = statement_int (row, 9);
  if (summary)
    self->summary_bytes = g_bytes_new (summary, length);
  return begin_message (self, snapshot, &failure) || survives (self, failure, error);
}

/* Entries and, when wanted, their summaries in one pass: a look-up for each message would cost as
 * much as all the rest. */
static Statement *
query_entries (ImapFetchBatch *self, Database *database, guint32 last, GError **error)
{
  static const char narrow[]
      = "SELECT uid, flags, message, date, zone, size, save_date, modseq"
        " FROM entry WHERE mailbox = ?1 AND uid BETWEEN ?2 AND ?3 ORDER BY uid";
  static const char with_message[]
      = "SELECT e.uid, e.flags, e.message, e.date, e.zone, e.size, e.save_date, e.modseq,"
        " m.summary, coalesce (m.thread, e.message) FROM entry e LEFT JOIN message m ON m.id = "
        "e.message"
        " WHERE e.mailbox = ?1 AND e.uid BETWEEN ?2 AND ?3 ORDER BY e.uid";

  gboolean whole = imap_items_need_summary (self->items) || self->items->what & IMAP_ITEM_THREAD_ID;

  return database_query (database, error, whole ? with_message : narrow, "iii", self->mailbox,
                         (gint64)self->walk.uid, (gint64)last);
}

static gboolean
read_near_runs (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  guint32 reach = imap_walk_reach (&self->walk);
  GError *failure = NULL;
  Statement *row = query_entries (self, store_snapshot_database (snapshot), reach, error);

  if (!row)
    return FALSE;
  while (!failure && !self->unfinished && !imap_fetch_batch_is_full (self)) {
    if (!statement_next (row, &failure)) {
      /* Announced messages may be missing, when compaction has taken their tombstones. */
      imap_walk_pass (&self->walk, reach);
      break;
    }
    if (!take_row (self, snapshot, row, &failure))
      break;
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
find_epoch (ImapFetchBatch *self, Database *database, GError **error)
{
  return !(self->items->what & (IMAP_ITEM_EMAIL_ID | IMAP_ITEM_THREAD_ID))
      || object_epoch (database, &self->epoch, error);
}

static gboolean
finish_message (ImapFetchBatch *self, StoreSnapshot *snapshot, GError **error)
{
  GError *failure = NULL;

  self->message_sent = TRUE;
  return !self->unfinished || go_on_message (self, snapshot, &failure)
      || survives (self, failure, error);
}

gboolean
imap_fetch_batch_run (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  ImapFetchBatch *self = data;

  g_clear_pointer (&self->row, mailbox_free);
  self->row = mailbox_load (store_snapshot_database (snapshot), self->mailbox, error);
  if (!self->row || !find_epoch (self, store_snapshot_database (snapshot), error))
    return FALSE;
  self->bytes = CLAMP (self->bytes * 2, BATCH_BYTES_FIRST, BATCH_BYTES_MAX);
  self->out = g_string_sized_new (self->bytes + self->bytes / 4);
  self->examined = 0;
  if (!finish_message (self, snapshot, error))
    return FALSE;
  while (!self->unfinished && !imap_walk_is_over (&self->walk) && !imap_fetch_batch_is_full (self))
    if (!read_near_runs (self, snapshot, error))
      return FALSE;
  clear_message (self);
  self->done = !self->unfinished && imap_walk_is_over (&self->walk);
  return TRUE;
}
