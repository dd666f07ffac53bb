/* A client comes back to a mailbox it knows. */
#include "imap/imap-resync.h"

#define SAMPLES_MAX 10000 /* compared at most: they only shorten the answer */

void
imap_resync_free (ImapResync *self)
{
  g_clear_pointer (&self->known, g_array_unref);
  g_clear_pointer (&self->numbers, g_array_unref);
  g_clear_pointer (&self->uids, g_array_unref);
  g_free (self);
}

/* '*' is not allowed in any of these sets. */
static gboolean
take_plain_set (ImapParser *parser, GArray **set)
{
  *set = imap_set_parse (parser);
  for (guint i = 0; *set && i < (*set)->len; i++) {
    const UidRange *range = &g_array_index (*set, UidRange, i);
    if (range->first == IMAP_SET_STAR || range->last == IMAP_SET_STAR)
      return FALSE;
  }
  return *set != NULL;
}

static gboolean
take_samples (ImapParser *parser, ImapResync *self)
{
  return imap_parser_take (parser, '(') && take_plain_set (parser, &self->numbers)
      && imap_parser_space (parser) && take_plain_set (parser, &self->uids)
      && imap_parser_take (parser, ')');
}

static gboolean
take_known (ImapParser *parser, ImapResync *self)
{
  g_autoptr (GArray) set = NULL;

  if (!take_plain_set (parser, &set))
    return FALSE;
  g_array_unref (self->known);
  self->known = imap_set_resolve (set, 0);
  return TRUE;
}

static gboolean
take_rest (ImapParser *parser, ImapResync *self)
{
  gboolean sets = imap_parser_space (parser);

  if (sets && imap_parser_peek (parser) != '(') {
    if (!take_known (parser, self))
      return FALSE;
    sets = imap_parser_space (parser);
  }
  return (!sets || take_samples (parser, self)) && imap_parser_take (parser, ')');
}

ImapResync *
imap_resync_parse (ImapParser *parser)
{
  g_autoptr (ImapResync) self = g_new0 (ImapResync, 1);
  UidRange all = { 1, G_MAXUINT32 };

  self->known = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_array_append_val (self->known, all);
  if (!imap_parser_take (parser, '(') || !imap_parser_number (parser, &self->uid_validity)
      || self->uid_validity == 0 || !imap_parser_space (parser)
      || !imap_parser_number64 (parser, &self->modseq) || self->modseq == 0
      || !take_rest (parser, self))
    return NULL;
  return g_steal_pointer (&self);
}

/* Goes over the numbers of a set. */
typedef struct {
  const GArray *set;
  guint range;
  guint32 passed; /* of the current range */
} Cursor;

static gboolean
cursor_next (Cursor *self, guint32 *number)
{
  const UidRange *range;

  if (self->range >= self->set->len)
    return FALSE;
  range = &g_array_index (self->set, UidRange, self->range);
  *number = MIN (range->first, range->last) + self->passed++;
  if (*number == MAX (range->first, range->last)) {
    self->range++;
    self->passed = 0;
  }
  return TRUE;
}

/* Where a number still has its UID the client has heard of every expunge before. */
static guint32
last_fitting (const ImapResync *self, const ImapSequence *sequence)
{
  Cursor numbers = { self->numbers, 0, 0 }, uids = { self->uids, 0, 0 };
  guint32 number, uid, last = 0;

  for (guint i = 0; i < SAMPLES_MAX; i++) {
    if (!cursor_next (&numbers, &number) || !cursor_next (&uids, &uid))
      break;
    if (imap_sequence_uid (sequence, number) == uid)
      last = MAX (last, uid);
  }
  return last;
}

GArray *
imap_resync_unsure (const ImapResync *self, const ImapSequence *sequence)
{
  UidRange sure = { 1, self->numbers ? last_fitting (self, sequence) : 0 };
  g_autoptr (GArray) sures = NULL;

  if (sure.last == 0)
    return g_array_ref (self->known);
  sures = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_array_append_val (sures, sure);
  return imap_set_subtract (self->known, sures);
}
