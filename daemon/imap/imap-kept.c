/* Reads the kept fields of messages ahead. */
#include "imap/imap-kept.h"

#include <string.h>

#include "store/message-keys.h"

/* Messages of a run. It grows as long as most of what it reads is asked for, else it shrinks. */
#define RUN_MIN 1
#define RUN_BEGIN 16
#define RUN_MAX 256

typedef struct {
  gsize offset, length; /* in BYTES */
} Place;

struct _ImapKept {
  gint64 first; /* of the run */
  guint count, size, asked; /* read, to be read next time, asked for */
  Place places[RUN_MAX];
  GByteArray *bytes;
  gint64 message; /* that KEYS are of */
  SortKeys keys; /* into BYTES; without any texts when the message has none */
};

ImapKept *
imap_kept_new (void)
{
  ImapKept *self = g_new0 (ImapKept, 1);

  self->size = RUN_BEGIN;
  self->bytes = g_byte_array_new ();
  return self;
}

void
imap_kept_free (ImapKept *self)
{
  g_byte_array_unref (self->bytes);
  g_free (self);
}

static void
take (guint index, const guint8 *keys, gsize length, gpointer data)
{
  ImapKept *self = data;

  self->places[index] = (Place) { self->bytes->len, length };
  g_byte_array_append (self->bytes, keys, (guint)length);
}

static void
choose_size (ImapKept *self)
{
  if (self->asked * 2 > self->count)
    self->size = MIN (self->size * 2, RUN_MAX);
  else if (self->count > 0)
    self->size = MAX (self->size / 2, RUN_MIN);
}

static gboolean
read_run (ImapKept *self, Database *database, gint64 first, GError **error)
{
  gint64 messages[RUN_MAX];

  choose_size (self);
  for (guint i = 0; i < self->size; i++)
    messages[i] = first + i;
  memset (self->places, 0, sizeof self->places);
  g_byte_array_set_size (self->bytes, 0);
  self->first = first;
  self->count = self->size;
  self->asked = 0;
  return message_keys_each (database, messages, self->count, take, self, error);
}

static void
open_keys (ImapKept *self, gint64 message)
{
  const Place *place = &self->places[message - self->first];

  self->asked++;
  self->message = message;
  if (!sort_keys_read (self->bytes->data + place->offset, place->length, &self->keys))
    memset (&self->keys, 0, sizeof self->keys);
}

const SortText *
imap_kept_field (ImapKept *self, Database *database, gint64 message, SearchField field,
                 GError **error)
{
  gboolean is_read = message >= self->first && message - self->first < self->count;

  if (!is_read && !read_run (self, database, message, error)) {
    self->count = 0;
    return NULL;
  }
  if (!is_read || self->message != message)
    open_keys (self, message);
  return self->keys.fields[field].text ? &self->keys.fields[field] : NULL;
}
