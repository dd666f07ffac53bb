/* The REFERENCES algorithm (RFC 5256 §3), step by step as the RFC numbers them. Nothing recurses: a
 * thread may be as deep as the mailbox is long. */
#include "imap/imap-thread.h"

#include "imap/imap-print.h"

#define NONE G_MAXUINT32
/* Steps up a thread in search of a loop, in one run. A mailbox built to have threads thousands deep
 * in the worst order gets them shorter, instead of minutes of work. */
#define CLIMBS_MAX 100000000

/* A message, or a dummy for one that only others speak of. */
typedef struct {
  guint32 message; /* index; NONE: a dummy */
  guint32 parent, first, last, next, previous; /* nodes or NONE; siblings */
  gint64 date; /* for sorting; of a dummy its first child's */
  guint32 order; /* which decides between equal dates */
} Node;

typedef struct {
  const ImapThreads *threads;
  GArray *nodes; /* Node; the first ones are the messages */
  GHashTable *ids; /* guint64 → node + 1 */
  GHashTable *subjects; /* guint64 → node + 1 */
  GArray *roots; /* guint32; step 2's root is no node: these have no parent */
  guint64 climbs;
} Forest;

static Node *
node_at (const Forest *self, guint32 node)
{
  return &g_array_index (self->nodes, Node, node);
}

static const ImapThreadMessage *
message_of (const Forest *self, guint32 node)
{
  return &self->threads->messages[node_at (self, node)->message];
}

static gboolean
is_dummy (const Forest *self, guint32 node)
{
  return node_at (self, node)->message == NONE;
}

static guint32
add_node (Forest *self, guint32 message)
{
  Node node = { message, NONE, NONE, NONE, NONE, NONE };

  if (message != NONE) {
    node.date = self->threads->messages[message].date;
    node.order = message;
  }
  g_array_append_val (self->nodes, node);
  return self->nodes->len - 1;
}

static void
unlink_node (Forest *self, guint32 child)
{
  Node *node = node_at (self, child);
  Node *parent = node->parent != NONE ? node_at (self, node->parent) : NULL;

  if (!parent)
    return;
  if (node->previous != NONE)
    node_at (self, node->previous)->next = node->next;
  else
    parent->first = node->next;
  if (node->next != NONE)
    node_at (self, node->next)->previous = node->previous;
  else
    parent->last = node->previous;
  node->parent = node->next = node->previous = NONE;
}

/* CHILD has no parent. */
static void
link_node (Forest *self, guint32 parent, guint32 child)
{
  Node *above = node_at (self, parent), *node = node_at (self, child);

  node->parent = parent;
  node->previous = above->last;
  if (above->last != NONE)
    node_at (self, above->last)->next = child;
  else
    above->first = child;
  above->last = child;
}

/* A child that has children itself may stand above its new parent. */
static gboolean
would_loop (Forest *self, guint32 parent, guint32 child)
{
  if (parent == child)
    return TRUE;
  if (node_at (self, child)->first == NONE)
    return FALSE;
  for (; parent != NONE; parent = node_at (self, parent)->parent)
    if (parent == child || ++self->climbs > CLIMBS_MAX)
      return TRUE;
  return FALSE;
}

static guint32
lookup (GHashTable *table, const guint64 *key)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (table, key)) - 1;
}

static void
insert (GHashTable *table, const guint64 *key, guint32 node)
{
  g_hash_table_insert (table, (gpointer)key, GUINT_TO_POINTER (node + 1));
}

/* Of messages with the same identifier the first has it; the others, and those without, have one
 * that nobody knows. */
static void
name_messages (Forest *self)
{
  for (guint32 i = 0; i < self->threads->count; i++) {
    const guint64 *id = &self->threads->messages[i].id;
    guint32 node = add_node (self, i);
    if (*id != 0 && lookup (self->ids, id) == NONE)
      insert (self->ids, id, node);
  }
}

static guint32
find_or_add (Forest *self, const guint64 *id)
{
  guint32 node = lookup (self->ids, id);

  if (node == NONE) {
    node = add_node (self, NONE);
    insert (self->ids, id, node);
  }
  return node;
}

/* Step 1.A: the references of a message, the older above the newer. Returns the last. */
static guint32
link_references (Forest *self, const ImapThreadMessage *message)
{
  guint32 above = NONE;

  for (guint i = 0; i < message->reference_count; i++) {
    const guint64 *id
        = &g_array_index (self->threads->references, guint64, message->references + i);
    guint32 node = find_or_add (self, id);
    if (above != NONE && node_at (self, node)->parent == NONE && !would_loop (self, above, node))
      link_node (self, above, node);
    above = node;
  }
  return above;
}

