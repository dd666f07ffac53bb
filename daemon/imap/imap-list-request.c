/* What a LIST asks for. */
#include "imap/imap-list-request.h"

#include <string.h>

#include "imap/imap-status.h"

typedef struct {
  const char *word;
  guint option;
} OptionWord;

static const OptionWord select_words[] = {
  { "SUBSCRIBED", IMAP_LIST_SUBSCRIBED },
  { "SPECIAL-USE", IMAP_LIST_SPECIAL_USE },
  { "RECURSIVEMATCH", IMAP_LIST_RECURSIVE },
  { "REMOTE", IMAP_LIST_REMOTE },
};

static const OptionWord return_words[] = {
  { "SUBSCRIBED", IMAP_LIST_SUBSCRIBED }, { "SPECIAL-USE", IMAP_LIST_SPECIAL_USE },
  { "CHILDREN", IMAP_LIST_CHILDREN },     { "STATUS", IMAP_LIST_STATUS },
  { "MYRIGHTS", IMAP_LIST_MYRIGHTS },
};

void
imap_list_request_free (ImapListRequest *self)
{
  g_free (self->reference);
  g_ptr_array_unref (self->patterns);
  g_free (self);
}

static guint
take_word (ImapParser *parser, const OptionWord *words, gsize count)
{
  for (gsize i = 0; i < count; i++)
    if (imap_parser_word (parser, words[i].word))
      return words[i].option;
  return 0;
}

static gboolean
take_select (ImapParser *parser, gpointer data)
{
  ImapListRequest *self = data;
  guint option = take_word (parser, select_words, G_N_ELEMENTS (select_words));

  self->select |= option;
  return option != 0;
}

static gboolean
take_return (ImapParser *parser, gpointer data)
{
  ImapListRequest *self = data;
  guint option = take_word (parser, return_words, G_N_ELEMENTS (return_words));

  self->return_ |= option;
  if (option != IMAP_LIST_STATUS)
    return option != 0;
  if (!imap_parser_space (parser))
    return FALSE;
  self->status = imap_status_parse (parser);
  return self->status != 0;
}

/* RECURSIVEMATCH says how another option is meant: it cannot stand alone (RFC 5258 §3.1). */
static gboolean
select_makes_sense (guint select)
{
  return !(select & IMAP_LIST_RECURSIVE) || select & (IMAP_LIST_SUBSCRIBED | IMAP_LIST_SPECIAL_USE);
}

typedef struct {
  ImapListRequest *request;
  gsize bytes;
} PatternTaking;

static gboolean
take_pattern (ImapParser *parser, gpointer data)
{
  PatternTaking *taking = data;
  GPtrArray *patterns = taking->request->patterns;
  g_autofree char *pattern = imap_parser_list_mailbox (parser);
  char *whole;

  if (!pattern || patterns->len == IMAP_LIST_PATTERNS_MAX)
    return FALSE;
  whole = g_strconcat (taking->request->reference, pattern, NULL);
  g_ptr_array_add (patterns, whole);
  taking->bytes += strlen (whole);
  return taking->bytes <= IMAP_LIST_PATTERN_BYTES_MAX;
}

static gboolean
take_patterns (ImapParser *parser, ImapListRequest *self, gboolean plain)
{
  PatternTaking taking = { self, 0 };

  if (plain || imap_parser_peek (parser) != '(')
    return take_pattern (parser, &taking);
  self->extended = TRUE;
  return imap_parser_list (parser, take_pattern, &taking) && self->patterns->len > 0;
}

static gboolean
take_options (ImapParser *parser, ImapListRequest *self)
{
  if (imap_parser_peek (parser) != '(')
    return TRUE;
  self->extended = TRUE;
  return imap_parser_list (parser, take_select, self) && select_makes_sense (self->select)
      && imap_parser_space (parser);
}

static gboolean
take_return_options (ImapParser *parser, ImapListRequest *self)
{
  if (imap_parser_at_end (parser))
    return TRUE;
  self->extended = TRUE;
  return imap_parser_space (parser) && imap_parser_word (parser, "RETURN")
      && imap_parser_space (parser) && imap_parser_list (parser, take_return, self);
}

ImapListRequest *
imap_list_request_parse (ImapParser *parser, gboolean plain)
{
  g_autoptr (ImapListRequest) self = g_new0 (ImapListRequest, 1);

  self->utf8 = parser->utf8;
  self->patterns = g_ptr_array_new_with_free_func (g_free);
  if (!imap_parser_space (parser) || (!plain && !take_options (parser, self)))
    return NULL;
  self->reference = imap_parser_astring (parser);
  if (!self->reference || !imap_parser_space (parser) || !take_patterns (parser, self, plain)
      || (!plain && !take_return_options (parser, self)) || !imap_parser_at_end (parser))
    return NULL;
  return g_steal_pointer (&self);
}
