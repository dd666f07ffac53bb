/* Asks the index of an account which messages may hold words. */
#include "store/search-hits.h"
#include "store/search-block.h"
#include "store/search-index.h"
#include "platform/file.h"

typedef struct {
  gint64 message;
  guint64 words; /* bits: it may hold them */
} Hit;

struct _SearchHits {
  GArray *hits; /* Hit, by message: all that is in the index */
  guint32 uid;
};

#define WORDS_MAX 64 /* more words are looked for without the index's help */
/* A message is looked at for the cost of about so many grams: where few are left in a block, the
 * rest of a word's grams is not worth asking. */
#define GRAMS_A_MESSAGE 8
/* Each page is needed once: a large cache would only have to be made. */
#define SMALL_CACHE "PRAGMA cache_size = -1024"

typedef struct {
  Database *database;
  GArray **grams; /* of each word */
  guint count;
  guint most; /* hits of the rarest word that are of use */
  guint *found; /* hits of each word */
  GArray *hits;
} Asking;

static void
tell (Asking *self, gint64 message, guint64 words)
{
  Hit hit = { message, words };

  for (guint i = 0; i < self->count; i++)
    self->found[i] += words >> i & 1;
  g_array_append_val (self->hits, hit);
}

/* Every word is so common that the answer will be of no use. */
static gboolean
is_in_vain (const Asking *self)
{
  for (guint i = 0; i < self->count; i++)
    if (self->found[i] <= self->most)
      return FALSE;
  return self->count > 0;
}

static gboolean
holds_all (const guint8 *bytes, gsize length, const GArray *grams)
{
  GramReader reader = { bytes, bytes + length, 0 };
  guint found = 0;

  /* Both ascend: the first gram that is passed over settles it, most often after a few bytes. */
  while (found < grams->len && gram_reader_next (&reader)) {
    while (found < grams->len && g_array_index (grams, guint32, found) == reader.gram)
      found++;
    if (found < grams->len && g_array_index (grams, guint32, found) < reader.gram)
      return FALSE;
  }
  return found == grams->len;
}

