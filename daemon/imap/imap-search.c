/* A SEARCH program: reading it into a tree. */
#include "imap/imap-search.h"

#include "imap/imap-print.h"
#include "mail/encoding.h"
#include "mail/sort-keys.h"

typedef enum {
  ARGUMENT_NONE,
  ARGUMENT_DAY,
  ARGUMENT_SIZE,
  ARGUMENT_TEXT,
  ARGUMENT_FIELD_TEXT,
  ARGUMENT_KEYWORD,
  ARGUMENT_SET,
  ARGUMENT_AGE,
  ARGUMENT_MODSEQ,
  ARGUMENT_KEY, /* FUZZY, NOT */
  ARGUMENT_TWO_KEYS, /* OR */
} Argument;

#define FLAG_IS(bit) IMAP_KEY_FLAG, ARGUMENT_NONE, bit, bit
#define FLAG_IS_NOT(bit) IMAP_KEY_FLAG, ARGUMENT_NONE, bit, 0

static const struct {
  const char *word;
  ImapKeyKind kind;
  Argument argument;
  guint64 mask, wanted;
  const char *field; /* of the fixed header keys */
} words[] = {
  { "ALL", IMAP_KEY_ALL },
  { "ANSWERED", FLAG_IS (FLAG_ANSWERED) },
  { "DELETED", FLAG_IS (FLAG_DELETED) },
  { "DRAFT", FLAG_IS (FLAG_DRAFT) },
  { "FLAGGED", FLAG_IS (FLAG_FLAGGED) },
  { "SEEN", FLAG_IS (FLAG_SEEN) },
  { "UNANSWERED", FLAG_IS_NOT (FLAG_ANSWERED) },
  { "UNDELETED", FLAG_IS_NOT (FLAG_DELETED) },
  { "UNDRAFT", FLAG_IS_NOT (FLAG_DRAFT) },
  { "UNFLAGGED", FLAG_IS_NOT (FLAG_FLAGGED) },
  { "UNSEEN", FLAG_IS_NOT (FLAG_SEEN) },
  { "NEW", IMAP_KEY_NEW },
  { "RECENT", IMAP_KEY_RECENT, ARGUMENT_NONE, 0, 1 },
  { "OLD", IMAP_KEY_RECENT, ARGUMENT_NONE, 0, 0 },
  { "KEYWORD", IMAP_KEY_KEYWORD, ARGUMENT_KEYWORD, 0, 1 },
  { "UNKEYWORD", IMAP_KEY_KEYWORD, ARGUMENT_KEYWORD, 0, 0 },
  { "BEFORE", IMAP_KEY_BEFORE, ARGUMENT_DAY },
  { "ON", IMAP_KEY_ON, ARGUMENT_DAY },
  { "SINCE", IMAP_KEY_SINCE, ARGUMENT_DAY },
  { "SENTBEFORE", IMAP_KEY_SENT_BEFORE, ARGUMENT_DAY },
  { "SENTON", IMAP_KEY_SENT_ON, ARGUMENT_DAY },
  { "SENTSINCE", IMAP_KEY_SENT_SINCE, ARGUMENT_DAY },
  { "SAVEDBEFORE", IMAP_KEY_SAVED_BEFORE, ARGUMENT_DAY },
  { "SAVEDON", IMAP_KEY_SAVED_ON, ARGUMENT_DAY },
  { "SAVEDSINCE", IMAP_KEY_SAVED_SINCE, ARGUMENT_DAY },
  { "SAVEDATESUPPORTED", IMAP_KEY_ALL },
  { "EMAILID", IMAP_KEY_EMAIL, ARGUMENT_KEYWORD },
  { "THREADID", IMAP_KEY_THREAD, ARGUMENT_KEYWORD },
  { "LARGER", IMAP_KEY_LARGER, ARGUMENT_SIZE },
  { "SMALLER", IMAP_KEY_SMALLER, ARGUMENT_SIZE },
  { "OLDER", IMAP_KEY_OLDER, ARGUMENT_AGE },
  { "YOUNGER", IMAP_KEY_YOUNGER, ARGUMENT_AGE },
  { "MODSEQ", IMAP_KEY_MODSEQ, ARGUMENT_MODSEQ },
  { "UID", IMAP_KEY_UIDS, ARGUMENT_SET },
  { "BCC", IMAP_KEY_HEADER, ARGUMENT_TEXT, 0, 0, "Bcc" },
  { "CC", IMAP_KEY_HEADER, ARGUMENT_TEXT, 0, 0, "Cc" },
  { "FROM", IMAP_KEY_HEADER, ARGUMENT_TEXT, 0, 0, "From" },
  { "SUBJECT", IMAP_KEY_HEADER, ARGUMENT_TEXT, 0, 0, "Subject" },
  { "TO", IMAP_KEY_HEADER, ARGUMENT_TEXT, 0, 0, "To" },
  { "HEADER", IMAP_KEY_HEADER, ARGUMENT_FIELD_TEXT },
  { "BODY", IMAP_KEY_BODY, ARGUMENT_TEXT },
  { "TEXT", IMAP_KEY_TEXT, ARGUMENT_TEXT },
  { "FUZZY", IMAP_KEY_FUZZY, ARGUMENT_KEY },
  { "NOT", IMAP_KEY_NOT, ARGUMENT_KEY },
  { "OR", IMAP_KEY_OR, ARGUMENT_TWO_KEYS },
};

