/* Which names a client that uses NOTIFY must be told. */
#include "imap/imap-notify-names.h"

#include <string.h>

#include "imap/imap-notify-renames.h"

typedef struct {
  ImapNotifyNews *news;
  ImapKnown *before; /* what was known; */
  ImapKnown *now; /* the rows that take its place */
  const GPtrArray *places;
  ImapNotifyList *list; /* what is to be told */
  ImapNotifyRenames *renames; /* NULL at the beginning */
  GHashTable *parents; /* set of char *: something below came or went */
} Comparing;

static ImapNotifyTelling *
tell (Comparing *self, const char *name)
{
  return imap_notify_list_add (self->list, name);
}

/* Its direct parent is affected too, whether it is a mailbox or not (§5.4). */
static void
note_parent (Comparing *self, const char *name)
{
  const char *slash = strrchr (name, '/');

  if (slash)
    g_hash_table_add (self->parents, g_strndup (name, (gsize)(slash - name)));
}

static ImapKnownRow *
row_of_place (const ImapNotifyRequest *request, const Place *place)
{
  ImapKnownRow *row = imap_known_row_new (place->name);
  const Mailbox *mailbox = place->mailbox;

  row->id = mailbox->id;
  row->owner = mailbox->account;
  row->own = place->own;
  row->rights = mailbox->id ? place->rights : 0;
  row->subscribed = mailbox->subscribed;
  row->events
      = imap_notify_request_events (request, row->name, row->own, row->id != 0, row->subscribed);
  return row;
}

static gboolean
may_read (const ImapKnownRow *row)
{
  return (row->rights & RIGHT_READ) != 0;
}

/* All events need 'l' and 'r' (§5); without 'r' the mailbox is \NoAccess until it comes back
 * (§3.1, §5.9). */
static void
compare_access (Comparing *self, ImapKnownRow *now)
{
  if (may_read (now)) {
    if (now->no_access)
      (void)tell (self, now->name);
    now->no_access = FALSE;
  } else if (now->events && !now->no_access) {
    tell (self, now->name)->no_access = TRUE;
    now->no_access = TRUE;
  }
}

/* A mailbox that was there before. When the client has lost sight of it, because another took its
 * name, STATUS tells all of it. */
static void
compare_kept (Comparing *self, const ImapKnownRow *old, ImapKnownRow *now,
              const MailboxNumbers *numbers)
{
  guint events = old->events | now->events;
  gboolean was_watched = old->events & IMAP_NOTIFY_MESSAGE_EVENTS && may_read (old);

  now->no_access = old->no_access;
  now->numbers = was_watched ? old->numbers : *numbers;
  if (events & IMAP_NOTIFY_MAILBOX_NAME && !imap_notify_renames_name (self->renames, old)) {
    now->numbers = (MailboxNumbers) { .id = now->numbers.id, .uid_next = 1, .modseq = 1 };
    (void)tell (self, now->name);
  }
  if (old->subscribed != now->subscribed && events & IMAP_NOTIFY_SUBSCRIPTION_CHANGE)
    (void)tell (self, now->name);
  compare_access (self, now);
}

/* The mailbox that took the mail of an INBOX: the old name, as the account says it. NULL: none. */
static char *
inbox_before (const Comparing *self, const Place *place)
{
  for (guint i = 0; i < self->news->notes->len; i++) {
    const ImapNotifyNote *note = g_ptr_array_index (self->news->notes, i);
    if (note->kind == NOTE_INBOX_RENAMED && note->mailbox == place->mailbox->id)
      return place->own
          ? g_strdup ("INBOX")
          : g_strndup (place->name, strlen (place->name) - strlen (place->mailbox->name) - 1);
  }
  return NULL;
}

/* There may have been another mailbox of that name, with another UIDVALIDITY, which must be told
 * (§5.1): by STATUS, unless LIST says that the mailbox is new and flags do not matter. */
