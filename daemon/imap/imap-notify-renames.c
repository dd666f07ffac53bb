/* In which order renames are told, and what a client makes of them. */
#include "imap/imap-notify-renames.h"

#include <string.h>

/* A name can wait for another that waits for another …; beyond that they are told as new. */
#define DEPTH_MAX 64
#define ROUNDS_MAX 3

typedef struct {
  const ImapKnownRow *old;
  char *name; /* what the client calls it; NULL: another took its name */
  gboolean begun; /* its turn has come */
} Belief;

struct _ImapNotifyRenames {
  const ImapKnown *now;
  ImapNotifyList *list;
  GPtrArray *beliefs; /* Belief */
  GHashTable *by_row; /* ImapKnownRow → the same */
  GTree *by_name; /* char * → the same */
};

static void
belief_free (gpointer data)
{
  Belief *belief = data;

  g_free (belief->name);
  g_free (belief);
}

static ImapNotifyRenames *
renames_new (const ImapKnown *before, const ImapKnown *now, ImapNotifyList *list)
{
  ImapNotifyRenames *self = g_new0 (ImapNotifyRenames, 1);
  GHashTableIter iter;
  ImapKnownRow *old;

  self->now = now;
  self->list = list;
  self->beliefs = g_ptr_array_new_with_free_func (belief_free);
  self->by_row = g_hash_table_new (NULL, NULL);
  self->by_name = g_tree_new ((GCompareFunc)strcmp);
  g_hash_table_iter_init (&iter, before->by_name);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&old)) {
    Belief *belief = g_new0 (Belief, 1);
    belief->old = old;
    belief->name = g_strdup (old->name);
    g_ptr_array_add (self->beliefs, belief);
    g_hash_table_insert (self->by_row, old, belief);
    g_tree_insert (self->by_name, belief->name, belief);
  }
  return self;
}

void
imap_notify_renames_free (ImapNotifyRenames *self)
{
  g_tree_unref (self->by_name);
  g_hash_table_unref (self->by_row);
  g_ptr_array_unref (self->beliefs);
  g_free (self);
}

/* The row of today, when a new name of it is told to the client. NULL: nothing is. */
static const ImapKnownRow *
told_row (const ImapNotifyRenames *self, const Belief *belief)
{
  const ImapKnownRow *now
      = belief->old->id ? imap_known_find_id (self->now, belief->old->id) : NULL;

  return now && (belief->old->events | now->events) & IMAP_NOTIFY_MAILBOX_NAME ? now : NULL;
}

static gboolean
must_move (const ImapNotifyRenames *self, const Belief *belief)
{
  const ImapKnownRow *now = told_row (self, belief);

  return now && belief->name && !g_str_equal (belief->name, now->name);
}

static void
forget (ImapNotifyRenames *self, Belief *belief)
{
  g_tree_remove (self->by_name, belief->name);
  g_clear_pointer (&belief->name, g_free);
}

static void
move_one (ImapNotifyRenames *self, Belief *belief, char *name)
{
  Belief *other = g_tree_lookup (self->by_name, name);

  forget (self, belief);
  if (other) {
    forget (self, other);
    (void)imap_notify_list_add (self->list, name); /* is that one subscribed? */
  }
  belief->name = name;
  g_tree_insert (self->by_name, name, belief);
}

/* FROM itself and what is below. */
static GPtrArray *
find_subtree (const ImapNotifyRenames *self, const char *from)
{
  g_autofree char *below = g_strconcat (from, "/", NULL);
  GPtrArray *found = g_ptr_array_new ();

  g_ptr_array_add (found, g_tree_lookup (self->by_name, from));
  for (GTreeNode *node = g_tree_lower_bound (self->by_name, below);
       node && g_str_has_prefix (g_tree_node_key (node), below); node = g_tree_node_next (node))
    g_ptr_array_add (found, g_tree_node_value (node));
  return found;
}