typedef struct {
  ImapParser *parser;
  guint depth, keys; /* bounds on what a hostile program costs */
  gboolean fuzzy;
} Reading;

static ImapKey *read_key (Reading *reading);

static ImapKey *
key_new (ImapKeyKind kind)
{
  ImapKey *self = g_new0 (ImapKey, 1);

  self->kind = kind;
  self->children = g_ptr_array_new_with_free_func ((GDestroyNotify)imap_key_free);
  return self;
}

void
imap_key_free (ImapKey *self)
{
  g_ptr_array_unref (self->children);
  g_clear_pointer (&self->set, g_array_unref);
  g_clear_pointer (&self->messages, g_hash_table_unref);
  g_clear_pointer (&self->fuzzy, fuzzy_query_free);
  g_free (self->field);
  g_free (self->text);
  g_free (self->folded);
  g_free (self);
}

gboolean
imap_key_is_costly (const ImapKey *self)
{
  if (self->kind >= IMAP_KEY_HEADER)
    return TRUE;
  for (guint i = 0; i < self->children->len; i++)
    if (imap_key_is_costly (g_ptr_array_index (self->children, i)))
      return TRUE;
  return FALSE;
}

gboolean
imap_key_opens_messages (const ImapKey *self)
{
  SearchField field;

  if (self->kind >= IMAP_KEY_HEADER)
    return self->kind != IMAP_KEY_HEADER || *self->text == '\0'
        || !search_field_of (self->field, &field);
  for (guint i = 0; i < self->children->len; i++)
    if (imap_key_opens_messages (g_ptr_array_index (self->children, i)))
      return TRUE;
  return FALSE;
}

static gboolean
read_child (Reading *reading, ImapKey *self)
{
  ImapKey *child = read_key (reading);

  if (!child)
    return FALSE;
  g_ptr_array_add (self->children, child);
  return TRUE;
}

/* Within NOT nothing is fuzzy: only what surely matches is left out. */
static gboolean
read_only_child (Reading *reading, ImapKey *self)
{
  gboolean outside = reading->fuzzy, read;

  reading->fuzzy = self->kind == IMAP_KEY_FUZZY;
  read = read_child (reading, self);
  reading->fuzzy = outside;
  return read;
}

static gboolean
read_text (ImapParser *parser, gboolean fuzzy, ImapKey *self)
{
  g_autofree char *text = imap_parser_astring (parser);

  /* Old clients send 8-bit text without CHARSET; what is not UTF-8 matches nothing sensibly. */
  if (!text)
    return FALSE;
  if (!g_utf8_validate (text, -1, NULL)) {
    char *valid = g_utf8_make_valid (text, -1);
    g_free (text);
    text = valid;
  }
  self->fuzzy = fuzzy ? fuzzy_query_new (text) : NULL;
  self->text = text_casemap (text);
  self->folded = text_fold (text);
  return TRUE;
}

static gboolean
read_keyword (ImapParser *parser, ImapKey *self)
{
  self->text = imap_parser_atom (parser);
  return self->text != NULL;
}

