/* The section of BODY[…]. */
#include "imap/imap-section.h"

#include <string.h>

#include "imap/imap-print.h"

static const struct {
  const char *word;
  ImapSectionKind kind;
  gboolean needs_part;
} kinds[] = {
  { "HEADER.FIELDS.NOT", IMAP_SECTION_FIELDS_NOT, FALSE },
  { "HEADER.FIELDS", IMAP_SECTION_FIELDS, FALSE },
  { "HEADER", IMAP_SECTION_HEADER, FALSE },
  { "TEXT", IMAP_SECTION_TEXT, FALSE },
  { "MIME", IMAP_SECTION_MIME, TRUE },
};

static ImapSection *
section_new (ImapSectionKind kind, gboolean marks_seen)
{
  ImapSection *self = g_new0 (ImapSection, 1);

  self->kind = kind;
  self->marks_seen = marks_seen;
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->fields = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
imap_section_free (ImapSection *self)
{
  g_array_unref (self->numbers);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

ImapSection *
imap_section_new_alias (const char *alias, ImapSectionKind kind, gboolean marks_seen)
{
  ImapSection *self = section_new (kind, marks_seen);

  self->alias = alias;
  return self;
}

gboolean
imap_section_chooses_fields (const ImapSection *self)
{
  return self->kind == IMAP_SECTION_FIELDS || self->kind == IMAP_SECTION_FIELDS_NOT;
}

/* "1.2" and the dot before a word, if one follows. */
static gboolean
parse_numbers (ImapParser *parser, ImapSection *self, gboolean *word_follows)
{
  *word_follows = imap_parser_peek (parser) != ']';
  while (g_ascii_isdigit (imap_parser_peek (parser))) {
    guint32 number;
    if (!imap_parser_number (parser, &number) || number == 0
        || self->numbers->len == IMAP_SECTION_DEPTH_MAX)
      return FALSE;
    g_array_append_val (self->numbers, number);
    *word_follows = imap_parser_take (parser, '.');
    if (!*word_follows)
      break;
  }
  return TRUE;
}

static gboolean
parse_field (ImapParser *parser, gpointer data)
{
  ImapSection *self = data;
  char *name = imap_parser_astring (parser);

  if (!name || self->fields->len == IMAP_SECTION_FIELDS_MAX) {
    g_free (name);
    return FALSE;
  }
  g_ptr_array_add (self->fields, name);
  return TRUE;
}

static gboolean
parse_kind (ImapParser *parser, ImapSection *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (!imap_parser_word (parser, kinds[i].word))
      continue;
    self->kind = kinds[i].kind;
    if (kinds[i].needs_part && self->numbers->len == 0)
      return FALSE;
    if (!imap_section_chooses_fields (self))
      return TRUE;
    return imap_parser_space (parser) && imap_parser_list (parser, parse_field, self)
        && self->fields->len > 0;
  }
  return FALSE;
}

static gboolean
parse_partial (ImapParser *parser, ImapSection *self)
{
  if (!imap_parser_take (parser, '<'))
    return TRUE;
  self->partial = TRUE;
  return imap_parser_number64 (parser, &self->offset) && imap_parser_take (parser, '.')
      && imap_parser_number64 (parser, &self->length) && self->length > 0
      && imap_parser_take (parser, '>');
}

ImapSection *
imap_section_parse (ImapParser *parser, gboolean marks_seen)
{
  g_autoptr (ImapSection) self = section_new (IMAP_SECTION_ALL, marks_seen);
  gsize start = parser->position;
  gboolean word_follows;

  if (imap_parser_take (parser, '[') && parse_numbers (parser, self, &word_follows)
      && (!word_follows || parse_kind (parser, self)) && imap_parser_take (parser, ']')
      && parse_partial (parser, self))
    return g_steal_pointer (&self);
  parser->position = start;
  return NULL;
}

ImapSection *
imap_section_parse_binary (ImapParser *parser, gboolean marks_seen, gboolean size)
{
  g_autoptr (ImapSection) self = section_new (IMAP_SECTION_ALL, marks_seen);
  gsize start = parser->position;
  gboolean word_follows;

  self->binary = TRUE;
  self->size = size;
  if (imap_parser_take (parser, '[') && parse_numbers (parser, self, &word_follows) && !word_follows
      && imap_parser_take (parser, ']') && (size || parse_partial (parser, self)))
    return g_steal_pointer (&self);
  parser->position = start;
  return NULL;
}

static void
print_kind (const ImapSection *self, GString *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (kinds[i].kind != self->kind)
      continue;
    if (self->numbers->len > 0)
      g_string_append_c (out, '.');
    g_string_append (out, kinds[i].word);
  }
  if (!imap_section_chooses_fields (self))
    return;
  for (guint i = 0; i < self->fields->len; i++) {
    g_autofree char *atom = NULL;
    const char *name = g_ptr_array_index (self->fields, i);
    ImapParser parser = imap_parser (name, strlen (name));
    g_string_append (out, i == 0 ? " (" : " ");
    atom = imap_parser_atom (&parser);
    if (atom && imap_parser_at_end (&parser))
      g_string_append (out, name);
    else
      imap_print_string (out, name);
  }
  g_string_append_c (out, ')');
}

