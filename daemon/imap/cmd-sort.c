/* SORT (RFC 5256 §3), by display names too (RFC 5957) and relevancy (RFC 6203), and with return
 * options (RFC 5267 §3): the messages are found, their keys are read, and a worker sorts them,
 * unless their order is known already. */
#include "imap/imap-commands.h"

#include "imap/imap-keys.h"
#include "imap/imap-order.h"
#include "imap/imap-print.h"
#include "imap/imap-ranks.h"
#include "imap/imap-return.h"

typedef enum {
  RETURN_MIN = 1 << 0,
  RETURN_MAX = 1 << 1,
  RETURN_ALL = 1 << 2,
  RETURN_COUNT = 1 << 3,
  RETURN_RELEVANCY = 1 << 4,
} ReturnOption;

static const struct {
  const char *word;
  ReturnOption option;
} options[] = {
  { "MIN", RETURN_MIN },
  { "MAX", RETURN_MAX },
  { "ALL", RETURN_ALL },
  { "COUNT", RETURN_COUNT },
  { "RELEVANCY", RETURN_RELEVANCY },
};

typedef struct {
  ImapSession *session; /* of the I/O thread */
  char *tag;
  gboolean by_uid;
  gboolean extended; /* RETURN was there */
  guint returned; /* ReturnOption bits */
  GArray *criteria;
  GArray *found; /* ImapFound */
  ImapOrder *order;
  ImapRanks *ranks; /* or NULL: no order is kept */
  gint64 mailbox;
  gboolean with_modseq; /* a key was MODSEQ (RFC 7162 §3.1.9, §3.1.10) */
  gboolean damaged;
} Sorting;

static void
sorting_free (Sorting *self)
{
  imap_session_unref (self->session);
  g_free (self->tag);
  g_array_unref (self->criteria);
  g_clear_pointer (&self->found, g_array_unref);
  g_clear_pointer (&self->order, imap_order_free);
  g_clear_pointer (&self->ranks, imap_ranks_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sorting, sorting_free)

static guint32
number_at (const Sorting *self, const GArray *order, guint index)
{
  const ImapFound *found
      = &g_array_index (self->found, ImapFound, g_array_index (order, guint32, index));

  return self->by_uid ? found->uid : found->number;
}

static void
print_all (const Sorting *self, const GArray *order, GString *out)
{
  g_autoptr (GArray) numbers = g_array_sized_new (FALSE, FALSE, sizeof (guint32), order->len);

  for (guint i = 0; i < order->len; i++) {
    guint32 number = number_at (self, order, i);
    g_array_append_val (numbers, number);
  }
  g_string_append (out, " ALL ");
  imap_set_print (out, numbers);
}

static void
print_scores (const Sorting *self, const GArray *order, GString *out)
{
  g_autofree guint8 *scores = g_malloc (order->len + 1);

  for (guint i = 0; i < order->len; i++)
    scores[i]
        = (guint8)g_array_index (self->found, ImapFound, g_array_index (order, guint32, i)).score;
  imap_scores_print (scores, order->len, out);
}

/* The highest of the messages that are named: all, or only the first and the last. */
static guint64
modseq_of (const Sorting *self, const GArray *order)
{
  gboolean all = !self->extended || self->returned & (RETURN_ALL | RETURN_COUNT);
  guint64 highest = 0;

  for (guint i = 0; i < order->len; i++) {
    gboolean named = all || (i == 0 && self->returned & RETURN_MIN)
        || (i == order->len - 1 && self->returned & RETURN_MAX);
    if (named)
      highest
          = MAX (highest,
                 g_array_index (self->found, ImapFound, g_array_index (order, guint32, i)).modseq);
  }
  return highest;
}

/* MIN and MAX are the first and the last in the order that was asked for (RFC 5267 §3.1). */
static void
print_extended (const Sorting *self, const GArray *order, GString *out)
{
  g_string_append (out, "* ESEARCH (TAG ");
  imap_print_string (out, self->tag);
  g_string_append (out, self->by_uid ? ") UID" : ")");
  if (order->len > 0) {
    if (self->returned & RETURN_MIN)
      g_string_append_printf (out, " MIN %u", number_at (self, order, 0));
    if (self->returned & RETURN_MAX)
      g_string_append_printf (out, " MAX %u", number_at (self, order, order->len - 1));
    if (self->returned & RETURN_ALL)
      print_all (self, order, out);
  }
  if (self->returned & RETURN_COUNT)
    g_string_append_printf (out, " COUNT %u", order->len);
  if (self->returned & RETURN_RELEVANCY)
    print_scores (self, order, out);
  if (self->with_modseq && order->len > 0)
    g_string_append_printf (out, " MODSEQ %" G_GUINT64_FORMAT, modseq_of (self, order));
}

static void
print_plain (const Sorting *self, const GArray *order, GString *out)
{
  g_string_append (out, "* SORT");
  for (guint i = 0; i < order->len; i++) {
    g_string_append_c (out, ' ');
    imap_print_number (out, number_at (self, order, i));
  }
  if (self->with_modseq && order->len > 0)
    g_string_append_printf (out, " (MODSEQ %" G_GUINT64_FORMAT ")", modseq_of (self, order));
}

static GBytes *
print (const Sorting *self, const GArray *order)
{
  GString *out = g_string_sized_new (order->len * 8 + 64);

  if (self->extended)
    print_extended (self, order, out);
  else
    print_plain (self, order, out);
  g_string_append (out, "\r\n");
  return g_string_free_to_bytes (out);
}

static void
answer (const Sorting *self, GBytes *out)
{
  channel_write_bytes (self->session->channel, out);
  imap_session_finish (self->session, IMAP_OK, "Sorted%s",
                       self->damaged ? ", but some messages cannot be read" : "");
}

static void
did_sort (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Sorting) self = data;
  g_autoptr (GBytes) out = g_task_propagate_pointer (G_TASK (result), NULL);

  if (self->session->open)
    answer (self, out);
}