static gboolean
is_told_by_name (const ImapKnownRow *now)
{
  return now->events & IMAP_NOTIFY_MAILBOX_NAME && !(now->events & IMAP_NOTIFY_FLAG_CHANGE);
}

/* A mailbox that was made, or that may be seen from now on. It is told as if it had been empty. */
static void
compare_new (Comparing *self, const Place *place, ImapKnownRow *now, guint32 uid_validity)
{
  const ImapKnownRow *old = imap_notify_renames_find (self->renames, now->name);
  gboolean was_subscribed = old && old->subscribed;
  gboolean silent = old && old->silent;

  now->numbers.uid_validity = silent || is_told_by_name (now) ? uid_validity : 0;
  now->numbers.uid_next = now->numbers.modseq = 1;
  now->no_access = old && old->no_access;
  if (!silent && now->events & IMAP_NOTIFY_MAILBOX_NAME) {
    ImapNotifyTelling *telling = tell (self, now->name);
    if (!telling->old)
      telling->old = inbox_before (self, place);
    note_parent (self, now->name);
  }
  if (!silent && was_subscribed != now->subscribed
      && (now->events | (old ? old->events : 0)) & IMAP_NOTIFY_SUBSCRIPTION_CHANGE)
    (void)tell (self, now->name);
  compare_access (self, now);
}

/* A name that is subscribed, without a mailbox. */
static void
compare_name (Comparing *self, ImapKnownRow *now)
{
  const ImapKnownRow *old = imap_notify_renames_find (self->renames, now->name);
  guint events = now->events | (old ? old->events : 0);

  now->no_access = old && old->no_access && old->id == 0;
  if (!(old && old->subscribed) && events & IMAP_NOTIFY_SUBSCRIPTION_CHANGE)
    (void)tell (self, now->name);
}

/* Was the mailbox deleted, or may it not be seen any more? */
static gboolean
still_exists (Database *database, gint64 id, gboolean *exists, GError **error)
{
  MailboxNumbers numbers;

  if (!mailbox_read_numbers (database, id, &numbers, error))
    return FALSE;
  *exists = numbers.id != 0;
  return TRUE;
}

/* The name stays known while it is \NoAccess, to be told when access comes back (§5.9). */
static void
keep_lost (Comparing *self, const ImapKnownRow *old, const char *name)
{
  ImapKnownRow *now = imap_known_find (self->now, name);

  if (!now) {
    now = imap_known_row_new (name);
    now->own = old->own;
    now->events
        = imap_notify_request_events (self->before->request, now->name, now->own, FALSE, FALSE);
    imap_known_put (self->now, now);
  }
  now->no_access = TRUE;
}

static gboolean
compare_gone (Comparing *self, Database *database, const ImapKnownRow *old, GError **error)
{
  const char *name = imap_notify_renames_name (self->renames, old);
  const ImapKnownRow *now = name ? imap_known_find (self->now, name) : NULL;
  gboolean lost;

  if (imap_known_find_id (self->now, old->id))
    return TRUE;
  if (!still_exists (database, old->id, &lost, error))
    return FALSE;
  if (!name || (now && now->id))
    return TRUE; /* another has that name now, and is told */
  if (old->events & IMAP_NOTIFY_MAILBOX_NAME) {
    tell (self, name)->no_access = lost;
    note_parent (self, name);
  } else if (lost && old->events) {
    tell (self, name)->no_access = TRUE;
  }
  if (lost && old->events)
    keep_lost (self, old, name);
  return TRUE;
}

static gboolean
compare_old (Comparing *self, Database *database, const ImapKnownRow *old, GError **error)
{
  const char *name = imap_notify_renames_name (self->renames, old);

  if (old->id)
    return compare_gone (self, database, old, error);
  if (!name || imap_known_find (self->now, name))
    return TRUE;
  if (old->subscribed && old->events & IMAP_NOTIFY_SUBSCRIPTION_CHANGE)
    (void)tell (self, name);
  if (old->no_access)
    keep_lost (self, old, name);
  return TRUE;
}

