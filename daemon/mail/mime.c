/* Reads a message's MIME tree in one pass over its lines. */
#include "mail/mime.h"
#include "mail/encoding.h"
#include "mail/parameter.h"
#include <string.h>

#define BOUNDARY_MAX 1000 /* RFC 2046 §5.1.1 allows 70 */
#define FIELD_MAX 16384 /* of one Content-* field we look at so much */
#define TEXT_MAX 1000 /* of a Content-ID, a description … */

typedef struct {
  char *text;
  gsize length;
  guint32 hash;
} Boundary;

/* A delimiter line, or the end of the message. */
typedef struct {
  int level; /* index into the open boundaries; -1: the message's end */
  gboolean is_close;
  gsize line; /* where the delimiter line begins */
  gsize end; /* where what stands before it ends: the line end before it is the delimiter's */
  guint64 lines; /* in what stands before it, since the start of the message */
} Delimiter;

typedef struct {
  const guint8 *bytes;
  gsize length;
  gsize position; /* of the next line */
  guint64 lines; /* read so far */
  gboolean was_empty; /* the line read last was */
  GArray *open; /* Boundary: of the multiparts around the position */
  guint parts, parts_max, depth_max;
} MimeParser;

typedef struct {
  gsize start, content_end, end; /* content_end: without the line end */
} Line;

static void
boundary_clear (gpointer data)
{
  g_free (((Boundary *)data)->text);
}

/* FNV-1a: lets a line be compared with a hundred open boundaries at the price of one. */
static guint32
hash_bytes (const guint8 *bytes, gsize length)
{
  guint32 hash = 2166136261u;

  for (gsize i = 0; i < length; i++)
    hash = (hash ^ bytes[i]) * 16777619u;
  return hash;
}

static gboolean
read_line (MimeParser *self, Line *line)
{
  const guint8 *feed;

  if (self->position >= self->length)
    return FALSE;
  line->start = self->position;
  feed = memchr (self->bytes + line->start, '\n', self->length - line->start);
  line->end = feed != NULL ? (gsize)(feed - self->bytes) + 1 : self->length;
  line->content_end = line->end;
  if (feed != NULL) {
    line->content_end--;
    if (line->content_end > line->start && self->bytes[line->content_end - 1] == '\r')
      line->content_end--;
  }
  return TRUE;
}

static void
take_line (MimeParser *self, const Line *line)
{
  self->position = line->end;
  self->lines++;
  self->was_empty = line->content_end == line->start;
}

/* The innermost open boundary that is exactly TEXT, or -1. */
static int
find_boundary (const MimeParser *self, const guint8 *text, gsize length)
{
  guint32 hash;

  if (length == 0 || length > BOUNDARY_MAX)
    return -1;
  hash = hash_bytes (text, length);
  for (guint i = self->open->len; i > 0; i--) {
    const Boundary *boundary = &g_array_index (self->open, Boundary, i - 1);

    if (boundary->hash == hash && boundary->length == length
        && memcmp (boundary->text, text, length) == 0)
      return (int)i - 1;
  }
  return -1;
}

/* delimiter = "--" boundary *LWSP, close-delimiter has "--" behind the boundary (RFC 2046 §5.1.1).
 * The whole line has to fit, not only its beginning: boundaries that begin like one another
 * ("=_a", "=_a.1") are common, and the grammar allows nothing but blanks behind them. */