/* What the last SEARCH with SAVE has found (RFC 5182 §2.1). */
static gboolean
read_set (ImapParser *parser, ImapKey *self)
{
  if (imap_parser_take (parser, '$')) {
    self->kind = IMAP_KEY_RESULT;
    return TRUE;
  }
  self->set = imap_set_parse (parser);
  return self->set != NULL;
}

/* Seconds before now (RFC 5032). */
static gboolean
read_age (ImapParser *parser, ImapKey *self)
{
  guint32 seconds;

  if (!imap_parser_number (parser, &seconds) || seconds == 0)
    return FALSE;
  self->day = g_get_real_time () / G_USEC_PER_SEC - seconds;
  return TRUE;
}

/* [entry-name SP entry-type SP] mod-sequence: a message has one for all its flags, so that the name
 * is passed over (RFC 7162 §3.1.5). */
static gboolean
read_modseq (ImapParser *parser, ImapKey *self)
{
  static const char *const types[] = { "ALL", "PRIV", "SHARED" };
  gboolean typed = FALSE;

  if (imap_parser_peek (parser) == '"') {
    g_autofree char *name = imap_parser_string (parser);
    if (!name || !imap_parser_space (parser))
      return FALSE;
    for (gsize i = 0; !typed && i < G_N_ELEMENTS (types); i++)
      typed = imap_parser_word (parser, types[i]);
    if (!typed || !imap_parser_space (parser))
      return FALSE;
  }
  return imap_parser_number64 (parser, &self->size);
}

static gboolean
read_argument (Reading *reading, ImapKey *self, Argument argument)
{
  ImapParser *parser = reading->parser;

  if (argument != ARGUMENT_NONE && !imap_parser_space (parser))
    return FALSE;
  switch (argument) {
  case ARGUMENT_NONE:
    return TRUE;
  case ARGUMENT_DAY:
    return imap_parser_date (parser, &self->day);
  case ARGUMENT_SIZE:
    return imap_parser_number64 (parser, &self->size);
  case ARGUMENT_TEXT:
    return read_text (parser, reading->fuzzy, self);
  case ARGUMENT_FIELD_TEXT:
    self->field = imap_parser_astring (parser);
    return self->field && imap_parser_space (parser) && read_text (parser, reading->fuzzy, self);
  case ARGUMENT_KEYWORD:
    return read_keyword (parser, self);
  case ARGUMENT_SET:
    return read_set (parser, self);
  case ARGUMENT_AGE:
    return read_age (parser, self);
  case ARGUMENT_MODSEQ:
    return read_modseq (parser, self);
  case ARGUMENT_KEY:
    return read_only_child (reading, self);
  case ARGUMENT_TWO_KEYS:
    return read_child (reading, self) && imap_parser_space (parser) && read_child (reading, self);
  }
  return FALSE;
}

static ImapKey *
read_word (Reading *reading)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (ImapKey) self = NULL;
    if (!imap_parser_word (reading->parser, words[i].word))
      continue;
    self = key_new (words[i].kind);
    self->mask = words[i].mask;
    self->wanted = words[i].wanted;
    self->field = g_strdup (words[i].field);
    return read_argument (reading, self, words[i].argument) ? g_steal_pointer (&self) : NULL;
  }
  return NULL;
}

/* key *(SP key), joined by AND. Cheap keys come first, so that most messages are not opened. */
static ImapKey *
read_keys (Reading *reading)
{
  g_autoptr (ImapKey) all = key_new (IMAP_KEY_AND);
  g_autoptr (GPtrArray) costly = g_ptr_array_new ();

  do {
    ImapKey *key = read_key (reading);
    if (!key) {
      g_ptr_array_set_free_func (costly, (GDestroyNotify)imap_key_free);
      return NULL;
    }
    g_ptr_array_add (imap_key_is_costly (key) ? costly : all->children, key);
  } while (imap_parser_space (reading->parser));
  for (guint i = 0; i < costly->len; i++)
    g_ptr_array_add (all->children, g_ptr_array_index (costly, i));
  return g_steal_pointer (&all);
}

static ImapKey *
read_group (Reading *reading)
{
  g_autoptr (ImapKey) group = NULL;

  if (!imap_parser_take (reading->parser, '('))
    return NULL;
  group = read_keys (reading);
  return group && imap_parser_take (reading->parser, ')') ? g_steal_pointer (&group) : NULL;
}

