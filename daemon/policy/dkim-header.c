/* Lists a message's fields, and selects those that were signed. */
#include "policy/dkim-header.h"
#include <string.h>

DkimHeader *
dkim_header_read (const guint8 *bytes, gsize length)
{
  DkimHeader *self = g_new0 (DkimHeader, 1);
  const gsize looked_at = MIN (length, DKIM_HEADER_MAX);
  HeaderField field;

  self->bytes = bytes;
  self->length = length;
  self->fields = g_array_new (FALSE, FALSE, sizeof (HeaderField));
  while (looked_at > 0 && !self->is_cut && header_next (bytes, looked_at, &self->body, &field)) {
    g_array_append_val (self->fields, field);
    self->is_cut = self->fields->len > DKIM_FIELDS_MAX;
  }
  self->is_cut |= self->body == looked_at && looked_at < length;
  return self;
}

void
dkim_header_free (DkimHeader *self)
{
  g_array_unref (self->fields);
  g_free (self);
}

gboolean
dkim_header_is_named (const DkimHeader *self, guint field, const char *name)
{
  const ByteRange *range = &g_array_index (self->fields, HeaderField, field).name;

  return range->length == strlen (name)
      && g_ascii_strncasecmp ((const char *)self->bytes + range->offset, name, range->length) == 0;
}

guint
dkim_header_count (const DkimHeader *self, const char *name)
{
  guint count = 0;

  for (guint i = 0; i < self->fields->len; i++)
    count += dkim_header_is_named (self, i, name);
  return count;
}

/* The lowest field of that name that is not TAKEN yet, or -1. */
static int
select_field (const DkimHeader *self, const char *name, const gboolean *taken)
{
  for (int i = (int)self->fields->len - 1; i >= 0; i--)
    if (!taken[i] && dkim_header_is_named (self, i, name))
      return i;
  return -1;
}

void
dkim_header_append (const DkimHeader *self, GString *out, const char *const *names, DkimCanon canon,
                    int without)
{
  g_autofree gboolean *taken = g_new0 (gboolean, self->fields->len + 1);

  if (without >= 0)
    taken[without] = TRUE;
  for (; *names; names++) {
    const int i = select_field (self, *names, taken);
    const ByteRange *whole;

    if (i < 0)
      continue;
    taken[i] = TRUE;
    whole = &g_array_index (self->fields, HeaderField, i).whole;
    dkim_canon_field (out, self->bytes + whole->offset, whole->length, canon);
  }
}
