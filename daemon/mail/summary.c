/* Serializes what IMAP needs of a message, and reads it back with every length checked.
 *
 * Format, numbers as LEB128: version byte · marks, zigzag seconds, zigzag zone · envelope, body,
 * BODYSTRUCTURE, since version 2 preview (length, bytes) · number of parts, then each part in
 * pre-order: kind, number of children, encoding (length, bytes, NUL), header offset and length,
 * body offset and length. */
#include "mail/summary.h"
#include "mail/date.h"
#include "mail/envelope.h"
#include "mail/packed.h"
#include "mail/preview.h"
#include "mail/structure.h"
#include "mail/surrogate.h"
#include <string.h>

#define VERSION 3
#define VERSION_MARKED 3 /* says what needs a surrogate */
#define VERSION_OLDEST 1 /* has no preview */
#define ENCODING_MAX 40
#define PARTS_MAX 2000 /* so that a summary stays below 256 KiB */

enum { HAS_DATE = 1, NEEDS_SURROGATE = 2 }; /* marks */
enum { KIND_LEAF, KIND_MULTIPART, KIND_MESSAGE };

/* Tried one after the other until both structures are small enough. One leaf always is: its fields
 * are bounded, and what is left of a bigger tree carries no parameters. */
static const struct {
  guint depth, parts;
} bounds[] = { { MIME_DEPTH_MAX, PARTS_MAX }, { 20, 200 }, { 5, 20 }, { 0, 1 } };

typedef struct {
  guint8 kind;
  guint next; /* index behind its last descendant */
  const char *encoding;
  ByteRange header, body;
} Node;

struct _Summary {
  GBytes *bytes;
  gboolean has_date, needs_surrogate;
  gint64 seconds;
  gint16 zone;
  const char *texts[4]; /* envelope, body, BODYSTRUCTURE, preview or NULL */
  gsize lengths[4];
  GArray *nodes; /* Node */
};

static void
put_byte (GByteArray *out, guint8 byte)
{
  g_byte_array_append (out, &byte, 1);
}

static guint8
kind_of (const MimePart *part)
{
  if (part->children == NULL)
    return KIND_LEAF;
  return mime_part_is (part, "multipart", NULL) ? KIND_MULTIPART : KIND_MESSAGE;
}

static guint
put_part (GByteArray *out, const MimePart *part)
{
  guint count = 1, children = part->children != NULL ? part->children->len : 0;
  gsize length = MIN (strlen (part->encoding), ENCODING_MAX);

  put_byte (out, kind_of (part));
  packed_put_number (out, children);
  packed_put_bytes (out, part->encoding, length);
  put_byte (out, 0);
  packed_put_number (out, part->header.offset);
  packed_put_number (out, part->header.length);
  packed_put_number (out, part->body.offset);
  packed_put_number (out, part->body.length);
  for (guint i = 0; i < children; i++)
    count += put_part (out, part->children->pdata[i]);
  return count;
}

static void
put_marks (GByteArray *out, const guint8 *message, const MimePart *root)
{
  HeaderField field;
  g_autofree char *value = NULL;
  gint64 seconds = 0;
  gint16 zone = 0;
  gboolean has_date = FALSE;

  if (header_find (message, root->header.length, "Date", &field)) {
    value = header_unfold (message, &field);
    has_date = date_parse (value, &seconds, &zone);
  }
  put_byte (out,
            (guint8)((has_date ? HAS_DATE : 0)
                     | (message_needs_surrogate (message, root) ? NEEDS_SURROGATE : 0)));
  packed_put_signed (out, has_date ? seconds : 0);
  packed_put_signed (out, has_date ? zone : 0);
}