void
imap_section_print (const ImapSection *self, GString *out)
{
  if (self->alias) {
    g_string_append (out, self->alias);
    return;
  }
  g_string_append (out, self->size ? "BINARY.SIZE[" : self->binary ? "BINARY[" : "BODY[");
  for (guint i = 0; i < self->numbers->len; i++) {
    if (i > 0)
      g_string_append_c (out, '.');
    imap_print_number (out, g_array_index (self->numbers, guint, i));
  }
  print_kind (self, out);
  g_string_append_c (out, ']');
  if (self->partial) {
    g_string_append_c (out, '<');
    imap_print_number (out, self->offset);
    g_string_append_c (out, '>');
  }
}

static gboolean
message_range (const ImapSection *self, Summary *summary, guint64 size, ByteRange *range)
{
  ByteRange header = summary_header (summary);
  gsize header_end = MIN (header.offset + header.length, size);

  switch (self->kind) {
  case IMAP_SECTION_ALL:
    *range = (ByteRange) { 0, size };
    return TRUE;
  case IMAP_SECTION_TEXT:
    *range = (ByteRange) { header_end, size - header_end };
    return TRUE;
  case IMAP_SECTION_MIME:
    return FALSE;
  default:
    *range = header;
    return TRUE;
  }
}

static gboolean
part_range (const ImapSection *self, const SummaryPart *part, ByteRange *range)
{
  switch (self->kind) {
  case IMAP_SECTION_ALL:
    *range = part->body;
    return TRUE;
  case IMAP_SECTION_MIME:
    *range = part->mime;
    return TRUE;
  case IMAP_SECTION_TEXT:
    *range = part->inner_text;
    return part->is_message;
  default:
    *range = part->inner_header;
    return part->is_message;
  }
}

gboolean
imap_section_range (const ImapSection *self, Summary *summary, guint64 size, ByteRange *range)
{
  SummaryPart part;
  gboolean found;

  if (self->numbers->len == 0)
    found = message_range (self, summary, size, range);
  else
    found = summary_part (summary, (const guint *)self->numbers->data, self->numbers->len, &part)
        && part_range (self, &part, range);
  if (!found || range->offset > size)
    return FALSE;
  range->length = MIN (range->length, size - range->offset);
  return TRUE;
}

static gboolean
names_field (const ImapSection *self, const guint8 *header, const HeaderField *field)
{
  for (guint i = 0; i < self->fields->len; i++) {
    const char *name = g_ptr_array_index (self->fields, i);
    if (strlen (name) == field->name.length
        && g_ascii_strncasecmp (name, (const char *)header + field->name.offset, field->name.length)
            == 0)
      return TRUE;
  }
  return FALSE;
}

GByteArray *
imap_section_choose (const ImapSection *self, const guint8 *header, gsize length)
{
  GByteArray *chosen = g_byte_array_new ();
  gsize position = 0;
  HeaderField field;

  while (header_next (header, length, &position, &field))
    if (names_field (self, header, &field) == (self->kind == IMAP_SECTION_FIELDS))
      g_byte_array_append (chosen, header + field.whole.offset, (guint)field.whole.length);
  g_byte_array_append (chosen, (const guint8 *)"\r\n", 2);
  return chosen;
}

void
imap_section_cut (const ImapSection *self, ByteRange *range)
{
  gsize skip;

  if (!self->partial)
    return;
  skip = MIN (self->offset, range->length);
  range->offset += skip;
  range->length = MIN (self->length, range->length - skip);
}
