/* Goes over the entries of chosen messages. */
#include "imap/imap-walk.h"

#define GAP_MAX 64 /* UIDs: reading over them costs less than another query */

static const ImapRun *
run_at (const ImapWalk *self, guint index)
{
  return &g_array_index (self->runs, ImapRun, index);
}

void
imap_walk_begin (ImapWalk *self, GArray *runs)
{
  *self = (ImapWalk) { .runs = runs };
  if (runs->len > 0)
    self->uid = run_at (self, 0)->first;
}

void
imap_walk_clear (ImapWalk *self)
{
  g_clear_pointer (&self->runs, g_array_unref);
}

gboolean
imap_walk_is_over (const ImapWalk *self)
{
  return self->run >= self->runs->len;
}

guint32
imap_walk_reach (const ImapWalk *self)
{
  guint last = self->run;

  while (last + 1 < self->runs->len
         && run_at (self, last + 1)->first - run_at (self, last)->last <= GAP_MAX)
    last++;
  return run_at (self, last)->last;
}

gboolean
imap_walk_move_to (ImapWalk *self, guint32 uid)
{
  const ImapRun *run = run_at (self, self->run);

  while (uid > run->last && self->run + 1 < self->runs->len)
    run = run_at (self, ++self->run);
  self->uid = uid + 1;
  self->number = run->number + (uid - run->first);
  return uid >= run->first && uid <= run->last;
}

void
imap_walk_pass (ImapWalk *self, guint32 reach)
{
  while (!imap_walk_is_over (self) && run_at (self, self->run)->last <= reach)
    self->run++;
  if (!imap_walk_is_over (self))
    self->uid = MAX (run_at (self, self->run)->first, reach + 1);
}