static void
take_keys (guint index, const SortKeys *keys, gpointer data)
{
  Sorting *self = data;

  imap_order_add (self->order, index, &g_array_index (self->found, ImapFound, index), keys);
}

/* In a worker: what takes long with many messages, also to forget them, would delay the other
 * sessions of the I/O thread. */
static void
sort (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Sorting *self = data;
  g_autoptr (GArray) order = NULL;
  GBytes *out;

  if (imap_order_is_plain (self->criteria))
    for (guint i = 0; i < self->found->len; i++)
      take_keys (i, NULL, self);
  order = imap_order_run (self->order);
  if (self->ranks && !self->damaged)
    imap_ranks_keep (self->ranks, self->mailbox, self->criteria, self->found, order);
  out = print (self, order);
  g_clear_pointer (&self->order, imap_order_free);
  g_clear_pointer (&self->found, g_array_unref);
  g_task_return_pointer (task, out, (GDestroyNotify)g_bytes_unref);
}

static void
did_read_keys (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  g_autoptr (Sorting) self = data;
  g_autoptr (GTask) task = NULL;

  if (!session->open)
    return;
  if (error) {
    imap_session_fail (session, error);
    return;
  }
  self->damaged = self->damaged || damaged;
  task = g_task_new (NULL, NULL, did_sort, self);
  g_task_set_source_tag (task, did_read_keys);
  g_task_set_task_data (task, self, NULL);
  g_steal_pointer (&self);
  g_task_run_in_thread (task, sort);
}

static void
read_keys (Sorting *self)
{
  static const ImapKeysFuncs funcs = { take_keys, did_read_keys };

  self->order = imap_order_new (self->criteria, self->found->len);
  if (imap_order_is_plain (self->criteria))
    did_read_keys (self->session, NULL, FALSE, self);
  else
    imap_keys_read (self->session, self->found, &funcs, self);
}

static void
did_recall (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Sorting) self = data;
  g_autoptr (GBytes) out = g_task_propagate_pointer (G_TASK (result), NULL);

  if (!self->session->open)
    return;
  if (out)
    answer (self, out);
  else
    read_keys (g_steal_pointer (&self));
}

/* In a worker. */
static void
recall (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Sorting *self = data;
  g_autoptr (GArray) order
      = imap_ranks_order (self->ranks, self->mailbox, self->criteria, self->found);

  g_task_return_pointer (task, order ? print (self, order) : NULL, (GDestroyNotify)g_bytes_unref);
}

static void
take_found (ImapSession *session, const ImapFound *found, guint count, gpointer data)
{
  Sorting *self = data;

  g_array_append_vals (self->found, found, count);
}

static void
did_find (ImapSession *session, const GError *error, gboolean damaged, gpointer data)
{
  g_autoptr (Sorting) self = data;
  g_autoptr (GTask) task = NULL;

  if (error || !session->open) {
    if (session->open)
      imap_session_fail (session, error);
    return;
  }
  self->damaged = damaged;
  if (!self->ranks || !imap_ranks_keeps (self->criteria)) {
    read_keys (g_steal_pointer (&self));
    return;
  }
  task = g_task_new (NULL, NULL, did_recall, self);
  g_task_set_source_tag (task, did_find);
  g_task_set_task_data (task, g_steal_pointer (&self), NULL);
  g_task_run_in_thread (task, recall);
}

static gboolean
take_option (ImapParser *parser, gpointer data)
{
  guint *returned = data;

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (imap_parser_word (parser, options[i].word)) {
      *returned |= options[i].option;
      return TRUE;
    }
  return FALSE;
}

/* [SP "RETURN" SP "(" … ")"] SP criteria. FALSE: malformed. */
static gboolean
take_arguments (Sorting *self, ImapParser *arguments)
{
  if (!imap_parser_space (arguments))
    return FALSE;
  self->extended = imap_parser_word (arguments, "RETURN");
  if (self->extended
      && (!imap_parser_space (arguments)
          || !imap_parser_list (arguments, take_option, &self->returned)
          || !imap_parser_space (arguments)))
    return FALSE;
  if (self->returned == 0)
    self->returned = RETURN_ALL;
  self->criteria = imap_order_parse (arguments);
  return self->criteria != NULL;
}

void
imap_cmd_sort (ImapSession *self, ImapParser *arguments)
{
  static const ImapFindFuncs funcs = { take_found, did_find };
  Sorting options_of = { .by_uid = self->running.by_uid };
  g_autoptr (Sorting) sorting = NULL;
  guint flags = IMAP_PROGRAM_CHARSET_FIRST;
  ImapKey *program;

  if (!take_arguments (&options_of, arguments)) {
    imap_session_refuse (self);
    return;
  }
  sorting = g_memdup2 (&options_of, sizeof options_of);
  sorting->session = imap_session_ref (self);
  sorting->tag = g_strdup (self->running.tag);
  sorting->found = g_array_new (FALSE, FALSE, sizeof (ImapFound));
  sorting->ranks = self->service->ranks ? imap_ranks_ref (self->service->ranks) : NULL;
  sorting->mailbox = self->selected->mailbox;
  if (sorting->returned & RETURN_RELEVANCY
      || imap_order_contains (sorting->criteria, IMAP_ORDER_RELEVANCY))
    flags |= IMAP_PROGRAM_FUZZY;
  program = imap_take_program (self, arguments, flags);
  if (!program)
    return;
  sorting->with_modseq = imap_key_contains (program, IMAP_KEY_MODSEQ);
  imap_find (self, program, &funcs, g_steal_pointer (&sorting));
}
