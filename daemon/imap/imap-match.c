/* Does a message match a SEARCH program? */
#include "imap/imap-match.h"
#include "imap/imap-kept.h"

#include <string.h>

#include "mail/date.h"
#include "mail/encoding.h"
#include "mail/summary.h"
#include "store/object.h"
#include "store/thread.h"

#define DAY 86400
#define OPEN_WHOLE_MAX (256 * 1024)

struct _ImapMatcher {
  StoreSnapshot *snapshot;
  Digest *digest;
  ImapKey *program;
  guint32 recent_from;
  guint64 bytes_read;
  const SearchHits *hits; /* or NULL */
  ImapKept *kept;

  /* Of the current entry, read when a key asks. */
  const Entry *entry;
  guint32 number;
  Summary *summary;
  GBytes *summary_bytes, *header, *message;
  GError *error;
  guint score, scored; /* sum and number of the fuzzy keys that match */
};

static gboolean matches_key (ImapMatcher *self, const ImapKey *key);

/* A keyword nobody has used in this mailbox matches no message. */
static void
bind_keywords (ImapKey *key, const Mailbox *mailbox)
{
  if (key->kind == IMAP_KEY_KEYWORD) {
    key->mask = 0;
    for (guint i = 0; i < mailbox->keywords->len; i++)
      if (g_ascii_strcasecmp (key->text, g_ptr_array_index (mailbox->keywords, i)) == 0)
        key->mask = G_GUINT64_CONSTANT (1) << (FLAG_KEYWORD_FIRST + i);
  }
  for (guint i = 0; i < key->children->len; i++)
    bind_keywords (g_ptr_array_index (key->children, i), mailbox);
}

/* The messages that an ObjectID means: one, or a thread. Looked up once, then each entry is only
 * compared (RFC 8474 §8.3 wants this fast). */
static gboolean
bind_object (ImapKey *key, Database *database, GError **error)
{
  guint32 epoch;
  gint64 id;

  if (!object_epoch (database, &epoch, error))
    return FALSE;
  if (key->kind == IMAP_KEY_THREAD) {
    id = object_parse (key->text, OBJECT_THREAD, epoch);
    key->messages = thread_messages (database, id, error);
  } else {
    id = object_parse (key->text, OBJECT_MESSAGE, epoch);
    key->messages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
    g_hash_table_add (key->messages, g_memdup2 (&id, sizeof id));
  }
  return key->messages != NULL;
}

static gboolean
bind_objects (ImapKey *key, Database *database, GError **error)
{
  if ((key->kind == IMAP_KEY_EMAIL || key->kind == IMAP_KEY_THREAD) && !key->messages
      && !bind_object (key, database, error))
    return FALSE;
  for (guint i = 0; i < key->children->len; i++)
    if (!bind_objects (g_ptr_array_index (key->children, i), database, error))
      return FALSE;
  return TRUE;
}

ImapMatcher *
imap_matcher_new (StoreSnapshot *snapshot, Digest *digest, ImapKey *program, const Mailbox *mailbox,
                  guint32 recent_from, GError **error)
{
  ImapMatcher *self;

  if (!bind_objects (program, store_snapshot_database (snapshot), error))
    return NULL;
  self = g_new0 (ImapMatcher, 1);
  self->snapshot = snapshot;
  self->digest = digest;
  self->program = program;
  self->recent_from = recent_from;
  self->kept = imap_kept_new ();
  bind_keywords (program, mailbox);
  return self;
}

static void
clear_entry (ImapMatcher *self)
{
  g_clear_pointer (&self->summary, summary_free);
  g_clear_pointer (&self->summary_bytes, g_bytes_unref);
  g_clear_pointer (&self->header, g_bytes_unref);
  g_clear_pointer (&self->message, g_bytes_unref);
}

void
imap_matcher_free (ImapMatcher *self)
{
  clear_entry (self);
  imap_kept_free (self->kept);
  g_clear_error (&self->error);
  g_free (self);
}

void
imap_matcher_set_hits (ImapMatcher *self, const SearchHits *hits)
{
  self->hits = hits;
}

guint64
imap_matcher_bytes (const ImapMatcher *self)
{
  return self->bytes_read;
}

static GBytes *
read_range (ImapMatcher *self, guint64 offset, guint64 length)
{
  GBytes *bytes = message_read (self->snapshot, self->entry->message, offset, length, &self->error);

  if (bytes)
    self->bytes_read += g_bytes_get_size (bytes);
  return bytes;
}

static gboolean
open_message (ImapMatcher *self)
{
  if (!self->message && !self->error)
    self->message = read_range (self, 0, G_MAXUINT64);
  return self->message != NULL;
}