/* Step 1.B: a message's own last reference counts more than what others say. */
static void
link_messages (Forest *self)
{
  for (guint32 i = 0; i < self->threads->count; i++) {
    guint32 above = link_references (self, &self->threads->messages[i]);
    unlink_node (self, i);
    if (above != NONE && !would_loop (self, above, i))
      link_node (self, above, i);
  }
}

/* All nodes, parents before children. */
static GArray *
walk (const Forest *self)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), self->nodes->len);

  for (guint32 i = 0; i < self->nodes->len; i++)
    if (node_at (self, i)->parent == NONE)
      g_array_append_val (order, i);
  for (guint at = 0; at < order->len; at++)
    for (guint32 child = node_at (self, g_array_index (order, guint32, at))->first; child != NONE;
         child = node_at (self, child)->next)
      g_array_append_val (order, child);
  return order;
}

/* Puts the children of NODE where NODE is. */
static void
promote (Forest *self, guint32 node)
{
  guint32 parent = node_at (self, node)->parent, child;

  while ((child = node_at (self, node)->first) != NONE) {
    unlink_node (self, child);
    if (parent != NONE)
      link_node (self, parent, child);
  }
  unlink_node (self, node);
}

/* Step 3, children first. A dummy at the top stays above several children. */
static void
prune (Forest *self)
{
  g_autoptr (GArray) order = walk (self);

  for (guint i = order->len; i-- > 0;) {
    guint32 index = g_array_index (order, guint32, i);
    const Node *node = node_at (self, index);
    if (node->message == NONE && (node->parent != NONE || node->first == node->last))
      promote (self, index);
  }
}

/* Step 2, after pruning: what is not a forgotten dummy and has no parent. */
static void
gather_roots (Forest *self)
{
  for (guint32 i = 0; i < self->nodes->len; i++) {
    const Node *node = node_at (self, i);
    if (node->parent == NONE && (node->message != NONE || node->first != NONE))
      g_array_append_val (self->roots, i);
  }
}

static int
compare (gconstpointer a, gconstpointer b, gpointer data)
{
  const Node *left = node_at (data, *(const guint32 *)a);
  const Node *right = node_at (data, *(const guint32 *)b);

  if (left->date != right->date)
    return left->date < right->date ? -1 : 1;
  return left->order < right->order ? -1 : left->order > right->order;
}

static void
sort_children (Forest *self, guint32 index, GArray *children)
{
  Node *node = node_at (self, index);

  g_array_set_size (children, 0);
  for (guint32 child = node->first; child != NONE; child = node_at (self, child)->next)
    g_array_append_val (children, child);
  if (children->len > 1) {
    g_array_sort_with_data (children, compare, self);
    for (guint i = 0; i < children->len; i++) {
      unlink_node (self, g_array_index (children, guint32, i));
      link_node (self, index, g_array_index (children, guint32, i));
    }
  }
  if (node->message == NONE && node->first != NONE) {
    node->date = node_at (self, node->first)->date;
    node->order = node_at (self, node->first)->order;
  }
}

/* Step 4. */
static void
sort_roots (Forest *self)
{
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->roots->len; i++)
    if (is_dummy (self, g_array_index (self->roots, guint32, i)))
      sort_children (self, g_array_index (self->roots, guint32, i), children);
  g_array_sort_with_data (self->roots, compare, self);
}

/* Step 5.B.i; points to 0 when it is empty. */
static const guint64 *
subject_of (const Forest *self, guint32 root)
{
  return &message_of (self, is_dummy (self, root) ? node_at (self, root)->first : root)->subject;
}

static gboolean
is_reply (const Forest *self, guint32 node)
{
  return !is_dummy (self, node) && message_of (self, node)->is_reply;
}

/* Step 5.B: which thread of a subject the others join. */
static void
choose_heads (Forest *self)
{
  for (guint i = 0; i < self->roots->len; i++) {
    guint32 root = g_array_index (self->roots, guint32, i), head;
    const guint64 *subject = subject_of (self, root);
    if (*subject == 0)
      continue;
    head = lookup (self->subjects, subject);
    if (head == NONE
        || (!is_dummy (self, head)
            && (is_dummy (self, root) || (is_reply (self, head) && !is_reply (self, root)))))
      insert (self->subjects, subject, root);
  }
}

