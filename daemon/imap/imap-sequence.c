/* Which UIDs a session has announced: sequence numbers by ranges with counts. */
#include "imap/imap-sequence.h"

struct _ImapSequence {
  GArray *runs; /* ImapRun, ascending; neighbours do not touch */
};

static ImapRun *
run_at (const GArray *runs, guint index)
{
  return &g_array_index (runs, ImapRun, index);
}

static void
append_run (GArray *runs, guint32 first, guint32 last)
{
  ImapRun *previous = runs->len ? run_at (runs, runs->len - 1) : NULL;
  ImapRun run = { first, last, 1 };

  if (previous && previous->last + 1 == first) {
    previous->last = last;
    return;
  }
  if (previous)
    run.number = previous->number + (previous->last - previous->first + 1);
  g_array_append_val (runs, run);
}

ImapSequence *
imap_sequence_new (const GArray *uids)
{
  ImapSequence *self = g_new0 (ImapSequence, 1);

  self->runs = g_array_sized_new (FALSE, FALSE, sizeof (ImapRun), uids->len);
  for (guint i = 0; i < uids->len; i++) {
    const UidRange *range = &g_array_index (uids, UidRange, i);
    append_run (self->runs, range->first, range->last);
  }
  return self;
}

void
imap_sequence_free (ImapSequence *self)
{
  g_array_unref (self->runs);
  g_free (self);
}

guint32
imap_sequence_count (const ImapSequence *self)
{
  const ImapRun *last;

  if (self->runs->len == 0)
    return 0;
  last = run_at (self->runs, self->runs->len - 1);
  return last->number + (last->last - last->first);
}

guint32
imap_sequence_last_uid (const ImapSequence *self)
{
  return self->runs->len ? run_at (self->runs, self->runs->len - 1)->last : 0;
}

/* The index of the last run whose FIELD is not above VALUE; -1: none. */
static int
find_run (const GArray *runs, gboolean by_uid, guint32 value)
{
  guint low = 0, high = runs->len;

  while (low < high) {
    guint middle = low + (high - low) / 2;
    const ImapRun *run = run_at (runs, middle);
    if ((by_uid ? run->first : run->number) <= value)
      low = middle + 1;
    else
      high = middle;
  }
  return (int)low - 1;
}

guint32
imap_sequence_uid (const ImapSequence *self, guint32 number)
{
  int index = find_run (self->runs, FALSE, number);
  const ImapRun *run;

  if (index < 0)
    return 0;
  run = run_at (self->runs, (guint)index);
  return number - run->number <= run->last - run->first ? run->first + (number - run->number) : 0;
}

guint32
imap_sequence_number (const ImapSequence *self, guint32 uid)
{
  int index = find_run (self->runs, TRUE, uid);
  const ImapRun *run;

  if (index < 0)
    return 0;
  run = run_at (self->runs, (guint)index);
  return uid <= run->last ? run->number + (uid - run->first) : 0;
}

void
imap_sequence_append (ImapSequence *self, guint32 uid)
{
  g_return_if_fail (uid > imap_sequence_last_uid (self));
  append_run (self->runs, uid, uid);
}

/* Appends what is left of RUN; *NEXT is the first removed range that may still matter. */
static void
keep_rest (GArray *kept, const ImapRun *run, const GArray *removed, guint *next)
{
  guint32 first = run->first;

  while (*next < removed->len && g_array_index (removed, UidRange, *next).last < first)
    (*next)++;
  for (guint i = *next; i < removed->len; i++) {
    const UidRange *hole = &g_array_index (removed, UidRange, i);
    if (hole->first > run->last)
      break;
    if (hole->first > first)
      append_run (kept, first, hole->first - 1);
    if (hole->last >= run->last)
      return;
    first = hole->last + 1;
  }
  append_run (kept, first, run->last);
}

void
imap_sequence_remove (ImapSequence *self, const GArray *uids)
{
  GArray *kept = g_array_sized_new (FALSE, FALSE, sizeof (ImapRun), self->runs->len);
  guint next = 0;

  for (guint i = 0; i < self->runs->len; i++)
    keep_rest (kept, run_at (self->runs, i), uids, &next);
  g_array_unref (self->runs);
  self->runs = kept;
}

/* Adds the part of RUN that lies in FIRST … LAST (UIDs). */
static void
add_overlap (GArray *chosen, const ImapRun *run, guint32 first, guint32 last)
{
  ImapRun part = { MAX (run->first, first), MIN (run->last, last), 0 };

  if (part.first > part.last)
    return;
  part.number = run->number + (part.first - run->first);
  g_array_append_val (chosen, part);
}

static void
select_uids (const ImapSequence *self, GArray *chosen, guint32 first, guint32 last)
{
  int index = MAX (find_run (self->runs, TRUE, first), 0);

  for (guint i = (guint)index; i < self->runs->len; i++) {
    const ImapRun *run = run_at (self->runs, i);
    if (run->first > last)
      return;
    add_overlap (chosen, run, first, last);
  }
}

GArray *
imap_sequence_select (const ImapSequence *self, const GArray *set, gboolean by_uid)
{
  g_autoptr (GArray) chosen = g_array_new (FALSE, FALSE, sizeof (ImapRun));
  guint32 count = imap_sequence_count (self);
  g_autoptr (GArray) ranges
      = imap_set_resolve (set, by_uid ? imap_sequence_last_uid (self) : count);

  for (guint i = 0; i < ranges->len; i++) {
    UidRange range = g_array_index (ranges, UidRange, i);
    if (!by_uid) {
      if (range.last > count)
        return NULL;
      range.first = imap_sequence_uid (self, range.first);
      range.last = imap_sequence_uid (self, range.last);
    }
    select_uids (self, chosen, range.first, range.last);
  }
  return g_steal_pointer (&chosen);
}

GArray *
imap_runs_uids (const GArray *runs)
{
  GArray *uids = g_array_sized_new (FALSE, FALSE, sizeof (UidRange), runs->len);

  for (guint i = 0; i < runs->len; i++) {
    UidRange range = { run_at (runs, i)->first, run_at (runs, i)->last };
    g_array_append_val (uids, range);
  }
  return uids;
}

GArray *
imap_sequence_uids (const ImapSequence *self)
{
  return imap_runs_uids (self->runs);
}

GArray *
imap_runs_within (const GArray *runs, const GArray *uids)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (ImapRun));
  guint at = 0;

  for (guint i = 0; i < runs->len; i++) {
    const ImapRun *run = run_at (runs, i);
    while (at < uids->len && g_array_index (uids, UidRange, at).last < run->first)
      at++;
    for (guint k = at; k < uids->len && g_array_index (uids, UidRange, k).first <= run->last; k++)
      add_overlap (chosen, run, g_array_index (uids, UidRange, k).first,
                   g_array_index (uids, UidRange, k).last);
  }
  return chosen;
}
