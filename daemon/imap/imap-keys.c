/* Reads the sort keys of messages that were found. */
#include "imap/imap-keys.h"

#include "log.h"
#include "mail/summary.h"
#include "store/message-keys.h"

#define KEYS_AT_ONCE 5000 /* in one read job */
#define MADE_AT_ONCE 500 /* from headers, each of which is opened */

typedef struct {
  gint64 message;
  guint index; /* of the found one */
} Wanted;

/* Keys that were made, on their way into the store. */
typedef struct {
  GArray *messages; /* gint64 */
  GPtrArray *keys; /* GBytes */
} Made;

typedef struct {
  ImapSession *session; /* of the I/O thread */
  const ImapKeysFuncs *funcs;
  gpointer data;
  const GArray *found; /* ImapFound; DATA keeps it */
  GArray *wanted; /* Wanted, by message; made by the first read job */
  guint position; /* of the next one */
  guint8 *seen; /* of each of a batch: its keys have come */
  guint batch_first;
  Made *made;
  gboolean damaged;
} Keys;

static void
made_free (gpointer data)
{
  Made *self = data;

  g_array_unref (self->messages);
  g_ptr_array_unref (self->keys);
  g_free (self);
}

static Made *
made_new (void)
{
  Made *self = g_new0 (Made, 1);

  self->messages = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->keys = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  return self;
}

static void
keys_free (Keys *self)
{
  imap_session_unref (self->session);
  g_clear_pointer (&self->wanted, g_array_unref);
  g_free (self->seen);
  g_clear_pointer (&self->made, made_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Keys, keys_free)

static const Wanted *
wanted_at (const Keys *self, guint index)
{
  return &g_array_index (self->wanted, Wanted, index);
}

static void
take_keys (guint index, const guint8 *bytes, gsize length, gpointer data)
{
  Keys *self = data;
  SortKeys keys;

  if (!sort_keys_read (bytes, length, &keys))
    return; /* of another version: made anew */
  self->seen[index] = TRUE;
  self->funcs->keys (wanted_at (self, self->batch_first + index)->index, &keys, self->data);
}

/* The header of a message, or all of it when nothing says where its header ends. */
static GBytes *
read_header (StoreSnapshot *snapshot, gint64 message, GError **error)
{
  g_autoptr (GBytes) bytes = message_summary (snapshot, message, error);
  g_autoptr (Summary) summary = bytes ? summary_open (bytes) : NULL;
  guint64 length = summary ? summary_header (summary).length : G_MAXUINT64;

  return bytes ? message_read (snapshot, message, 0, length, error) : NULL;
}

static void
tell (Keys *self, const Wanted *wanted, GBytes *made)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (made, &length);
  SortKeys keys;

  g_assert_true (sort_keys_read (bytes, length, &keys));
  self->funcs->keys (wanted->index, &keys, self->data);
}

/* A message that stands in the mailbox several times is made once. */
static gboolean
tell_same (Keys *self, const Wanted *wanted)
{
  guint last = self->made->messages->len;

  if (last == 0 || g_array_index (self->made->messages, gint64, last - 1) != wanted->message)
    return FALSE;
  tell (self, wanted, self->made->keys->pdata[last - 1]);
  return TRUE;
}

/* A damaged message has the keys of an empty one, and nothing is kept of that. */
static void
make_keys (Keys *self, StoreSnapshot *snapshot, const Wanted *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) header = read_header (snapshot, wanted->message, &error);
  gsize length = 0;
  const guint8 *bytes = header ? g_bytes_get_data (header, &length) : NULL;
  g_autoptr (GBytes) made = sort_keys_new (bytes, length);

  tell (self, wanted, made);
  if (header) {
    g_array_append_val (self->made->messages, wanted->message);
    g_ptr_array_add (self->made->keys, g_steal_pointer (&made));
  } else {
    log_event (LOG_ERROR, "A message cannot be read", "error", error->message, NULL);
    self->damaged = TRUE;
  }
}

static int
compare_wanted (gconstpointer a, gconstpointer b)
{
  const Wanted *left = a, *right = b;

  return left->message < right->message ? -1 : left->message > right->message;
}

/* In a reader's thread: with many messages it takes longer than other sessions should wait. */
static void
list_wanted (Keys *self)
{
  gboolean ascending = TRUE;

  self->wanted = g_array_sized_new (FALSE, FALSE, sizeof (Wanted), self->found->len);
  for (guint i = 0; i < self->found->len; i++) {
    Wanted wanted = { g_array_index (self->found, ImapFound, i).message, i };
    ascending = ascending && (i == 0 || wanted.message >= wanted_at (self, i - 1)->message);
    g_array_append_val (self->wanted, wanted);
  }
  if (!ascending)
    g_array_sort (self->wanted, compare_wanted);
}

static gboolean
read_batch (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Keys *self = data;
  guint count = MIN (self->found->len - self->position, KEYS_AT_ONCE), done = 0;
  g_autofree gint64 *messages = g_new (gint64, count);

  if (!self->wanted)
    list_wanted (self);
  g_free (self->seen);
  self->seen = g_malloc0 (count);
  self->batch_first = self->position;
  for (guint i = 0; i < count; i++)
    messages[i] = wanted_at (self, self->position + i)->message;
  /* Where many are missing a batch ends early, so the next one does not read too far. */
  if (self->made->keys->len > 0)
    count = MIN (count, MADE_AT_ONCE);
  g_clear_pointer (&self->made, made_free);
  self->made = made_new ();
  if (!message_keys_each (store_snapshot_database (snapshot), messages, count, take_keys, self,
                          error))
    return FALSE;
  for (; done < count && self->made->keys->len < MADE_AT_ONCE; done++) {
    const Wanted *wanted = wanted_at (self, self->position + done);
    if (!self->seen[done] && !tell_same (self, wanted))
      make_keys (self, snapshot, wanted);
  }
  self->position += done;
  return TRUE;
}

static gboolean
keep_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Made *self = data;

  for (guint i = 0; i < self->messages->len; i++)
    if (!message_keys_put (transaction, g_array_index (self->messages, gint64, i),
                           self->keys->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* A store that cannot keep them now makes them again next time. */
static void
did_keep (GObject *source, GAsyncResult *result, gpointer data)
{
  store_write_finish (data, result, NULL);
}

static void keys_next (Keys *self);

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Keys) self = data;
  Store *store = self->session->service->store;
  g_autoptr (GError) error = NULL;
  gboolean went_well = store_read_finish (store, result, &error);
  gboolean made = went_well && self->made->keys->len > 0;

  if (made) {
    store_write_async (store, keep_keys, g_steal_pointer (&self->made), made_free, NULL, did_keep,
                       store);
    self->made = made_new ();
  }
  if (went_well && self->session->open && self->position < self->found->len)
    keys_next (g_steal_pointer (&self));
  else
    self->funcs->done (self->session, error, self->damaged, self->data);
}

static void
keys_next (Keys *self)
{
  store_read_async (self->session->service->store, read_batch, self, NULL, NULL, did_read, self);
}

void
imap_keys_read (ImapSession *self, const GArray *found, const ImapKeysFuncs *funcs, gpointer data)
{
  Keys *keys = g_new0 (Keys, 1);

  keys->session = imap_session_ref (self);
  keys->funcs = funcs;
  keys->data = data;
  keys->made = made_new ();
  keys->found = found;
  keys_next (keys);
}