/* NULL when a text is too long. */
static MimePart *
parse_within (const guint8 *message, gsize length, guint depth, guint parts, GString *body,
              GString *structure)
{
  g_autoptr (MimePart) root = mime_parse_bounded (message, length, depth, parts);

  g_string_truncate (body, 0);
  g_string_truncate (structure, 0);
  structure_append (body, message, root, FALSE);
  if (body->len <= STRUCTURE_MAX)
    structure_append (structure, message, root, TRUE);
  if (parts > 1 && MAX (body->len, structure->len) > STRUCTURE_MAX)
    return NULL;
  return g_steal_pointer (&root);
}

GBytes *
summary_new (const guint8 *message, gsize length)
{
  g_autoptr (MimePart) root = NULL;
  g_autoptr (GString) body = g_string_sized_new (512);
  g_autoptr (GString) structure = g_string_sized_new (512);
  g_autoptr (GString) text = g_string_sized_new (1024);
  g_autofree char *preview = NULL;
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  GByteArray *out = g_byte_array_sized_new (2048);
  guint count;

  for (guint i = 0; root == NULL; i++)
    root = parse_within (message, length, bounds[i].depth, bounds[i].parts, body, structure);

  put_byte (out, VERSION);
  put_marks (out, message, root);
  envelope_append (text, message, root->header.length);
  packed_put_bytes (out, text->str, text->len);
  packed_put_bytes (out, body->str, body->len);
  packed_put_bytes (out, structure->str, structure->len);
  preview = preview_new (message, root);
  packed_put_bytes (out, preview, strlen (preview));
  count = put_part (parts, root);
  packed_put_number (out, count);
  g_byte_array_append (out, parts->data, parts->len);
  return g_byte_array_free_to_bytes (out);
}

/* Never NULL. */
static const char *
get_text (PackedReader *reader, gsize *length)
{
  guint64 size = packed_get_number (reader);
  const guint8 *text = packed_get_bytes (reader, size);

  *length = text != NULL ? size : 0;
  return text != NULL ? (const char *)text : "";
}

static guint8
get_byte (PackedReader *reader)
{
  if (reader->next < reader->end)
    return *reader->next++;
  reader->is_damaged = TRUE;
  return 0;
}

static ByteRange
get_range (PackedReader *reader)
{
  guint64 offset = packed_get_number (reader), length = packed_get_number (reader);

  if (offset > G_MAXSIZE / 2 || length > G_MAXSIZE / 2)
    reader->is_damaged = TRUE;
  return (ByteRange) { offset, length };
}

/* A node and its descendants. */
static void
get_nodes (PackedReader *reader, GArray *nodes, guint64 most, guint depth)
{
  Node node = { .kind = get_byte (reader) };
  guint64 children = packed_get_number (reader);
  guint index = nodes->len;
  gsize length;

  node.encoding = get_text (reader, &length);
  if (get_byte (reader) != 0 || memchr (node.encoding, 0, length) != NULL)
    reader->is_damaged = TRUE;
  node.header = get_range (reader);
  node.body = get_range (reader);
  if (depth > MIME_DEPTH_MAX || index >= most || node.kind > KIND_MESSAGE
      || (node.kind == KIND_LEAF) != (children == 0)
      || (node.kind == KIND_MESSAGE && children != 1))
    reader->is_damaged = TRUE;
  g_array_append_val (nodes, node);
  for (guint64 i = 0; i < children && !reader->is_damaged; i++)
    get_nodes (reader, nodes, most, depth + 1);
  g_array_index (nodes, Node, index).next = nodes->len;
}

static gboolean
texts_are_ascii (const Summary *self)
{
  for (guint i = 0; i < 3; i++)
    for (gsize at = 0; at < self->lengths[i]; at++)
      if ((guint8)self->texts[i][at] >= 0x80)
        return FALSE;
  return TRUE;
}