static void
rename_subtree (ImapNotifyRenames *self, const char *from, const char *to)
{
  g_autoptr (GPtrArray) moved = find_subtree (self, from);
  gsize length = strlen (from);

  for (guint i = 0; i < moved->len; i++) {
    Belief *belief = g_ptr_array_index (moved, i);
    if (belief->name)
      move_one (self, belief, g_strconcat (to, belief->name + length, NULL));
  }
}

/* A mailbox cannot be moved below itself in one step. */
static gboolean
is_below (const char *name, const char *above)
{
  gsize length = strlen (above);

  return strncmp (name, above, length) == 0 && name[length] == '/';
}

static void take_turn (ImapNotifyRenames *self, Belief *belief, guint depth);

/* Who is at the name or above it, and does not stay, goes first. */
static void
clear_way (ImapNotifyRenames *self, const char *name, guint depth)
{
  for (const char *end = strchr (name, '/');; end = strchr (end + 1, '/')) {
    g_autofree char *above = end ? g_strndup (name, (gsize)(end - name)) : g_strdup (name);
    Belief *belief = g_tree_lookup (self->by_name, above);
    if (belief)
      take_turn (self, belief, depth);
    if (!end)
      return;
  }
}

static void
take_turn (ImapNotifyRenames *self, Belief *belief, guint depth)
{
  if (belief->begun || depth > DEPTH_MAX || !must_move (self, belief))
    return;
  const char *to = told_row (self, belief)->name;
  belief->begun = TRUE;
  clear_way (self, to, depth + 1);
  if (!must_move (self, belief) || is_below (to, belief->name))
    return; /* it was carried there, or lost its name, or is told as new */
  g_autofree char *from = g_strdup (belief->name);
  imap_notify_list_add_renamed (self->list, to, from);
  rename_subtree (self, from, to);
}

/* Parents before children: these are carried along. */
static int
compare_new_names (gconstpointer a, gconstpointer b, gpointer data)
{
  const ImapKnownRow *one = told_row (data, *(Belief *const *)a);
  const ImapKnownRow *other = told_row (data, *(Belief *const *)b);

  return strcmp (one->name, other->name); /* all of them must move, so there are such rows */
}

static void
give_up (ImapNotifyRenames *self)
{
  for (guint i = 0; i < self->beliefs->len; i++) {
    Belief *belief = g_ptr_array_index (self->beliefs, i);
    if (!must_move (self, belief))
      continue;
    (void)imap_notify_list_add (self->list, belief->name);
    forget (self, belief);
  }
}

/* One turn for each that must move. FALSE: none must. */
static gboolean
go_round (ImapNotifyRenames *self)
{
  g_autoptr (GPtrArray) turns = g_ptr_array_new ();

  for (guint i = 0; i < self->beliefs->len; i++) {
    Belief *belief = g_ptr_array_index (self->beliefs, i);
    belief->begun = FALSE;
    if (must_move (self, belief))
      g_ptr_array_add (turns, belief);
  }
  g_ptr_array_sort_with_data (turns, compare_new_names, self);
  for (guint i = 0; i < turns->len; i++)
    take_turn (self, g_ptr_array_index (turns, i), 0);
  return turns->len > 0;
}

ImapNotifyRenames *
imap_notify_renames_tell (const ImapKnown *before, const ImapKnown *now, ImapNotifyList *list)
{
  ImapNotifyRenames *self = renames_new (before, now, list);

  /* What was carried off its place by a later rename is brought back in the next round. */
  for (guint round = 0; round < ROUNDS_MAX && go_round (self); round++)
    continue;
  give_up (self);
  return self;
}

const char *
imap_notify_renames_name (const ImapNotifyRenames *self, const ImapKnownRow *old)
{
  const Belief *belief = g_hash_table_lookup (self->by_row, old);

  return belief->name;
}

const ImapKnownRow *
imap_notify_renames_find (const ImapNotifyRenames *self, const char *name)
{
  const Belief *belief = g_tree_lookup (self->by_name, name);

  return belief ? belief->old : NULL;
}
