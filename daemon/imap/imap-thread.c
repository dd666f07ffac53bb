/* Threads of messages: what both algorithms know of them, and ORDEREDSUBJECT. */
#include "imap/imap-thread.h"

#include "imap/imap-print.h"

ImapThreads *
imap_threads_new (guint count)
{
  ImapThreads *self = g_new0 (ImapThreads, 1);

  self->messages = g_new0 (ImapThreadMessage, count);
  self->count = count;
  self->references = g_array_new (FALSE, FALSE, sizeof (guint64));
  return self;
}

void
imap_threads_free (ImapThreads *self)
{
  g_free (self->messages);
  g_array_unref (self->references);
  g_free (self);
}

/* FNV-1a of the collation key: subjects are only asked whether they are equal. */
static guint64
hash_text (const SortText *text)
{
  guint64 hash = G_GUINT64_CONSTANT (0xcbf29ce484222325);

  for (gsize i = 0; i < text->length; i++)
    hash = (hash ^ (guint8)text->text[i]) * G_GUINT64_CONSTANT (0x100000001b3);
  return text->length == 0 ? 0 : MAX (hash, 1);
}

void
imap_threads_add (ImapThreads *self, guint index, const ImapFound *found, guint32 number,
                  const SortKeys *keys)
{
  self->messages[index] = (ImapThreadMessage) {
    .number = number,
    .date = keys->has_date ? keys->sent : found->date,
    .subject = hash_text (&keys->texts[SORT_TEXT_SUBJECT]),
    .is_reply = keys->is_reply,
    .id = keys->id,
    .references = self->references->len,
    .reference_count = keys->references,
  };
  for (guint i = 0; i < keys->references; i++) {
    guint64 reference = sort_keys_reference (keys, i);
    g_array_append_val (self->references, reference);
  }
}

static int
compare_dates (gconstpointer a, gconstpointer b, gpointer data)
{
  const ImapThreadMessage *messages = data;
  guint32 left = *(const guint32 *)a, right = *(const guint32 *)b;
  gint64 one = messages[left].date, other = messages[right].date;

  if (one != other)
    return one < other ? -1 : 1;
  return left < right ? -1 : left > right;
}

static void
print_subject (const ImapThreads *self, const GArray *members, GString *out)
{
  for (guint i = 0; i < members->len; i++) {
    g_string_append (out, i == 0 ? "(" : members->len == 2 ? " " : i == 1 ? " (" : "(");
    imap_print_number (out, self->messages[g_array_index (members, guint32, i)].number);
    if (i > 0 && members->len > 2)
      g_string_append_c (out, ')');
  }
  g_string_append_c (out, ')');
}

/* By sending date, so that each subject's first message leads it, and the subjects come in the
 * order of their leaders. */
static void
by_ordered_subject (const ImapThreads *self, GString *out)
{
  g_autoptr (GArray) order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->count);
  g_autoptr (GHashTable) table = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autoptr (GPtrArray) subjects
      = g_ptr_array_new_with_free_func ((GDestroyNotify)g_array_unref); /* GArray of guint32 */

  for (guint32 i = 0; i < self->count; i++)
    g_array_append_val (order, i);
  g_array_sort_with_data (order, compare_dates, self->messages);
  for (guint i = 0; i < order->len; i++) {
    guint32 index = g_array_index (order, guint32, i);
    guint64 *subject = &self->messages[index].subject;
    GArray *members = g_hash_table_lookup (table, subject);
    if (!members) {
      members = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 1);
      g_hash_table_insert (table, subject, members);
      g_ptr_array_add (subjects, members);
    }
    g_array_append_val (members, index);
  }
  for (guint i = 0; i < subjects->len; i++)
    print_subject (self, subjects->pdata[i], out);
}

GString *
imap_threads_run (const ImapThreads *self, ImapThreadAlgorithm algorithm)
{
  GString *out = g_string_sized_new ((gsize)self->count * 9);

  if (algorithm == IMAP_THREAD_REFERENCES)
    imap_threads_by_references (self, out);
  else
    by_ordered_subject (self, out);
  return out;
}