/* Step 5.C.iv. */
static void
merge (Forest *self, guint32 head, guint32 root, const guint64 *subject)
{
  guint32 dummy, child;

  if (is_dummy (self, head) && is_dummy (self, root)) {
    while ((child = node_at (self, root)->first) != NONE) {
      unlink_node (self, child);
      link_node (self, head, child);
    }
    return;
  }
  if (is_dummy (self, head) || (is_reply (self, root) && !is_reply (self, head))) {
    link_node (self, head, root);
    return;
  }
  dummy = add_node (self, NONE);
  link_node (self, dummy, head);
  link_node (self, dummy, root);
  g_array_append_val (self->roots, dummy);
  insert (self->subjects, subject, dummy);
}

/* Step 5.C. A thread that joined another has a parent, or, a dummy, no children any more. */
static void
merge_subjects (Forest *self)
{
  guint count = self->roots->len;
  g_autoptr (GArray) before = self->roots;

  choose_heads (self);
  self->roots = g_array_copy (before);
  for (guint i = 0; i < count; i++) {
    guint32 root = g_array_index (before, guint32, i);
    const guint64 *subject = subject_of (self, root);
    guint32 head = *subject != 0 ? lookup (self->subjects, subject) : NONE;
    if (head != NONE && head != root && node_at (self, root)->parent == NONE)
      merge (self, head, root, subject);
  }
}

static void
forget_merged (Forest *self)
{
  guint kept = 0;

  for (guint i = 0; i < self->roots->len; i++) {
    guint32 root = g_array_index (self->roots, guint32, i);
    const Node *node = node_at (self, root);
    if (node->parent == NONE && (node->message != NONE || node->first != NONE))
      g_array_index (self->roots, guint32, kept++) = root;
  }
  g_array_set_size (self->roots, kept);
}

/* Step 6, children before their parents. */
static void
sort_all (Forest *self)
{
  g_autoptr (GArray) order = walk (self);
  g_autoptr (GArray) children = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = order->len; i-- > 0;)
    sort_children (self, g_array_index (order, guint32, i), children);
  g_array_sort_with_data (self->roots, compare, self);
}

/* What is still to be printed. */
typedef struct {
  enum { PRINT_NODE, PRINT_GROUP, PRINT_END } kind;
  guint32 node;
} Printing;

static void
push (GArray *stack, int kind, guint32 node)
{
  Printing printing = { kind, node };

  g_array_append_val (stack, printing);
}

/* The children of NODE, each a list of its own: the last goes onto the stack first. */
static void
push_children (const Forest *self, GArray *stack, guint32 node)
{
  for (guint32 child = node_at (self, node)->last; child != NONE;
       child = node_at (self, child)->previous)
    push (stack, PRINT_GROUP, child);
}

static void
print_node (const Forest *self, GArray *stack, guint32 index, GString *out)
{
  const Node *node = node_at (self, index);

  if (node->message != NONE) {
    imap_print_number (out, message_of (self, index)->number);
    if (node->first == NONE)
      return;
    g_string_append_c (out, ' ');
  }
  if (node->message != NONE && node->first == node->last)
    push (stack, PRINT_NODE, node->first);
  else
    push_children (self, stack, index);
}

static void
print_thread (const Forest *self, guint32 root, GArray *stack, GString *out)
{
  push (stack, PRINT_GROUP, root);
  while (stack->len > 0) {
    Printing next = g_array_index (stack, Printing, stack->len - 1);
    g_array_set_size (stack, stack->len - 1);
    switch (next.kind) {
    case PRINT_GROUP:
      g_string_append_c (out, '(');
      push (stack, PRINT_END, 0);
      push (stack, PRINT_NODE, next.node);
      break;
    case PRINT_NODE:
      print_node (self, stack, next.node, out);
      break;
    case PRINT_END:
      g_string_append_c (out, ')');
      break;
    }
  }
}

void
imap_threads_by_references (const ImapThreads *threads, GString *out)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Printing));
  Forest forest = {
    .threads = threads,
    .nodes = g_array_sized_new (FALSE, FALSE, sizeof (Node), threads->count),
    .ids = g_hash_table_new (g_int64_hash, g_int64_equal),
    .subjects = g_hash_table_new (g_int64_hash, g_int64_equal),
    .roots = g_array_new (FALSE, FALSE, sizeof (guint32)),
  };

  name_messages (&forest);
  link_messages (&forest);
  prune (&forest);
  gather_roots (&forest);
  sort_roots (&forest);
  merge_subjects (&forest);
  forget_merged (&forest);
  sort_all (&forest);
  for (guint i = 0; i < forest.roots->len; i++)
    print_thread (&forest, g_array_index (forest.roots, guint32, i), stack, out);
  g_array_unref (forest.nodes);
  g_array_unref (forest.roots);
  g_hash_table_unref (forest.ids);
  g_hash_table_unref (forest.subjects);
}
