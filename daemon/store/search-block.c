/* Blocks of a search index: made of leaves, read, dropped. */
#include "store/search-block.h"
#include "store/search-index.h"

#define INDEX_BITS 12
G_STATIC_ASSERT (SEARCH_LEAVES_MAX <= 1 << INDEX_BITS && GRAM_BITS + INDEX_BITS <= 32);

typedef struct {
  GArray *docs; /* gint64 */
  GArray *pairs; /* guint32: gram << INDEX_BITS | index */
} Making;

static gboolean
enough_leaves (Database *database, gboolean *enough, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT count(*), coalesce (sum (length (grams)), 0) FROM leaf WHERE grams IS NOT NULL", "");

  if (!row)
    return FALSE;
  if (statement_next (row, &failure))
    *enough = statement_int (row, 0) >= SEARCH_LEAVES_MAX
        || statement_int (row, 1) >= SEARCH_LEAF_BYTES;
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static void
take_leaf (Making *self, Statement *row)
{
  gsize length;
  const guint8 *bytes = statement_blob (row, 1, &length);
  GramReader reader = { bytes, bytes + length, 0 };
  gint64 message = statement_int (row, 0);
  guint32 index = self->docs->len;

  g_array_append_val (self->docs, message);
  while (gram_reader_next (&reader)) {
    guint32 pair = reader.gram << INDEX_BITS | index;
    g_array_append_val (self->pairs, pair);
  }
}

static gboolean
take_leaves (Database *database, Making *self, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error,
                                   "SELECT message, grams FROM leaf WHERE grams IS NOT NULL"
                                   " ORDER BY message LIMIT ?1",
                                   "i", (gint64)SEARCH_LEAVES_MAX);

  if (!row)
    return FALSE;
  while (statement_next (row, &failure))
    take_leaf (self, row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* By gram and index: a counting sort, as the indexes of each gram come in order already. */
static void
sort_pairs (Making *self)
{
  g_autofree guint32 *starts = g_new0 (guint32, GRAM_COUNT + 1);
  const guint32 *pairs = (const guint32 *)(gpointer)self->pairs->data;
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->pairs->len);

  g_array_set_size (sorted, self->pairs->len);
  for (guint i = 0; i < self->pairs->len; i++)
    starts[(pairs[i] >> INDEX_BITS) + 1]++;
  for (guint i = 0; i < GRAM_COUNT; i++)
    starts[i + 1] += starts[i];
  for (guint i = 0; i < self->pairs->len; i++)
    g_array_index (sorted, guint32, starts[pairs[i] >> INDEX_BITS]++) = pairs[i];
  g_array_unref (self->pairs);
  self->pairs = sorted;
}

/* One gram's messages, from pair AT on; returns the pair behind them. */
static guint
put_gram (const Making *self, guint at, GByteArray *page)
{
  const guint32 *pairs = (const guint32 *)(gpointer)self->pairs->data;
  guint32 gram = pairs[at] >> INDEX_BITS, last = 0;
  guint8 place = gram % BLOCK_PAGE_GRAMS;
  guint end = at;

  while (end < self->pairs->len && pairs[end] >> INDEX_BITS == gram)
    end++;
  g_byte_array_append (page, &place, 1);
  number_put (page, end - at);
  for (; at < end; at++) {
    guint32 index = pairs[at] & ((1u << INDEX_BITS) - 1);
    number_put (page, index - last);
    last = index;
  }
  return end;
}

static gboolean
put_pages (Database *database, const Making *self, gint64 block, GError **error)
{
  g_autoptr (GByteArray) page = g_byte_array_new ();
  const guint32 *pairs = (const guint32 *)(gpointer)self->pairs->data;

  for (guint at = 0; at < self->pairs->len;) {
    guint32 number = (pairs[at] >> INDEX_BITS) / BLOCK_PAGE_GRAMS;
    g_byte_array_set_size (page, 0);
    while (at < self->pairs->len && (pairs[at] >> INDEX_BITS) / BLOCK_PAGE_GRAMS == number)
      at = put_gram (self, at, page);
    if (!database_run (database, error, "INSERT INTO page VALUES (?1, ?2, ?3)", "iis", block,
                       (gint64)number, (const void *)page->data, (gsize)page->len))
      return FALSE;
  }
  return TRUE;
}

static gboolean
put_block (Database *database, const Making *self, GError **error)
{
  g_autoptr (GByteArray) docs = g_byte_array_new ();
  gint64 last = 0;

  for (guint i = 0; i < self->docs->len; i++) {
    gint64 message = g_array_index (self->docs, gint64, i);
    number_put (docs, (guint64)(message - last));
    last = message;
  }
  return database_run (database, error, "INSERT INTO block (docs) VALUES (?1)", "s",
                       (const void *)docs->data, (gsize)docs->len)
      && put_pages (database, self, database_last_id (database), error)
      && database_run (database, error,
                       "DELETE FROM leaf WHERE grams IS NOT NULL AND message <= ?1", "i", last);
}

static gboolean
make_block (Database *database, GError **error)
{
  Making making = { g_array_new (FALSE, FALSE, sizeof (gint64)),
                    g_array_new (FALSE, FALSE, sizeof (guint32)) };
  gboolean made = take_leaves (database, &making, error);

  if (made) {
    sort_pairs (&making);
    made = database_execute (database, "BEGIN IMMEDIATE", error)
        && put_block (database, &making, error) && database_execute (database, "COMMIT", error);
    if (!made && !sqlite3_get_autocommit (database_connection (database))) {
      database_end_statements (database);
      database_execute (database, "ROLLBACK", NULL); /* the first error is the one to tell */
    }
  }
  g_array_unref (making.docs);
  g_array_unref (making.pairs);
  return made;
}

gboolean
search_block_make (Database *database, GError **error)
{
  gboolean enough = FALSE;

  return enough_leaves (database, &enough, error) && (!enough || make_block (database, error));
}

GArray *
search_block_docs (const guint8 *bytes, gsize length)
{
  g_autoptr (GArray) docs = g_array_new (FALSE, FALSE, sizeof (gint64));
  const guint8 *next = bytes, *end = bytes + length;
  gint64 message = 0;
  guint64 step;

  while (next < end) {
    if (docs->len == SEARCH_LEAVES_MAX || !number_get (&next, end, &step)
        || step > (guint64)(G_MAXINT64 - message))
      return NULL;
    message += (gint64)step;
    g_array_append_val (docs, message);
  }
  return g_steal_pointer (&docs);
}

gboolean
search_block_find (const guint8 *page, gsize length, guint32 gram, GArray *indexes)
{
  const guint8 *next = page, *end = page + length;

  while (next < end) {
    guint8 place = *next++;
    guint64 count, step, index = 0;
    if (!number_get (&next, end, &count) || count > SEARCH_LEAVES_MAX)
      return FALSE;
    for (; count > 0; count--) {
      if (!number_get (&next, end, &step) || step >= SEARCH_LEAVES_MAX - index)
        return FALSE;
      index += step;
      if (place == gram % BLOCK_PAGE_GRAMS) {
        guint32 found = (guint32)index;
        g_array_append_val (indexes, found);
      }
    }
  }
  return TRUE;
}

typedef struct {
  gint64 id;
  GArray *docs;
} Block;

static void
block_free (gpointer data)
{
  Block *self = data;

  g_array_unref (self->docs);
  g_free (self);
}

static GPtrArray *
read_blocks (Database *database, GError **error)
{
  g_autoptr (GPtrArray) blocks = g_ptr_array_new_with_free_func (block_free);
  GError *failure = NULL;
  Statement *row = database_query (database, error, "SELECT id, docs FROM block", "");

  if (!row)
    return NULL;
  while (statement_next (row, &failure)) {
    gsize length;
    const guint8 *bytes = statement_blob (row, 1, &length);
    Block block = { statement_int (row, 0), search_block_docs (bytes, length) };
    if (block.docs)
      g_ptr_array_add (blocks, g_memdup2 (&block, sizeof block));
  }
  if (!failure)
    return g_steal_pointer (&blocks);
  g_propagate_error (error, failure);
  return NULL;
}

/* Leaves only those of DOCS that are still in the index. */
static gboolean
keep_living (Database *database, GArray *docs, GError **error)
{
  guint kept = 0;

  for (guint i = 0; i < docs->len; i++) {
    gint64 message = g_array_index (docs, gint64, i);
    GError *failure = NULL;
    Statement *row
        = database_query (database, error, "SELECT 1 FROM doc WHERE message = ?1", "i", message);
    if (!row)
      return FALSE;
    if (statement_next (row, &failure))
      g_array_index (docs, gint64, kept++) = message;
    statement_done (row);
    if (failure) {
      g_propagate_error (error, failure);
      return FALSE;
    }
  }
  g_array_set_size (docs, kept);
  return TRUE;
}

static gboolean
drop (Database *database, const Block *block, GArray *again, GError **error)
{
  for (guint i = 0; i < block->docs->len; i++)
    if (!database_run (database, error, "INSERT OR REPLACE INTO leaf VALUES (?1, NULL)", "i",
                       g_array_index (block->docs, gint64, i)))
      return FALSE;
  if (block->docs->len > 0)
    g_array_append_vals (again, block->docs->data, block->docs->len);
  return database_run (database, error, "DELETE FROM page WHERE block = ?1", "i", block->id)
      && database_run (database, error, "DELETE FROM block WHERE id = ?1", "i", block->id);
}

gboolean
search_block_drop_sparse (Database *database, GArray *again, GError **error)
{
  g_autoptr (GPtrArray) blocks = read_blocks (database, error);

  for (guint i = 0; blocks && i < blocks->len; i++) {
    Block *block = blocks->pdata[i];
    guint all = block->docs->len;
    if (!keep_living (database, block->docs, error)
        || ((all - block->docs->len) * 4 >= all && !drop (database, block, again, error)))
      return FALSE;
  }
  return blocks != NULL;
}