static gboolean
open_summary (ImapMatcher *self)
{
  gsize length;
  const guint8 *bytes;

  if (self->summary || self->error)
    return self->summary != NULL;
  self->summary_bytes = message_summary (self->snapshot, self->entry->message, NULL);
  self->summary = self->summary_bytes ? summary_open (self->summary_bytes) : NULL;
  if (self->summary || !open_message (self))
    return self->summary != NULL;
  bytes = g_bytes_get_data (self->message, &length);
  g_clear_pointer (&self->summary_bytes, g_bytes_unref);
  self->summary_bytes = summary_new (bytes, length);
  self->summary = summary_open (self->summary_bytes);
  return self->summary != NULL;
}

static gboolean
open_header (ImapMatcher *self)
{
  ByteRange range;

  if (self->header)
    return TRUE;
  if (!open_summary (self))
    return FALSE;
  range = summary_header (self->summary);
  if (self->message && range.offset + range.length <= g_bytes_get_size (self->message))
    self->header = g_bytes_new_from_bytes (self->message, range.offset, range.length);
  else
    self->header = read_range (self, range.offset, range.length);
  return self->header != NULL;
}

/* The day as the sender's or the server's calendar showed it (RFC 9051 §6.4.4: without regard to
 * time and timezone). */
static gint64
day_of (gint64 seconds, gint16 zone)
{
  gint64 local = seconds + zone * 60;
  gint64 rest = local % DAY;

  return local - (rest < 0 ? rest + DAY : rest);
}

static gint64
saved_day (const Entry *entry)
{
  return day_of (entry->save_date, date_local_zone (entry->save_date));
}

static gboolean
matches_sent (ImapMatcher *self, const ImapKey *key)
{
  gint64 seconds, day;
  gint16 zone;

  if (!open_summary (self) || !summary_sent_date (self->summary, &seconds, &zone))
    return FALSE;
  day = day_of (seconds, zone);
  return key->kind == IMAP_KEY_SENT_BEFORE ? day < key->day
      : key->kind == IMAP_KEY_SENT_ON      ? day == key->day
                                           : day >= key->day;
}

/* What is kept of a field that people search. NULL: the message must be opened. */
static const SortText *
kept_field (ImapMatcher *self, const char *name)
{
  SearchField field;

  return !search_field_of (name, &field)
      ? NULL
      : imap_kept_field (self->kept, store_snapshot_database (self->snapshot), self->entry->message,
                         field, &self->error);
}

static gboolean
matches_header (ImapMatcher *self, const char *field, const char *mapped)
{
  /* The empty text asks whether the field is there, which is not kept. */
  const SortText *kept = field && *mapped ? kept_field (self, field) : NULL;
  gsize length;
  const guint8 *bytes;
  gboolean holds;

  if (self->error)
    return FALSE;
  if (kept)
    return g_strstr_len (kept->text, (gssize)kept->length, mapped) != NULL;
  if (!open_header (self))
    return FALSE;
  bytes = g_bytes_get_data (self->header, &length);
  return digest_header_holds (self->digest, bytes, length, field, mapped, &holds, &self->error)
      && holds;
}

static gboolean
matches_body (ImapMatcher *self, const char *mapped)
{
  gsize length;
  const guint8 *bytes;
  gboolean holds;

  if (*mapped == '\0')
    return TRUE;
  if (!open_message (self))
    return FALSE;
  bytes = g_bytes_get_data (self->message, &length);
  return digest_body_holds (self->digest, bytes, length, mapped, &holds, &self->error) && holds;
}

/* 0: it does not match. */
static guint
score_kept (const FuzzyQuery *query, const SortText *kept)
{
  FuzzyTally tally = { query };
  g_autofree char *text = g_strndup (kept->text, kept->length);
  g_autofree char *folded = text_fold (text);

  fuzzy_tally_add (&tally, folded, FUZZY_FIELD_WEIGHT);
  return fuzzy_tally_score (&tally);
}

static guint
score_bytes (ImapMatcher *self, const ImapKey *key, GBytes *bytes, FuzzyPlace place)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  guint score;

  return digest_fuzzy_score (self->digest, data, length, place, key->field, key->text, &score,
                             &self->error)
      ? score
      : 0;
}

static guint
score_of (ImapMatcher *self, const ImapKey *key)
{
  const SortText *kept;

  if (key->kind != IMAP_KEY_HEADER)
    return open_message (self) ? score_bytes (
               self, key, self->message, key->kind == IMAP_KEY_BODY ? FUZZY_IN_BODY : FUZZY_IN_TEXT)
                               : 0;
  kept = kept_field (self, key->field);
  if (self->error)
    return 0;
  if (kept)
    return score_kept (key->fuzzy, kept);
  return open_header (self) ? score_bytes (self, key, self->header, FUZZY_IN_FIELD) : 0;
}

/* Each word by its beginning or its end. */
static gboolean
may_hold_words (const ImapMatcher *self, const ImapKey *key)
{
  guint piece = key->word;

  for (guint i = 0; self->hits && i < key->fuzzy->count; i++) {
    gboolean may = search_hits_may_hold (self->hits, self->entry->message, piece++);
    if (key->fuzzy->words[i].tail)
      may = search_hits_may_hold (self->hits, self->entry->message, piece++) || may;
    if (!may)
      return FALSE;
  }
  return TRUE;
}

