/* MO files: a header, two tables of (length, offset) pairs, the originals in order. */
#include "catalogue.h"
#include <string.h>

#define MAGIC 0x950412de
#define HEADER 20
#define PAIR 8

struct _Catalogue {
  GBytes *bytes;
  const guint8 *data;
  gsize size;
  gboolean swapped;
  guint32 count, originals, translations; /* the tables' offsets */
};

void
catalogue_free (Catalogue *self)
{
  if (self == NULL)
    return;
  g_bytes_unref (self->bytes);
  g_free (self);
}

static guint32
read_number (const Catalogue *self, gsize offset)
{
  guint32 number;

  memcpy (&number, self->data + offset, sizeof number);
  return self->swapped ? GUINT32_SWAP_LE_BE (number) : number;
}

static gboolean
table_fits (const Catalogue *self, guint32 offset)
{
  return offset <= self->size && self->count <= (self->size - offset) / PAIR;
}

/* NULL when it leads out of the file or has no end. */
static const char *
read_text (const Catalogue *self, guint32 table, guint32 index, guint32 *length)
{
  const gsize pair = table + (gsize)index * PAIR;
  const guint32 offset = read_number (self, pair + 4);

  *length = read_number (self, pair);
  if (offset >= self->size || *length >= self->size - offset || self->data[offset + *length] != 0)
    return NULL;
  return (const char *)self->data + offset;
}

Catalogue *
catalogue_new (GBytes *bytes)
{
  g_autoptr (Catalogue) self = g_new0 (Catalogue, 1);

  self->bytes = g_bytes_ref (bytes);
  self->data = g_bytes_get_data (bytes, &self->size);
  if (self->size < HEADER)
    return NULL;
  self->swapped = read_number (self, 0) == GUINT32_SWAP_LE_BE (MAGIC);
  if (read_number (self, 0) != MAGIC)
    return NULL;
  self->count = read_number (self, 8);
  self->originals = read_number (self, 12);
  self->translations = read_number (self, 16);
  return table_fits (self, self->originals) && table_fits (self, self->translations)
      ? g_steal_pointer (&self)
      : NULL;
}

/* Its forms stand behind each other, each with a NUL. */
static const char *
take_form (const char *text, guint32 length, guint form)
{
  const char *end = text + length;

  for (; form > 0; form--) {
    text += strlen (text) + 1;
    if (text > end)
      return NULL;
  }
  return *text ? text : NULL;
}

const char *
catalogue_find (const Catalogue *self, const char *text, guint form)
{
  guint32 least = 0, most = self->count, length;

  while (least < most) {
    const guint32 middle = least + (most - least) / 2;
    const char *original = read_text (self, self->originals, middle, &length);
    const int order = original ? strcmp (text, original) : -1;

    if (order == 0) {
      const char *translation = read_text (self, self->translations, middle, &length);
      return translation ? take_form (translation, length, form) : NULL;
    }
    if (order < 0)
      most = middle;
    else
      least = middle + 1;
  }
  return NULL;
}