static gboolean
ask_leaves (Asking *self, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (self->database, error, "SELECT message, grams FROM leaf", "");

  if (!row)
    return FALSE;
  while (statement_next (row, &failure)) {
    gsize length;
    const guint8 *bytes = statement_blob (row, 1, &length);
    guint64 words = 0;
    for (guint i = 0; i < self->count; i++)
      if (!bytes || holds_all (bytes, length, self->grams[i]))
        words |= G_GUINT64_CONSTANT (1) << i;
    tell (self, statement_int (row, 0), words);
  }
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
find_gram (Asking *self, gint64 block, guint32 gram, GArray *indexes, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (self->database, error,
                                   "SELECT grams FROM page WHERE block = ?1 AND page = ?2", "ii",
                                   block, (gint64)(gram / BLOCK_PAGE_GRAMS));
  gboolean sound = TRUE;

  if (!row)
    return FALSE;
  g_array_set_size (indexes, 0);
  if (statement_next (row, &failure)) {
    gsize length;
    const guint8 *page = statement_blob (row, 0, &length);
    sound = search_block_find (page, length, gram, indexes);
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  else if (!sound)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_CORRUPT, "A search index is damaged");
  return sound && !failure;
}

/* How many of WORD's grams each message of the block holds; those that hold all may hold it. Ends
 * as soon as few are left. */
static gboolean
ask_word (Asking *self, gint64 block, guint word, guint64 *words, guint docs, GError **error)
{
  g_autofree guint8 *held = g_malloc0 (docs);
  g_autoptr (GArray) indexes = g_array_new (FALSE, FALSE, sizeof (guint32));
  const GArray *grams = self->grams[word];
  guint left = docs, asked = 0;

  for (; asked < grams->len && left * GRAMS_A_MESSAGE > grams->len - asked; asked++) {
    if (!find_gram (self, block, g_array_index (grams, guint32, asked), indexes, error))
      return FALSE;
    left = 0;
    for (guint k = 0; k < indexes->len; k++) {
      guint32 index = g_array_index (indexes, guint32, k);
      if (index < docs && held[index] == asked) {
        held[index]++;
        left++;
      }
    }
  }
  for (guint i = 0; i < docs; i++)
    if (held[i] == asked)
      words[i] |= G_GUINT64_CONSTANT (1) << word;
  return TRUE;
}

static gboolean
ask_block (Asking *self, gint64 block, const GArray *docs, GError **error)
{
  g_autofree guint64 *words = g_new0 (guint64, docs->len);

  for (guint i = 0; i < self->count; i++)
    if (!ask_word (self, block, i, words, docs->len, error))
      return FALSE;
  for (guint i = 0; i < docs->len; i++)
    tell (self, g_array_index (docs, gint64, i), words[i]);
  return TRUE;
}

static gboolean
ask_blocks (Asking *self, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (self->database, error, "SELECT id, docs FROM block", "");

  if (!row)
    return FALSE;
  while (!failure && !is_in_vain (self) && statement_next (row, &failure)) {
    gsize length;
    const guint8 *bytes = statement_blob (row, 1, &length);
    g_autoptr (GArray) docs = search_block_docs (bytes, length);
    if (docs)
      ask_block (self, statement_int (row, 0), docs, &failure);
    else
      g_set_error_literal (&failure, STORE_ERROR, STORE_ERROR_CORRUPT, "A search index is damaged");
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
read_uid (Database *database, gint64 mailbox, guint32 *uid, GError **error)
{
  GError *failure = NULL;
  Statement *row
      = database_query (database, error, "SELECT uid FROM mailbox WHERE id = ?1", "i", mailbox);

  if (!row)
    return FALSE;
  *uid = statement_next (row, &failure) ? (guint32)statement_int (row, 0) : 0;
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static int
compare_hits (gconstpointer a, gconstpointer b)
{
  const Hit *left = a, *right = b;

  return left->message < right->message ? -1 : left->message > right->message;
}

/* All in one snapshot: a leaf that becomes a block is seen once. */
static gboolean
ask (Asking *self, gint64 mailbox, guint32 *uid, GError **error)
{
  gboolean asked = database_execute (self->database, "BEGIN", error)
      && read_uid (self->database, mailbox, uid, error) && ask_leaves (self, error)
      && ask_blocks (self, error);

  g_array_sort (self->hits, compare_hits);
  return asked;
}

SearchHits *
search_hits_new (Store *store, gint64 account, gint64 mailbox, const char *const *words,
                 guint count, guint most, GError **error)
{
  g_autofree char *path = search_index_path (store, account);
  guint found[WORDS_MAX] = { 0 };
  g_autoptr (SearchHits) self = NULL;
  g_autoptr (Database) database = NULL;
  g_autoptr (GPtrArray) grams = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref);

  if (!file_exists (path) || !(database = database_open (path, DATABASE_READ, error))
      || !database_execute (database, SMALL_CACHE, error))
    return NULL;
  for (guint i = 0; i < MIN (count, WORDS_MAX); i++)
    g_ptr_array_add (grams, grams_of_word (words[i]));
  self = g_new0 (SearchHits, 1);
  self->hits = g_array_new (FALSE, FALSE, sizeof (Hit));
  Asking asking = { database, (GArray **)grams->pdata, grams->len, most, found, self->hits };
  gboolean asked = ask (&asking, mailbox, &self->uid, error);
  return asked && !is_in_vain (&asking) ? g_steal_pointer (&self) : NULL;
}

void
search_hits_free (SearchHits *self)
{
  g_array_unref (self->hits);
  g_free (self);
}

gboolean
search_hits_may_hold (const SearchHits *self, gint64 message, guint word)
{
  Hit wanted = { message, 0 };
  guint index;

  if (word >= WORDS_MAX || !g_array_binary_search (self->hits, &wanted, compare_hits, &index))
    return TRUE;
  /* Dead messages of a block may stand beside a leaf that came later. */
  while (index > 0 && g_array_index (self->hits, Hit, index - 1).message == message)
    index--;
  for (; index < self->hits->len && g_array_index (self->hits, Hit, index).message == message;
       index++)
    if (g_array_index (self->hits, Hit, index).words >> word & 1)
      return TRUE;
  return FALSE;
}

guint32
search_hits_uid (const SearchHits *self)
{
  return self->uid;
}

GArray *
search_hits_messages (const SearchHits *self, guint word, guint most)
{
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  if (word >= WORDS_MAX)
    return NULL;
  for (guint i = 0; i < self->hits->len; i++) {
    const Hit *hit = &g_array_index (self->hits, Hit, i);
    if (!(hit->words >> word & 1))
      continue;
    if (messages->len == most)
      return NULL;
    g_array_append_val (messages, hit->message);
  }
  return g_steal_pointer (&messages);
}
