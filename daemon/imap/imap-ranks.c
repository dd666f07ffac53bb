/* A list of orders, under a lock that is held for no longer than it is looked through. */
#include "imap/imap-ranks.h"
#include <string.h>

#define MESSAGES_MAX (1024 * 1024) /* in all orders; 8 bytes each */
#define LEAST 1000 /* messages: fewer are sorted at once */
#define NONE G_MAXUINT32

typedef struct {
  guint32 uid;
  guint32 rank;
} UidRank;

/* Does not change once it is made; shared by those who look into it. */
typedef struct {
  int references; /* atomic */
  gint64 mailbox;
  GArray *criteria; /* ImapCriterion */
  GArray *by_uid; /* UidRank */
} Known;

struct _ImapRanks {
  int references; /* atomic */
  GMutex lock;
  GQueue known; /* of Known, what was used last comes first */
  guint count; /* of messages */
};

static void
known_unref (gpointer data)
{
  Known *self = data;

  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_array_unref (self->criteria);
  g_array_unref (self->by_uid);
  g_free (self);
}

ImapRanks *
imap_ranks_new (void)
{
  ImapRanks *self = g_new0 (ImapRanks, 1);

  self->references = 1;
  g_mutex_init (&self->lock);
  g_queue_init (&self->known);
  return self;
}

ImapRanks *
imap_ranks_ref (ImapRanks *self)
{
  g_atomic_int_inc (&self->references);
  return self;
}

void
imap_ranks_unref (ImapRanks *self)
{
  if (!g_atomic_int_dec_and_test (&self->references))
    return;
  g_queue_clear_full (&self->known, known_unref);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
imap_ranks_keeps (const GArray *criteria)
{
  return !imap_order_contains (criteria, IMAP_ORDER_RELEVANCY) && !imap_order_is_plain (criteria);
}

static gboolean
is_same (const GArray *some, const GArray *others)
{
  for (guint i = 0; i < some->len && i < others->len; i++) {
    const ImapCriterion *one = &g_array_index (some, ImapCriterion, i);
    const ImapCriterion *other = &g_array_index (others, ImapCriterion, i);
    if (one->kind != other->kind || one->text != other->text || !one->reverse != !other->reverse)
      return FALSE;
  }
  return some->len == others->len;
}

/* Under the lock. */
static GList *
find (ImapRanks *self, gint64 mailbox, const GArray *criteria)
{
  for (GList *link = self->known.head; link; link = link->next) {
    const Known *known = link->data;
    if (known->mailbox == mailbox && is_same (known->criteria, criteria))
      return link;
  }
  return NULL;
}

/* It counts as used now. A reference, or NULL. */
static Known *
take (ImapRanks *self, gint64 mailbox, const GArray *criteria)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GList *link = find (self, mailbox, criteria);
  Known *known;

  if (!link)
    return NULL;
  g_queue_unlink (&self->known, link);
  g_queue_push_head_link (&self->known, link);
  known = link->data;
  g_atomic_int_inc (&known->references);
  return known;
}

/* Both ascend. FALSE: one that was found is not among BY_UID. */
static gboolean
put_in_order (const GArray *by_uid, const GArray *found, guint32 *order)
{
  guint next = 0;

  for (guint i = 0; i < found->len; i++) {
    const guint32 uid = g_array_index (found, ImapFound, i).uid;
    while (next < by_uid->len && g_array_index (by_uid, UidRank, next).uid < uid)
      next++;
    if (next == by_uid->len || g_array_index (by_uid, UidRank, next).uid != uid)
      return FALSE;
    order[g_array_index (by_uid, UidRank, next).rank] = i;
  }
  return TRUE;
}

GArray *
imap_ranks_order (ImapRanks *self, gint64 mailbox, const GArray *criteria, const GArray *found)
{
  Known *known = take (self, mailbox, criteria);
  g_autofree guint32 *all = NULL;
  GArray *order = NULL;

  if (!known)
    return NULL;
  all = g_new (guint32, known->by_uid->len);
  memset (all, 0xff, known->by_uid->len * sizeof *all); /* NONE */
  if (put_in_order (known->by_uid, found, all)) {
    order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), found->len);
    for (guint i = 0; i < known->by_uid->len; i++)
      if (all[i] != NONE)
        g_array_append_val (order, all[i]);
  }
  known_unref (known);
  return order;
}

static Known *
known_new (gint64 mailbox, const GArray *criteria, const GArray *found, const GArray *order)
{
  Known *self = g_new0 (Known, 1);

  self->references = 1;
  self->mailbox = mailbox;
  self->criteria = g_array_copy ((GArray *)criteria);
  self->by_uid = g_array_sized_new (FALSE, FALSE, sizeof (UidRank), found->len);
  g_array_set_size (self->by_uid, found->len);
  for (guint i = 0; i < found->len; i++)
    g_array_index (self->by_uid, UidRank, i).uid = g_array_index (found, ImapFound, i).uid;
  for (guint i = 0; i < order->len; i++)
    g_array_index (self->by_uid, UidRank, g_array_index (order, guint32, i)).rank = i;
  return self;
}

/* Under the lock. */
static void
forget (ImapRanks *self, GList *link)
{
  self->count -= ((const Known *)link->data)->by_uid->len;
  known_unref (link->data);
  g_queue_delete_link (&self->known, link);
}

/* An order of a few, as of those that were not read yet, does not push out one of all. */
void
imap_ranks_keep (ImapRanks *self, gint64 mailbox, const GArray *criteria, const GArray *found,
                 const GArray *order)
{
  g_autoptr (GMutexLocker) locker = NULL;
  Known *known;
  GList *old;

  if (!imap_ranks_keeps (criteria) || found->len < LEAST || found->len > MESSAGES_MAX)
    return;
  known = known_new (mailbox, criteria, found, order);
  locker = g_mutex_locker_new (&self->lock);
  old = find (self, mailbox, criteria);
  if (old && ((const Known *)old->data)->by_uid->len / 2 > found->len) {
    known_unref (known);
    return;
  }
  if (old)
    forget (self, old);
  self->count += found->len;
  g_queue_push_head (&self->known, known);
  while (self->count > MESSAGES_MAX)
    forget (self, self->known.tail);
}
