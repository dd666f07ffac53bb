/* Writes the ENVELOPE of a message for IMAP. */
#include "mail/envelope.h"
#include "mail/address.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include "mail/nstring.h"
#include <string.h>

/* In the order of the envelope. */
enum { DATE, SUBJECT, FROM, SENDER, REPLY_TO, TO, CC, BCC, IN_REPLY_TO, MESSAGE_ID, FIELD_COUNT };

static const struct {
  const char *name;
  gboolean is_list;
} fields[FIELD_COUNT] = {
  { "Date", FALSE },        { "Subject", FALSE },    { "From", TRUE }, { "Sender", TRUE },
  { "Reply-To", TRUE },     { "To", TRUE },          { "Cc", TRUE },   { "Bcc", TRUE },
  { "In-Reply-To", FALSE }, { "Message-ID", FALSE },
};

/* Tried one after the other until the envelope is small enough; the last always is. */
static const struct {
  guint addresses;
  gsize text;
} bounds[] = { { 1000, 8000 }, { 100, 500 }, { 10, 100 } };

/* Header bytes above ASCII as UTF-8, whatever they were: it is what IMAP4rev2 demands and what
 * clients of IMAP4rev1 guess. Cut at a character. */
static char *
field_text (const char *value, gsize most)
{
  g_autofree char *text = charset_guess ((const guint8 *)value, strlen (value));
  gsize length = strlen (text);

  if (length > most) {
    const char *cut = g_utf8_find_prev_char (text, text + most + 1);

    text[cut != NULL ? cut - text : 0] = '\0';
  }
  return g_steal_pointer (&text);
}

static void
text_append (GString *out, const char *value, gsize most)
{
  g_autofree char *text = value != NULL ? field_text (value, most) : NULL;

  nstring_append (out, text);
}

static void
address_append (GString *out, const Address *address, gsize most)
{
  g_string_append_c (out, '(');
  text_append (out, address->name, most);
  g_string_append_c (out, ' ');
  text_append (out, address->route, most);
  g_string_append_c (out, ' ');
  text_append (out, address->mailbox, most);
  g_string_append_c (out, ' ');
  text_append (out, address->host, most);
  g_string_append_c (out, ')');
}

static void
list_append (GString *out, const char *value, guint limit, gsize most)
{
  g_autoptr (GPtrArray) addresses = value != NULL ? address_parse_list (value, limit) : NULL;

  if (addresses == NULL || addresses->len == 0) {
    g_string_append (out, "NIL");
    return;
  }
  g_string_append_c (out, '(');
  for (guint i = 0; i < addresses->len; i++)
    address_append (out, addresses->pdata[i], most);
  g_string_append_c (out, ')');
}

/* A list that stands in several fields is one list (RFC 5322 §4.5.3 knows that from old mail); of
 * other fields the first counts. */
static void
take_field (GString **values, guint index, const guint8 *bytes, const HeaderField *field)
{
  g_autofree char *value = NULL;

  if (values[index] != NULL && (!fields[index].is_list || values[index]->len >= ENVELOPE_MAX))
    return;
  value = header_unfold (bytes, field);
  if (values[index] == NULL)
    values[index] = g_string_new (value);
  else
    g_string_append_printf (values[index], ", %s", value);
}

static void
take_fields (GString **values, const guint8 *bytes, gsize length)
{
  gsize position = 0;
  HeaderField field;

  while (header_next (bytes, length, &position, &field))
    for (guint i = 0; i < FIELD_COUNT; i++)
      if (strlen (fields[i].name) == field.name.length
          && g_ascii_strncasecmp (fields[i].name, (const char *)bytes + field.name.offset,
                                  field.name.length)
              == 0)
        take_field (values, i, bytes, &field);
}

static void
envelope_write (GString *out, GString **values, guint addresses, gsize most)
{
  gsize from = 0, from_end = 0;

  g_string_append_c (out, '(');
  for (guint i = 0; i < FIELD_COUNT; i++) {
    const char *value = values[i] != NULL ? values[i]->str : NULL;
    gsize start;

    if (i > 0)
      g_string_append_c (out, ' ');
    start = out->len;
    if (fields[i].is_list)
      list_append (out, value, addresses, most);
    else
      text_append (out, value, most);
    if (i == FROM) {
      from = start;
      from_end = out->len;
    }
    /* Absent or empty, these two are those of From (RFC 9051 §7.5.2). */
    if ((i == SENDER || i == REPLY_TO) && strcmp (out->str + start, "NIL") == 0) {
      g_autofree char *copy = g_strndup (out->str + from, from_end - from);

      g_string_truncate (out, start);
      g_string_append (out, copy);
    }
  }
  g_string_append_c (out, ')');
}

void
envelope_append (GString *out, const guint8 *bytes, gsize length)
{
  GString *values[FIELD_COUNT] = { NULL };
  gsize start = out->len;

  take_fields (values, bytes, length);
  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++) {
    g_string_truncate (out, start);
    envelope_write (out, values, bounds[i].addresses, bounds[i].text);
    if (out->len - start <= ENVELOPE_MAX)
      break;
  }
  for (guint i = 0; i < FIELD_COUNT; i++)
    if (values[i] != NULL)
      g_string_free (values[i], TRUE);
}