static gboolean
is_delimiter (const MimeParser *self, const Line *line, Delimiter *delimiter)
{
  const guint8 *text = self->bytes + line->start;
  gsize length = line->content_end - line->start;
  gsize line_end = line->start;

  if (self->open->len == 0 || length < 3 || text[0] != '-' || text[1] != '-')
    return FALSE;
  while (length > 2 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
    length--;
  delimiter->is_close = FALSE;
  delimiter->level = find_boundary (self, text + 2, length - 2);
  if (delimiter->level < 0 && length > 4 && text[length - 1] == '-' && text[length - 2] == '-') {
    delimiter->is_close = TRUE;
    delimiter->level = find_boundary (self, text + 2, length - 4);
  }
  if (delimiter->level < 0)
    return FALSE;

  if (line_end > 0 && self->bytes[line_end - 1] == '\n')
    line_end--;
  if (line_end > 0 && line_end < line->start && self->bytes[line_end - 1] == '\r')
    line_end--;
  delimiter->line = line->start;
  delimiter->end = line_end;
  delimiter->lines = self->lines - (self->was_empty ? 1 : 0);
  return TRUE;
}

static void
end_of_message (const MimeParser *self, Delimiter *delimiter)
{
  *delimiter = (Delimiter) { -1, TRUE, self->length, self->length, self->lines };
}

/* Passes over lines up to the next delimiter of any open multipart and takes that line too. */
static void
find_delimiter (MimeParser *self, Delimiter *delimiter)
{
  Line line;

  while (read_line (self, &line)) {
    if (is_delimiter (self, &line, delimiter)) {
      take_line (self, &line);
      return;
    }
    take_line (self, &line);
  }
  end_of_message (self, delimiter);
}

/* Passes over a header. FALSE: a delimiter or the end came before the empty line. */
static gboolean
find_header_end (MimeParser *self, Delimiter *delimiter)
{
  Line line;

  while (read_line (self, &line)) {
    gboolean ends_here = is_delimiter (self, &line, delimiter);

    take_line (self, &line);
    if (ends_here)
      return FALSE;
    if (self->was_empty)
      return TRUE;
  }
  end_of_message (self, delimiter);
  return FALSE;
}

static MimePart *
mime_part_new (gsize offset)
{
  MimePart *part = g_new0 (MimePart, 1);

  part->header.offset = offset;
  return part;
}

void
mime_part_free (MimePart *part)
{
  g_free (part->type);
  g_free (part->subtype);
  g_clear_pointer (&part->parameters, g_ptr_array_unref);
  g_free (part->encoding);
  g_free (part->id);
  g_free (part->description);
  g_free (part->md5);
  g_free (part->language);
  g_free (part->location);
  g_free (part->disposition);
  g_clear_pointer (&part->disposition_parameters, g_ptr_array_unref);
  g_clear_pointer (&part->children, g_ptr_array_unref);
  g_free (part);
}

static void
set_type (MimePart *part, const char *type, const char *subtype)
{
  g_free (part->type);
  g_free (part->subtype);
  part->type = g_strdup (type);
  part->subtype = g_strdup (subtype);
}

/* A Content-Type that is no type counts as text/plain (RFC 2045 §5.2). */
static void
read_type (MimePart *part, const char *value)
{
  g_autofree char *type = parameter_parse (value, &part->parameters);
  char *slash = type != NULL ? strchr (type, '/') : NULL;

  if (slash == NULL || slash[1] == '\0') {
    set_type (part, "text", "plain");
    return;
  }
  *slash = '\0';
  set_type (part, type, slash + 1);
}

static void
read_disposition (MimePart *part, const char *value)
{
  part->disposition = parameter_parse (value, &part->disposition_parameters);
}

static void
read_encoding (MimePart *part, const char *value)
{
  part->encoding = parameter_parse (value, NULL);
}

static char *
bounded_text (const char *value)
{
  g_autofree char *cut = g_strndup (value, TEXT_MAX);

  return charset_guess ((const guint8 *)cut, strlen (cut));
}

static void
read_id (MimePart *part, const char *value)
{
  part->id = bounded_text (value);
}

static void
read_description (MimePart *part, const char *value)
{
  part->description = bounded_text (value);
}

static void
read_md5 (MimePart *part, const char *value)
{
  part->md5 = bounded_text (value);
}

static void
read_language (MimePart *part, const char *value)
{
  part->language = bounded_text (value);
}

static void
read_location (MimePart *part, const char *value)
{
  part->location = bounded_text (value);
}

/* The fields that we read, each once: of repeated ones the first counts. */
static const struct {
  const char *name;
  void (*read) (MimePart *part, const char *value);
} fields[] = {
  { "Content-Type", read_type },
  { "Content-Transfer-Encoding", read_encoding },
  { "Content-Disposition", read_disposition },
  { "Content-ID", read_id },
  { "Content-Description", read_description },
  { "Content-MD5", read_md5 },
  { "Content-Language", read_language },
  { "Content-Location", read_location },
};

static void
read_field (MimePart *part, const guint8 *bytes, HeaderField *field, guint *seen)
{
  const char *name = (const char *)bytes + field->name.offset;

  if (field->name.length < 10 || g_ascii_strncasecmp (name, "content-", 8) != 0)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if ((*seen & 1u << i) == 0 && strlen (fields[i].name) == field->name.length
        && g_ascii_strncasecmp (name, fields[i].name, field->name.length) == 0) {
      g_autofree char *value = NULL;

      field->value.length = MIN (field->value.length, FIELD_MAX);
      value = header_unfold (bytes, field);
      fields[i].read (part, value);
      *seen |= 1u << i;
    }
}

static void
read_fields (MimePart *part, const guint8 *bytes, gboolean in_digest)
{
  gsize position = 0;
  guint seen = 0;
  HeaderField field;

  bytes += part->header.offset;
  while (header_next (bytes, part->header.length, &position, &field))
    read_field (part, bytes, &field, &seen);
  if (part->type == NULL && in_digest) /* RFC 2046 §5.1.5 */
    set_type (part, "message", "rfc822");
  else if (part->type == NULL)
    set_type (part, "text", "plain");
  if (part->parameters == NULL)
    part->parameters = g_ptr_array_new_with_free_func (g_free);
  if (part->encoding == NULL)
    part->encoding = g_strdup ("7BIT");
}

/* Something that is called a multipart or a message and is none that we can take apart. */
static void
become_leaf (MimePart *part, const char *type, const char *subtype)
{
  set_type (part, type, subtype);
  g_ptr_array_set_size (part->parameters, 0);
  g_clear_pointer (&part->children, g_ptr_array_unref);
}

static gboolean
is_message (const MimePart *part)
{
  return mime_part_is (part, "message", "rfc822") || mime_part_is (part, "message", "global");
}

static void
open_boundary (MimeParser *self, const char *text)
{
  gsize length = strlen (text);
  Boundary boundary = { g_strdup (text), length, hash_bytes ((const guint8 *)text, length) };

  g_array_append_val (self->open, boundary);
}

static MimePart *parse_entity (MimeParser *self, guint depth, gboolean in_digest,
                               Delimiter *delimiter);

/* The parts between a multipart's delimiters, then its epilogue. Without its close delimiter a
 * multipart ends where the one around it goes on. */
static void
parse_multipart (MimeParser *self, MimePart *part, const char *boundary, guint depth,
                 Delimiter *delimiter)
{
  gboolean is_digest = mime_part_is (part, "multipart", "digest");
  int level = (int)self->open->len;

  part->children = g_ptr_array_new_with_free_func ((GDestroyNotify)mime_part_free);
  open_boundary (self, boundary);
  find_delimiter (self, delimiter); /* over the preamble */
  while (delimiter->level == level && !delimiter->is_close) {
    if (self->parts >= self->parts_max) /* the last part takes what is left */
      find_delimiter (self, delimiter);
    else
      g_ptr_array_add (part->children, parse_entity (self, depth + 1, is_digest, delimiter));
  }
  g_array_set_size (self->open, (guint)level);
  if (delimiter->level == level)
    find_delimiter (self, delimiter); /* over the epilogue */
  if (part->children->len == 0) /* IMAP has no multipart without parts */
    become_leaf (part, "text", "plain");
}

static void
parse_body (MimeParser *self, MimePart *part, guint depth, Delimiter *delimiter)
{
  gboolean is_multipart = mime_part_is (part, "multipart", NULL);
  gboolean is_deep = depth >= self->depth_max || self->parts >= self->parts_max;
  const char *boundary = is_multipart ? mime_part_parameter (part, "boundary") : NULL;

  if ((is_multipart || is_message (part)) && is_deep)
    become_leaf (part, "application", "octet-stream");
  else if (is_multipart
           && (boundary == NULL || *boundary == '\0' || strlen (boundary) > BOUNDARY_MAX))
    become_leaf (part, "text", "plain");

  if (mime_part_is (part, "multipart", NULL)) {
    g_autofree char *text = g_strchomp (g_strdup (boundary));

    parse_multipart (self, part, text, depth, delimiter);
  } else if (is_message (part)) {
    part->children = g_ptr_array_new_with_free_func ((GDestroyNotify)mime_part_free);
    g_ptr_array_add (part->children, parse_entity (self, depth + 1, FALSE, delimiter));
  } else {
    find_delimiter (self, delimiter);
  }
}

/* From the first header line to the delimiter that ends it (which is taken too). */
static MimePart *
parse_entity (MimeParser *self, guint depth, gboolean in_digest, Delimiter *delimiter)
{
  MimePart *part = mime_part_new (self->position);
  gboolean has_body;
  guint64 lines;

  self->parts++;
  self->was_empty = FALSE;
  has_body = find_header_end (self, delimiter);
  if (!has_body)
    delimiter->end = MAX (delimiter->end, part->header.offset);
  part->header.length = (has_body ? self->position : delimiter->end) - part->header.offset;
  part->body.offset = part->header.offset + part->header.length;
  lines = self->lines;
  read_fields (part, self->bytes, in_digest);
  if (has_body) {
    self->was_empty = FALSE;
    parse_body (self, part, depth, delimiter);
    /* A delimiter right behind the empty line has no line end of its own: the line belongs to the
     * header, here and in the parts around this one. */
    delimiter->end = MAX (delimiter->end, part->body.offset);
    part->body.length = delimiter->end - part->body.offset;
    part->lines = delimiter->lines > lines ? delimiter->lines - lines : 0;
  } else if (mime_part_is (part, "multipart", NULL)) {
    become_leaf (part, "text", "plain");
  } else if (is_message (part)) {
    become_leaf (part, "application", "octet-stream");
  }
  return part;
}

MimePart *
mime_parse_bounded (const guint8 *bytes, gsize length, guint depth, guint parts)
{
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (Boundary));
  MimeParser parser
      = { .bytes = bytes, .length = length, .open = open, .depth_max = depth, .parts_max = parts };
  Delimiter delimiter;

  g_array_set_clear_func (open, boundary_clear);
  return parse_entity (&parser, 0, FALSE, &delimiter);
}