static gboolean
matches_fuzzily (ImapMatcher *self, const ImapKey *key)
{
  guint score = may_hold_words (self, key) ? score_of (self, key) : 0;

  if (score == 0)
    return FALSE;
  self->score += score;
  self->scored++;
  return TRUE;
}

/* What does not match as a whole counts for nothing. */
static gboolean
matches_all (ImapMatcher *self, const ImapKey *key)
{
  guint score = self->score, scored = self->scored;

  for (guint i = 0; i < key->children->len; i++)
    if (!matches_key (self, g_ptr_array_index (key->children, i))) {
      self->score = score;
      self->scored = scored;
      return FALSE;
    }
  return TRUE;
}

static gboolean
matches_any (ImapMatcher *self, const ImapKey *key)
{
  for (guint i = 0; i < key->children->len; i++)
    if (matches_key (self, g_ptr_array_index (key->children, i)))
      return TRUE;
  return FALSE;
}

static gboolean
matches_entry (ImapMatcher *self, const ImapKey *key)
{
  const Entry *entry = self->entry;
  gboolean recent = entry->uid >= self->recent_from;
  gint64 day = day_of (entry->date, entry->zone);

  switch (key->kind) {
  case IMAP_KEY_FLAG:
    return (entry->flags & key->mask) == key->wanted;
  case IMAP_KEY_KEYWORD:
    return ((entry->flags & key->mask) != 0) == (key->wanted != 0);
  case IMAP_KEY_RECENT:
    return recent == (key->wanted != 0);
  case IMAP_KEY_NEW:
    return recent && !(entry->flags & FLAG_SEEN);
  case IMAP_KEY_NUMBERS:
    return imap_set_contains (key->set, self->number);
  case IMAP_KEY_UIDS:
    return imap_set_contains (key->set, entry->uid);
  case IMAP_KEY_BEFORE:
    return day < key->day;
  case IMAP_KEY_ON:
    return day == key->day;
  case IMAP_KEY_SINCE:
    return day >= key->day;
  case IMAP_KEY_SAVED_BEFORE:
    return saved_day (entry) < key->day;
  case IMAP_KEY_SAVED_ON:
    return saved_day (entry) == key->day;
  case IMAP_KEY_SAVED_SINCE:
    return saved_day (entry) >= key->day;
  case IMAP_KEY_EMAIL:
  case IMAP_KEY_THREAD:
    return g_hash_table_contains (key->messages, &entry->message);
  case IMAP_KEY_OLDER:
    return entry->date <= key->day;
  case IMAP_KEY_YOUNGER:
    return entry->date >= key->day;
  case IMAP_KEY_MODSEQ:
    return entry->modseq >= key->size;
  case IMAP_KEY_LARGER:
    return entry->size > key->size;
  case IMAP_KEY_SMALLER:
    return entry->size < key->size;
  default:
    return TRUE; /* IMAP_KEY_ALL */
  }
}

static gboolean
may_hold (const ImapMatcher *self, const ImapKey *key)
{
  return !self->hits || search_hits_may_hold (self->hits, self->entry->message, key->word);
}

/* A message that the index names holds the word most probably in its body: it is opened once. */
static gboolean
open_whole (ImapMatcher *self, const ImapKey *key)
{
  return !self->hits || self->entry->size > OPEN_WHOLE_MAX || *key->text == '\0'
      || open_message (self);
}

static gboolean
matches_key (ImapMatcher *self, const ImapKey *key)
{
  if (key->fuzzy)
    return matches_fuzzily (self, key);
  switch (key->kind) {
  case IMAP_KEY_AND:
  case IMAP_KEY_FUZZY:
    return matches_all (self, key);
  case IMAP_KEY_OR:
    return matches_any (self, key);
  case IMAP_KEY_NOT:
    return !matches_any (self, key);
  case IMAP_KEY_SENT_BEFORE:
  case IMAP_KEY_SENT_ON:
  case IMAP_KEY_SENT_SINCE:
    return matches_sent (self, key);
  case IMAP_KEY_HEADER:
    return may_hold (self, key) && matches_header (self, key->field, key->text);
  case IMAP_KEY_BODY:
    return may_hold (self, key) && matches_body (self, key->text);
  case IMAP_KEY_TEXT:
    return may_hold (self, key) && open_whole (self, key)
        && (matches_header (self, NULL, key->text) || matches_body (self, key->text));
  default:
    return matches_entry (self, key);
  }
}

gboolean
imap_matcher_test (ImapMatcher *self, const Entry *entry, guint32 number, gboolean *matches,
                   GError **error)
{
  clear_entry (self);
  self->entry = entry;
  self->number = number;
  self->score = self->scored = 0;
  *matches = matches_key (self, self->program);
  if (!self->error)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&self->error));
  return FALSE;
}

guint
imap_matcher_score (const ImapMatcher *self)
{
  return self->scored > 0 ? self->score / self->scored : 100;
}