static ImapKey *
read_numbers (Reading *reading)
{
  g_autoptr (ImapKey) self = key_new (IMAP_KEY_NUMBERS);

  return read_set (reading->parser, self) ? g_steal_pointer (&self) : NULL;
}

static ImapKey *
read_key (Reading *reading)
{
  guint8 next = imap_parser_peek (reading->parser);
  ImapKey *key;

  if (reading->depth == IMAP_SEARCH_DEPTH_MAX || ++reading->keys > IMAP_SEARCH_KEYS_MAX)
    return NULL;
  reading->depth++;
  if (next == '(')
    key = read_group (reading);
  else if (next == '*' || next == '$' || g_ascii_isdigit (next))
    key = read_numbers (reading);
  else
    key = read_word (reading);
  reading->depth--;
  return key;
}

/* US-ASCII is a part of UTF-8, so both are read alike. */
static gboolean
read_charset (ImapParser *parser, ImapSearchError *error)
{
  g_autofree char *charset = imap_parser_astring (parser);

  if (!charset || !imap_parser_space (parser))
    return FALSE;
  if (g_ascii_strcasecmp (charset, "UTF-8") == 0 || g_ascii_strcasecmp (charset, "US-ASCII") == 0)
    return TRUE;
  *error = IMAP_SEARCH_BAD_CHARSET;
  return FALSE;
}

static ImapKey *
read_program (ImapParser *parser)
{
  Reading reading = { parser };
  g_autoptr (ImapKey) program = read_keys (&reading);

  return program && imap_parser_at_end (parser) ? g_steal_pointer (&program) : NULL;
}

ImapKey *
imap_search_parse (ImapParser *parser, ImapSearchError *error)
{
  *error = IMAP_SEARCH_MALFORMED;
  if (imap_parser_word (parser, "CHARSET")
      && (!imap_parser_space (parser) || !read_charset (parser, error)))
    return NULL;
  return read_program (parser);
}

ImapKey *
imap_search_parse_charset (ImapParser *parser, ImapSearchError *error)
{
  *error = IMAP_SEARCH_MALFORMED;
  return read_charset (parser, error) ? read_program (parser) : NULL;
}

gboolean
imap_key_contains (const ImapKey *self, ImapKeyKind kind)
{
  if (self->kind == kind)
    return TRUE;
  for (guint i = 0; i < self->children->len; i++)
    if (imap_key_contains (g_ptr_array_index (self->children, i), kind))
      return TRUE;
  return FALSE;
}

gboolean
imap_search_bind (ImapKey *self, const ImapSequence *sequence, GArray *saved)
{
  if (self->kind == IMAP_KEY_RESULT) {
    self->kind = IMAP_KEY_UIDS;
    self->set = saved ? g_array_ref (saved) : g_array_new (FALSE, FALSE, sizeof (UidRange));
  } else if (self->set) {
    gboolean by_uid = self->kind == IMAP_KEY_UIDS;
    guint32 star = by_uid ? imap_sequence_last_uid (sequence) : imap_sequence_count (sequence);
    GArray *resolved = imap_set_resolve (self->set, star);
    g_array_unref (self->set);
    self->set = resolved;
    if (!by_uid && resolved->len > 0
        && g_array_index (resolved, UidRange, resolved->len - 1).last > star)
      return FALSE;
  }
  for (guint i = 0; i < self->children->len; i++)
    if (!imap_search_bind (g_ptr_array_index (self->children, i), sequence, saved))
      return FALSE;
  return TRUE;
}

void
imap_search_words (ImapKey *self, GPtrArray *found_words)
{
  if (self->kind >= IMAP_KEY_HEADER) {
    self->word = found_words->len;
    if (!self->fuzzy)
      g_ptr_array_add (found_words, self->folded);
    for (guint i = 0; self->fuzzy && i < self->fuzzy->count; i++) {
      g_ptr_array_add (found_words, self->fuzzy->words[i].head);
      if (self->fuzzy->words[i].tail)
        g_ptr_array_add (found_words, self->fuzzy->words[i].tail);
    }
  }
  for (guint i = 0; i < self->children->len; i++)
    imap_search_words (g_ptr_array_index (self->children, i), found_words);
}