MimePart *
mime_parse (const guint8 *bytes, gsize length)
{
  return mime_parse_bounded (bytes, length, MIME_DEPTH_MAX, MIME_PARTS_MAX);
}

gboolean
mime_part_is (const MimePart *part, const char *type, const char *subtype)
{
  return g_ascii_strcasecmp (part->type, type) == 0
      && (subtype == NULL || g_ascii_strcasecmp (part->subtype, subtype) == 0);
}

const char *
mime_part_parameter (const MimePart *part, const char *name)
{
  return parameter_find (part->parameters, name);
}

/* A number behind a message counts the parts of its multipart, or is 1: its only body. */
static const MimePart *
number_in (const MimePart *message, guint number)
{
  gboolean is_multipart = mime_part_is (message, "multipart", NULL) && message->children != NULL;

  if (!is_multipart)
    return number == 1 ? message : NULL;
  return number >= 1 && number <= message->children->len ? message->children->pdata[number - 1]
                                                         : NULL;
}

const MimePart *
mime_part_find (const MimePart *root, const guint *numbers, guint count)
{
  const MimePart *part = root;

  for (guint i = 0; i < count && part != NULL; i++) {
    if (i > 0 && part->children == NULL)
      return NULL;
    if (i > 0 && is_message (part))
      part = part->children->pdata[0];
    part = number_in (part, numbers[i]);
  }
  return part;
}