static gboolean
compare_all (Comparing *self, Database *database, GError **error)
{
  GHashTableIter iter;
  ImapKnownRow *old;

  for (guint i = 0; i < self->places->len; i++) {
    const Place *place = g_ptr_array_index (self->places, i);
    const MailboxNumbers numbers = mailbox_numbers (place->mailbox);
    ImapKnownRow *now = imap_known_find (self->now, place->name);
    old = now->id ? imap_known_find_id (self->before, now->id) : NULL;
    if (now->id == 0)
      compare_name (self, now);
    else if (old)
      compare_kept (self, old, now, &numbers);
    else
      compare_new (self, place, now, numbers.uid_validity);
  }
  g_hash_table_iter_init (&iter, self->before->by_name);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&old))
    if (!compare_old (self, database, old, error))
      return FALSE;
  return TRUE;
}

static gboolean
is_own_name (const char *name)
{
  static const char *const spaces[] = { PLACE_USERS, PLACE_ROLES };

  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++)
    if (g_str_has_prefix (name, spaces[i])
        || (g_str_has_prefix (spaces[i], name) && strlen (name) + 1 == strlen (spaces[i])))
      return FALSE;
  return TRUE;
}

static void
tell_parents (Comparing *self)
{
  GHashTableIter iter;
  const char *name;

  g_hash_table_iter_init (&iter, self->parents);
  while (g_hash_table_iter_next (&iter, (gpointer *)&name, NULL)) {
    const ImapKnownRow *row = imap_known_find (self->now, name);
    guint events = row ? row->events
                       : imap_notify_request_events (self->before->request, name,
                                                     is_own_name (name), FALSE, FALSE);
    if (events & IMAP_NOTIFY_MAILBOX_NAME)
      (void)tell (self, name);
  }
}

static void
print (Comparing *self)
{
  imap_notify_list_print (self->list, self->now, self->places, self->news->utf8, self->news->out);
}

static Comparing
comparing (ImapNotifyNews *news, const GPtrArray *places)
{
  Comparing self
      = { .news = news, .before = news->known, .now = imap_known_new (NULL), .places = places };

  self.list = imap_notify_list_new ();
  self.parents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < places->len; i++)
    imap_known_put (self.now, row_of_place (news->known->request, g_ptr_array_index (places, i)));
  return self;
}

/* The new rows take the place of the old ones. */
static void
end (Comparing *self)
{
  ImapKnown old = *self->before;

  self->before->by_name = self->now->by_name;
  self->before->by_id = self->now->by_id;
  self->now->by_name = old.by_name;
  self->now->by_id = old.by_id;
}

static void
clear (Comparing *self)
{
  imap_known_free (self->now);
  imap_notify_list_free (self->list);
  g_clear_pointer (&self->renames, imap_notify_renames_free);
  g_hash_table_unref (self->parents);
}

gboolean
imap_notify_names_compare (ImapNotifyNews *news, Database *database, const GPtrArray *places,
                           GError **error)
{
  Comparing self = comparing (news, places);
  gboolean compared;

  self.renames = imap_notify_renames_tell (self.before, self.now, self.list);
  compared = compare_all (&self, database, error);
  if (compared) {
    tell_parents (&self);
    print (&self);
    end (&self);
  }
  clear (&self);
  return compared;
}

void
imap_notify_names_begin (ImapNotifyNews *news, const GPtrArray *places)
{
  Comparing self = comparing (news, places);

  for (guint i = 0; i < places->len; i++) {
    const Place *place = g_ptr_array_index (places, i);
    ImapKnownRow *row = imap_known_find (self.now, place->name);
    row->numbers = mailbox_numbers (place->mailbox);
    if (row->id)
      compare_access (&self, row);
  }
  print (&self);
  end (&self);
  clear (&self);
}
