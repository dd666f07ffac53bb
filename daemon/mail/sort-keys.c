/* Makes the keys of SORT, THREAD and SEARCH, and reads them back with every length checked.
 *
 * Format, numbers as LEB128: version byte · bits (1 has date, 2 is reply, from 4 on: a field is not
 * kept) · zigzag seconds · six texts to sort by, four fields to search (length, bytes) ·
 * Message-ID, 8 bytes · number of references, 8 bytes each. */
#include "mail/sort-keys.h"
#include "mail/address.h"
#include "mail/base-subject.h"
#include "mail/date.h"
#include "mail/encoding.h"
#include "mail/header.h"
#include "mail/message-id.h"
#include "mail/packed.h"
#include <string.h>

#define VERSION 3

enum { HAS_DATE = 1, IS_REPLY = 2, FIELD_IS_ELSEWHERE = 4 };
/* The first four are those of SearchField. */
enum { SUBJECT, FROM, TO, CC, DATE, MESSAGE_ID, REFERENCES, IN_REPLY_TO, FIELD_COUNT };

static const char *const fields[FIELD_COUNT] = {
  "Subject", "From", "To", "Cc", "Date", "Message-ID", "References", "In-Reply-To",
};

typedef struct {
  char *utf8;
  gboolean whole; /* FALSE: a character for each byte (encoded_words_decode_whole) */
} Text;

static void
text_clear (Text *text)
{
  g_free (text->utf8);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Text, text_clear)

static void
put_hash (GByteArray *out, guint64 hash)
{
  hash = GUINT64_TO_LE (hash);
  g_byte_array_append (out, (const guint8 *)&hash, sizeof hash);
}

/* Text that could not be converted comes after all that could, byte by byte (RFC 5255 §4.6 c). What
 * is cut off counts as a number, so that two long texts are not taken for one. */
static void
put_text (GByteArray *out, const Text *text)
{
  g_autofree char *key
      = text->whole ? text_casemap (text->utf8) : g_strconcat ("\377", text->utf8, NULL);
  gsize length = strlen (key);

  if (length > SORT_TEXT_MAX) {
    g_autofree char *cut = g_strdup_printf ("%.*s\377%016" G_GINT64_MODIFIER "x",
                                            SORT_TEXT_MAX - 20, key, message_id_hash (key));
    packed_put_bytes (out, cut, strlen (cut));
    return;
  }
  packed_put_bytes (out, key, length);
}

static Text
text_of (const char *bytes)
{
  return (Text) { bytes != NULL ? charset_guess ((const guint8 *)bytes, strlen (bytes))
                                : g_strdup (""),
                  TRUE };
}

/* RFC 5957 §3: the display name, else the address. */
static Text
display_of (const Address *address)
{
  if (address->name != NULL) {
    g_auto (Text) name = { NULL, TRUE };
    name.utf8 = encoded_words_decode_whole (address->name, &name.whole);
    if (*g_strstrip (name.utf8) != '\0')
      return (Text) { g_steal_pointer (&name.utf8), name.whole };
  }
  if (address->mailbox != NULL && address->host != NULL) {
    g_autofree char *whole = g_strconcat (address->mailbox, "@", address->host, NULL);
    return text_of (whole);
  }
  return text_of (address->mailbox != NULL ? address->mailbox : address->host);
}

typedef struct {
  Text mailbox, display;
} First;

