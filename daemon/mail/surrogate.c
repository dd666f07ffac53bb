/* Makes header fields in UTF-8 (RFC 6532), or in any other eight bits, fields in ASCII. */
#include "mail/surrogate.h"

#include "mail/address.h"
#include "mail/encoding.h"
#include "mail/header.h"

#include <string.h>

#define WORD_BYTES 45 /* sixty letters in Base64: an encoded word has 75 at most (RFC 2047 §2) */
#define ADDRESSES_MAX 1000

static gboolean
is_ascii (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] >= 0x80)
      return FALSE;
  return TRUE;
}

static void
append (GByteArray *out, const char *text)
{
  g_byte_array_append (out, (const guint8 *)text, strlen (text));
}

/* TEXT as encoded words, each on a line of its own and of whole characters. */
static void
append_encoded (GByteArray *out, const char *text)
{
  for (gsize left = strlen (text), piece; left > 0; text += piece, left -= piece) {
    g_autofree char *base64 = NULL;

    piece = MIN (left, WORD_BYTES);
    while (piece < left && ((guint8)text[piece] & 0xC0) == 0x80)
      piece--;
    base64 = g_base64_encode ((const guint8 *)text, piece);
    append (out, "=?UTF-8?B?");
    append (out, base64);
    append (out, piece < left ? "?=\r\n " : "?=");
  }
}

static void
append_name (GByteArray *out, const char *name)
{
  g_autofree char *decoded = encoded_words_decode (name);

  append_encoded (out, decoded);
}

/* An address that cannot be written in ASCII becomes one that cannot be answered, and says in its
 * name what it was (RFC 6858 §2.1). */
static void
append_address (GByteArray *out, const Address *address)
{
  const char *mailbox = address->mailbox ? address->mailbox : "";
  g_autofree char *text = g_strconcat (mailbox, "@", address->host, NULL);
  const gboolean is_plain = g_str_is_ascii (text);

  if (!is_plain) {
    g_autofree char *name
        = address->name ? g_strdup_printf ("%s (%s)", text, address->name) : g_strdup (text);
    append_name (out, name);
    append (out, " <invalid@internationalized-address.invalid>");
    return;
  }
  if (address->name && *address->name) {
    append_name (out, address->name);
    append (out, " ");
  }
  append (out, "<");
  append (out, text);
  append (out, ">");
}

static void
write_addresses (GByteArray *out, const char *value)
{
  g_autoptr (GPtrArray) list = address_parse_list (value, ADDRESSES_MAX);
  gboolean needs_comma = FALSE;

  for (guint i = 0; i < list->len; i++) {
    const Address *address = list->pdata[i];
    if (address->host == NULL) {
      if (address->mailbox == NULL) { /* the end of a group */
        append (out, ";");
        needs_comma = TRUE;
        continue;
      }
      append (out, needs_comma ? ",\r\n " : " ");
      append_name (out, address->mailbox);
      append (out, ":");
      needs_comma = FALSE;
      continue;
    }
    append (out, needs_comma ? ",\r\n " : " ");
    append_address (out, address);
    needs_comma = TRUE;
  }
}

static void
write_text (GByteArray *out, const char *value)
{
  g_autofree char *decoded = encoded_words_decode (value);

  append (out, " ");
  append_encoded (out, decoded);
}

/* A parameter that cannot be shown is left out (RFC 6858 §2.2). */
static void
write_parameters (GByteArray *out, const char *value)
{
  gboolean is_first = TRUE;

  while (*value != '\0') {
    const char *end = value;
    gboolean quoted = FALSE;

    for (; *end != '\0' && (quoted || *end != ';'); end++) {
      if (*end == '\\' && quoted && end[1] != '\0')
        end++;
      else if (*end == '"')
        quoted = !quoted;
    }
    if (is_ascii ((const guint8 *)value, (gsize)(end - value))) {
      append (out, is_first ? "" : ";\r\n");
      g_byte_array_append (out, (const guint8 *)value, (guint)(end - value));
      is_first = FALSE;
    }
    value = *end == ';' ? end + 1 : end;
  }
}

/* Fields that can be told in ASCII; others that are not in ASCII are left out (RFC 6858 §2.4). */
static const struct {
  const char *name;
  void (*write) (GByteArray *out, const char *value);
} fields[] = {
  { "Subject", write_text },
  { "Comments", write_text },
  { "Content-Description", write_text },
  { "From", write_addresses },
  { "Sender", write_addresses },
  { "Reply-To", write_addresses },
  { "To", write_addresses },
  { "Cc", write_addresses },
  { "Bcc", write_addresses },
  { "Resent-From", write_addresses },
  { "Resent-Sender", write_addresses },
  { "Resent-To", write_addresses },
  { "Resent-Cc", write_addresses },
  { "Resent-Bcc", write_addresses },
  { "Content-Type", write_parameters },
  { "Content-Disposition", write_parameters },
};

static void
write_field (GByteArray *out, const guint8 *bytes, const HeaderField *field)
{
  const char *name = (const char *)bytes + field->name.offset;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++) {
    g_autofree char *raw = NULL;
    g_autofree char *value = NULL;

    if (strlen (fields[i].name) != field->name.length
        || g_ascii_strncasecmp (name, fields[i].name, field->name.length) != 0)
      continue;
    raw = header_unfold (bytes, field);
    value = charset_guess ((const guint8 *)raw, strlen (raw));
    append (out, fields[i].name);
    append (out, ":");
    if (fields[i].write == write_parameters)
      append (out, " ");
    fields[i].write (out, value);
    append (out, "\r\n");
    return;
  }
}

GByteArray *
header_surrogate (const guint8 *bytes, gsize length)
{
  GByteArray *out;
  HeaderField field;
  gsize position = 0, end = 0;

  if (is_ascii (bytes, length))
    return NULL;
  out = g_byte_array_sized_new ((guint)length);
  while (header_next (bytes, length, &position, &field)) {
    end = field.whole.offset + field.whole.length;
    if (is_ascii (bytes + field.whole.offset, field.whole.length))
      g_byte_array_append (out, bytes + field.whole.offset, (guint)field.whole.length);
    else
      write_field (out, bytes, &field);
  }
  if (end < length) /* the empty line, maybe with lines before it that are no field */
    append (out, "\r\n");
  return out;
}
