/* What a FETCH asks for. */
#include "imap/imap-items.h"

#define FAST (IMAP_ITEM_FLAGS | IMAP_ITEM_DATE | IMAP_ITEM_SIZE)

static const struct {
  const char *word;
  guint what;
} macros[] = {
  { "ALL", FAST | IMAP_ITEM_ENVELOPE },
  { "FULL", FAST | IMAP_ITEM_ENVELOPE | IMAP_ITEM_BODY },
  { "FAST", FAST },
};

/* Longer words before those they begin with. */
static const struct {
  const char *word;
  guint what;
} plain[] = {
  { "UID", IMAP_ITEM_UID },
  { "MODSEQ", IMAP_ITEM_MODSEQ },
  { "FLAGS", IMAP_ITEM_FLAGS },
  { "INTERNALDATE", IMAP_ITEM_DATE },
  { "RFC822.SIZE", IMAP_ITEM_SIZE },
  { "ENVELOPE", IMAP_ITEM_ENVELOPE },
  { "BODYSTRUCTURE", IMAP_ITEM_STRUCTURE },
  { "SAVEDATE", IMAP_ITEM_SAVE_DATE },
  { "EMAILID", IMAP_ITEM_EMAIL_ID },
  { "THREADID", IMAP_ITEM_THREAD_ID },
};

static const struct {
  const char *word;
  ImapSectionKind kind;
  gboolean marks_seen;
} aliases[] = {
  { "RFC822.HEADER", IMAP_SECTION_HEADER, FALSE },
  { "RFC822.TEXT", IMAP_SECTION_TEXT, TRUE },
  { "RFC822", IMAP_SECTION_ALL, TRUE },
};

ImapItems *
imap_items_new (guint what)
{
  ImapItems *self = g_new0 (ImapItems, 1);

  self->what = what;
  self->sections = g_ptr_array_new_with_free_func ((GDestroyNotify)imap_section_free);
  return self;
}

void
imap_items_free (ImapItems *self)
{
  g_ptr_array_unref (self->sections);
  g_free (self);
}

static gboolean
add_section (ImapItems *self, ImapSection *section)
{
  if (!section)
    return FALSE;
  g_ptr_array_add (self->sections, section);
  return self->sections->len <= IMAP_SECTIONS_MAX;
}

static gboolean
parse_lazy (ImapParser *parser, gpointer data)
{
  gboolean *lazy = data;

  *lazy = imap_parser_word (parser, "LAZY");
  return *lazy;
}

/* "PREVIEW" and its modifiers (RFC 8970 §6). A list that is none of theirs belongs to FETCH. */
static void
parse_preview (ImapItems *self, ImapParser *parser)
{
  gsize start = parser->position;
  gboolean lazy = FALSE;

  self->what |= IMAP_ITEM_PREVIEW;
  if (imap_parser_space (parser) && imap_parser_list (parser, parse_lazy, &lazy) && lazy)
    self->what |= IMAP_ITEM_LAZY;
  else
    parser->position = start;
}

static gboolean
parse_item (ImapParser *parser, gpointer data)
{
  ImapItems *self = data;

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    if (imap_parser_word (parser, plain[i].word)) {
      self->what |= plain[i].what;
      return TRUE;
    }
  if (imap_parser_word (parser, "PREVIEW")) {
    parse_preview (self, parser);
    return TRUE;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (aliases); i++)
    if (imap_parser_word (parser, aliases[i].word))
      return add_section (
          self, imap_section_new_alias (aliases[i].word, aliases[i].kind, aliases[i].marks_seen));
  if (imap_parser_word (parser, "BINARY.SIZE"))
    return add_section (self, imap_section_parse_binary (parser, FALSE, TRUE));
  if (imap_parser_word (parser, "BINARY.PEEK"))
    return add_section (self, imap_section_parse_binary (parser, FALSE, FALSE));
  if (imap_parser_word (parser, "BINARY"))
    return add_section (self, imap_section_parse_binary (parser, TRUE, FALSE));
  if (imap_parser_word (parser, "BODY.PEEK"))
    return add_section (self, imap_section_parse (parser, FALSE));
  if (!imap_parser_word (parser, "BODY"))
    return FALSE;
  if (imap_parser_peek (parser) == '[')
    return add_section (self, imap_section_parse (parser, TRUE));
  self->what |= IMAP_ITEM_BODY;
  return TRUE;
}

ImapItems *
imap_items_parse (ImapParser *parser)
{
  g_autoptr (ImapItems) self = imap_items_new (0);
  gsize start = parser->position;

  for (gsize i = 0; i < G_N_ELEMENTS (macros); i++)
    if (imap_parser_word (parser, macros[i].word)) {
      self->what = macros[i].what;
      return g_steal_pointer (&self);
    }
  if (imap_parser_peek (parser) == '(') {
    if (imap_parser_list (parser, parse_item, self) && (self->what || self->sections->len))
      return g_steal_pointer (&self);
  } else if (parse_item (parser, self)) {
    return g_steal_pointer (&self);
  }
  parser->position = start;
  return NULL;
}

gboolean
imap_items_mark_seen (const ImapItems *self)
{
  for (guint i = 0; i < self->sections->len; i++)
    if (((ImapSection *)g_ptr_array_index (self->sections, i))->marks_seen)
      return TRUE;
  return FALSE;
}

gboolean
imap_items_need_summary (const ImapItems *self)
{
  return self->sections->len > 0
      || (self->what
          & (IMAP_ITEM_ENVELOPE | IMAP_ITEM_BODY | IMAP_ITEM_STRUCTURE | IMAP_ITEM_PREVIEW))
      != 0;
}