Summary *
summary_open (GBytes *bytes)
{
  g_autoptr (Summary) self = g_new0 (Summary, 1);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  /* C knows no way to add, not even zero, to no address. */
  PackedReader reader = { data, data ? data + size : NULL, FALSE };
  guint64 count;
  gint64 zone;
  guint8 version = get_byte (&reader), marks;

  self->bytes = g_bytes_ref (bytes);
  self->nodes = g_array_new (FALSE, FALSE, sizeof (Node));
  if (version < VERSION_OLDEST || version > VERSION)
    return NULL;
  marks = get_byte (&reader);
  self->has_date = (marks & HAS_DATE) != 0;
  self->needs_surrogate = (marks & NEEDS_SURROGATE) != 0;
  self->seconds = packed_get_signed (&reader);
  zone = packed_get_signed (&reader); /* CLAMP reads its argument more than once */
  self->zone = (gint16)CLAMP (zone, -6000, 6000);
  for (guint i = 0; i < (version == 1 ? 3 : G_N_ELEMENTS (self->texts)); i++)
    self->texts[i] = get_text (&reader, &self->lengths[i]);
  if (version < VERSION_MARKED)
    self->needs_surrogate = !texts_are_ascii (self);
  count = packed_get_number (&reader);
  if (reader.is_damaged || count == 0 || count > PARTS_MAX)
    return NULL;
  get_nodes (&reader, self->nodes, count, 0);
  if (reader.is_damaged || self->nodes->len != count || reader.next != reader.end)
    return NULL;
  return g_steal_pointer (&self);
}

void
summary_free (Summary *self)
{
  g_bytes_unref (self->bytes);
  g_array_unref (self->nodes);
  g_free (self);
}

const char *
summary_envelope (Summary *self, gsize *length)
{
  *length = self->lengths[0];
  return self->texts[0];
}

const char *
summary_body (Summary *self, gsize *length)
{
  *length = self->lengths[1];
  return self->texts[1];
}

const char *
summary_body_structure (Summary *self, gsize *length)
{
  *length = self->lengths[2];
  return self->texts[2];
}

const char *
summary_preview (Summary *self, gsize *length)
{
  *length = self->lengths[3];
  return self->texts[3];
}

gboolean
summary_sent_date (Summary *self, gint64 *seconds, gint16 *zone)
{
  *seconds = self->seconds;
  *zone = self->zone;
  return self->has_date;
}

gboolean
summary_needs_surrogate (Summary *self)
{
  return self->needs_surrogate;
}

ByteRange
summary_header (Summary *self)
{
  return g_array_index (self->nodes, Node, 0).header;
}

/* As mime_part_find: the index of NUMBER among the children of the message at INDEX, or -1. */
static gint64
number_in (Summary *self, guint index, guint number)
{
  const Node *message = &g_array_index (self->nodes, Node, index);
  guint child = index + 1;

  if (message->kind != KIND_MULTIPART)
    return number == 1 ? (gint64)index : -1;
  for (guint i = 1; i < number && child < message->next; i++)
    child = g_array_index (self->nodes, Node, child).next;
  return number >= 1 && child < message->next ? (gint64)child : -1;
}

static gint64
find_node (Summary *self, const guint *numbers, guint count)
{
  gint64 found = 0;

  for (guint i = 0; i < count && found >= 0; i++) {
    guint8 kind = g_array_index (self->nodes, Node, found).kind;

    if (i > 0 && kind == KIND_LEAF)
      return -1;
    if (i > 0 && kind == KIND_MESSAGE)
      found++;
    found = number_in (self, (guint)found, numbers[i]);
  }
  return found;
}

gboolean
summary_part (Summary *self, const guint *numbers, guint count, SummaryPart *part)
{
  gint64 found = find_node (self, numbers, count);
  const Node *node;

  if (found < 0)
    return FALSE;
  node = &g_array_index (self->nodes, Node, found);
  memset (part, 0, sizeof *part);
  part->mime = node->header;
  part->body = node->body;
  part->encoding = node->encoding;
  part->is_message = node->kind == KIND_MESSAGE;
  part->is_leaf = node->kind == KIND_LEAF;
  if (part->is_message) {
    const Node *inner = node + 1;

    part->inner_header = inner->header;
    part->inner_text = inner->body;
  }
  return TRUE;
}