static void
first_clear (First *first)
{
  text_clear (&first->mailbox);
  text_clear (&first->display);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (First, first_clear)

static First
first_address (const char *value)
{
  g_autoptr (GPtrArray) addresses = value != NULL ? address_parse_list (value, 1) : NULL;

  if (addresses == NULL || addresses->len == 0)
    return (First) { text_of (NULL), text_of (NULL) };
  return (First) { text_of (((Address *)addresses->pdata[0])->mailbox),
                   display_of (addresses->pdata[0]) };
}

static void
put_texts (GByteArray *out, char *const *values, const Text *subject)
{
  g_auto (First) from = first_address (values[FROM]);
  g_auto (First) to = first_address (values[TO]);
  g_auto (First) cc = first_address (values[CC]);

  put_text (out, subject);
  put_text (out, &from.mailbox);
  put_text (out, &to.mailbox);
  put_text (out, &cc.mailbox);
  put_text (out, &from.display);
  put_text (out, &to.display);
}

static Text
subject_of (const char *value, gboolean *is_reply)
{
  gboolean whole = TRUE;
  g_autofree char *decoded = encoded_words_decode_whole (value != NULL ? value : "", &whole);

  return (Text) { base_subject (decoded, is_reply), whole };
}

/* The hashes of the identifiers in VALUE (may be NULL), at most COUNT: the first, or the last. */
static GArray *
read_ids (const char *value, guint count, gboolean first)
{
  GArray *ids = g_array_new (FALSE, FALSE, sizeof (guint64));

  while (value != NULL && !(first && ids->len == count)) {
    g_autofree char *id = message_id_next (&value);
    guint64 hash;
    if (id == NULL)
      break;
    hash = message_id_hash (id);
    g_array_append_val (ids, hash);
  }
  if (ids->len > count)
    g_array_remove_range (ids, 0, ids->len - count);
  return ids;
}

/* RFC 5256 §3, step 1 of REFERENCES. */
static void
put_ids (GByteArray *out, char *const *values)
{
  g_autoptr (GArray) own = read_ids (values[MESSAGE_ID], 1, TRUE);
  g_autoptr (GArray) references = read_ids (values[REFERENCES], SORT_REFERENCES_MAX, FALSE);

  if (references->len == 0) {
    g_array_unref (references);
    references = read_ids (values[IN_REPLY_TO], 1, TRUE);
  }
  put_hash (out, own->len > 0 ? g_array_index (own, guint64, 0) : 0);
  packed_put_number (out, references->len);
  for (guint i = 0; i < references->len; i++)
    put_hash (out, g_array_index (references, guint64, i));
}

/* Where a field is too long or not the only one of its name, its bit says so. */
static guint8
put_search_fields (GByteArray *out, char *const *values, const gboolean *repeated)
{
  guint8 bits = 0;

  for (guint i = 0; i < SEARCH_FIELD_COUNT; i++) {
    g_autofree char *decoded = values[i] != NULL ? encoded_words_decode (values[i]) : g_strdup ("");
    g_autofree char *mapped = text_casemap (decoded);
    gsize length = strlen (mapped);
    if (repeated[i] || length > SEARCH_FIELD_MAX) {
      bits |= (guint8)(FIELD_IS_ELSEWHERE << i);
      length = 0;
    }
    packed_put_bytes (out, mapped, length);
  }
  return bits;
}

/* The first field of each name, and whether there are more. */
static void
take_fields (char **values, gboolean *repeated, const guint8 *header, gsize length)
{
  gsize position = 0;
  HeaderField field;

  while (header_next (header, length, &position, &field))
    for (guint i = 0; i < FIELD_COUNT; i++) {
      if (strlen (fields[i]) != field.name.length
          || g_ascii_strncasecmp (fields[i], (const char *)header + field.name.offset,
                                  field.name.length)
              != 0)
        continue;
      repeated[i] = values[i] != NULL;
      if (!repeated[i])
        values[i] = header_unfold (header, &field);
    }
}

GBytes *
sort_keys_new (const guint8 *header, gsize length)
{
  char *values[FIELD_COUNT] = { NULL };
  gboolean repeated[FIELD_COUNT] = { FALSE };
  GByteArray *out = g_byte_array_sized_new (256);
  g_auto (Text) subject = { NULL, TRUE };
  gboolean is_reply = FALSE;
  gint64 sent = 0;
  gint16 zone;
  guint8 head[2] = { VERSION, 0 };

  take_fields (values, repeated, header, length);
  subject = subject_of (values[SUBJECT], &is_reply);
  if (values[DATE] != NULL && date_parse (values[DATE], &sent, &zone))
    head[1] |= HAS_DATE;
  else
    sent = 0;
  if (is_reply)
    head[1] |= IS_REPLY;
  g_byte_array_append (out, head, sizeof head);
  packed_put_signed (out, sent);
  put_texts (out, values, &subject);
  out->data[1] |= put_search_fields (out, values, repeated);
  put_ids (out, values);
  for (guint i = 0; i < FIELD_COUNT; i++)
    g_free (values[i]);
  return g_byte_array_free_to_bytes (out);
}

static guint64
hash_at (const guint8 *bytes)
{
  guint64 hash;

  memcpy (&hash, bytes, sizeof hash);
  return GUINT64_FROM_LE (hash);
}

static void
read_text (PackedReader *reader, SortText *text)
{
  text->length = packed_get_number (reader);
  text->text = (const char *)packed_get_bytes (reader, text->length);
}

gboolean
sort_keys_read (const guint8 *bytes, gsize length, SortKeys *keys)
{
  PackedReader reader = { bytes, bytes + length, FALSE };
  const guint8 *id;
  guint64 count;

  if (length < 3 || bytes[0] != VERSION)
    return FALSE;
  keys->has_date = (bytes[1] & HAS_DATE) != 0;
  keys->is_reply = (bytes[1] & IS_REPLY) != 0;
  reader.next += 2;
  keys->sent = packed_get_signed (&reader);
  for (guint i = 0; i < SORT_TEXT_COUNT; i++)
    read_text (&reader, &keys->texts[i]);
  for (guint i = 0; i < SEARCH_FIELD_COUNT; i++) {
    read_text (&reader, &keys->fields[i]);
    if (bytes[1] & FIELD_IS_ELSEWHERE << i)
      keys->fields[i].text = NULL;
  }
  id = packed_get_bytes (&reader, sizeof keys->id);
  keys->id = id != NULL ? hash_at (id) : 0;
  count = packed_get_number (&reader);
  keys->references = (guint)MIN (count, SORT_REFERENCES_MAX + 1);
  keys->reference_bytes = packed_get_bytes (&reader, (guint64)keys->references * sizeof (guint64));
  return !reader.is_damaged && keys->references <= SORT_REFERENCES_MAX && reader.next == reader.end;
}

guint64
sort_keys_reference (const SortKeys *keys, guint index)
{
  return hash_at (keys->reference_bytes + index * sizeof (guint64));
}

gboolean
search_field_of (const char *name, SearchField *field)
{
  for (guint i = 0; i < SEARCH_FIELD_COUNT; i++)
    if (g_ascii_strcasecmp (name, fields[i]) == 0) {
      *field = i;
      return TRUE;
    }
  return FALSE;
}
