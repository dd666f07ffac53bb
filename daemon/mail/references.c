/* What a message refers to. */
#include "mail/references.h"
#include "mail/header.h"
#include "mail/message-id.h"
#include <string.h>

#define TEXT_MAX (16 * 1024) /* of a References field that is looked at */

static void
add (GArray *hashes, guint64 hash)
{
  for (guint i = 0; i < hashes->len; i++)
    if (g_array_index (hashes, guint64, i) == hash)
      return;
  if (hashes->len < REFERENCES_MAX)
    g_array_append_val (hashes, hash);
}

/* Some programs write a sentence with an address into In-Reply-To: the first msg-id only. */
static void
add_first (GArray *hashes, const char *value)
{
  g_autofree char *id = value ? message_id_next (&value) : NULL;

  if (id)
    add (hashes, message_id_hash (id));
}

/* The nearest come last in the field. The first is kept too: it began the conversation. */
static void
add_references (GArray *hashes, const char *value)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint64));
  char *id;

  while ((id = message_id_next (&value))) {
    guint64 hash = message_id_hash (id);
    g_array_append_val (found, hash);
    g_free (id);
  }
  for (guint i = found->len; i > 0 && hashes->len < REFERENCES_MAX - 1; i--)
    add (hashes, g_array_index (found, guint64, i - 1));
  if (found->len > 0)
    add (hashes, g_array_index (found, guint64, 0));
}

static gboolean
is_named (const guint8 *bytes, const HeaderField *field, const char *name)
{
  return field->name.length == strlen (name)
      && g_ascii_strncasecmp ((const char *)bytes + field->name.offset, name, field->name.length)
      == 0;
}

/* The first field of each name counts; of a long one the end, where the nearest are. */
static void
take_fields (const guint8 *header, gsize length, char *values[3])
{
  static const char *const names[] = { "Message-ID", "In-Reply-To", "References" };
  HeaderField field;
  gsize position = 0;

  while (header_next (header, length, &position, &field))
    for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
      if (values[i] || !is_named (header, &field, names[i]))
        continue;
      if (field.value.length > TEXT_MAX) {
        field.value.offset += field.value.length - TEXT_MAX;
        field.value.length = TEXT_MAX;
      }
      values[i] = header_unfold (header, &field);
    }
}

GArray *
message_references (const guint8 *header, gsize length)
{
  GArray *hashes = g_array_new (FALSE, FALSE, sizeof (guint64));
  char *values[3] = { NULL };

  take_fields (header, length, values);
  add_first (hashes, values[0]);
  add_first (hashes, values[1]);
  if (values[2])
    add_references (hashes, values[2]);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    g_free (values[i]);
  return hashes;
}
