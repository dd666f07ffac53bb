/* The rows of what a client was told. */
#include "imap/imap-notify-known.h"

#include <string.h>

static void
row_free (gpointer data)
{
  ImapKnownRow *row = data;

  g_free (row->name);
  g_free (row);
}

ImapKnown *
imap_known_new (ImapNotifyRequest *request)
{
  ImapKnown *self = g_new0 (ImapKnown, 1);

  self->request = request;
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, row_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
  return self;
}

void
imap_known_free (ImapKnown *self)
{
  g_clear_pointer (&self->request, imap_notify_request_free);
  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_name);
  g_free (self);
}

ImapKnownRow *
imap_known_row_new (const char *name)
{
  ImapKnownRow *row = g_new0 (ImapKnownRow, 1);

  row->name = g_strdup (name);
  return row;
}

static void
forget (ImapKnown *self, ImapKnownRow *row)
{
  if (row->id != 0 && g_hash_table_lookup (self->by_id, &row->id) == row)
    g_hash_table_remove (self->by_id, &row->id);
}

void
imap_known_put (ImapKnown *self, ImapKnownRow *row)
{
  ImapKnownRow *old = imap_known_find (self, row->name);

  if (old)
    forget (self, old);
  g_hash_table_replace (self->by_name, row->name, row);
  if (row->id != 0)
    g_hash_table_replace (self->by_id, &row->id, row);
}

ImapKnownRow *
imap_known_find (const ImapKnown *self, const char *name)
{
  return g_hash_table_lookup (self->by_name, name);
}

ImapKnownRow *
imap_known_find_id (const ImapKnown *self, gint64 id)
{
  return g_hash_table_lookup (self->by_id, &id);
}

static void
expect_new (ImapKnown *self, const char *name)
{
  ImapKnownRow *row = imap_known_find (self, name);

  if (!row) {
    row = imap_known_row_new (name);
    imap_known_put (self, row);
  }
  row->silent |= row->id == 0;
}

/* Levels above that were not there are made with it. */
void
imap_known_did_create (ImapKnown *self, const char *name)
{
  g_autofree char *canonical = mailbox_canonical_name (name);

  for (const char *slash = strchr (canonical, '/'); slash; slash = strchr (slash + 1, '/')) {
    g_autofree char *above = g_strndup (canonical, (gsize)(slash - canonical));
    expect_new (self, above);
  }
  expect_new (self, canonical);
}

void
imap_known_did_delete (ImapKnown *self, const char *name)
{
  g_autofree char *canonical = mailbox_canonical_name (name);
  ImapKnownRow *row = imap_known_find (self, canonical);

  if (!row)
    return;
  forget (self, row);
  row->id = 0;
  row->silent = FALSE;
}

static gboolean
has_prefix (const char *name, const char *prefix)
{
  gsize length = strlen (prefix);

  return strncmp (name, prefix, length) == 0 && (name[length] == '/' || name[length] == '\0');
}

/* INBOX stays and only its mail goes (RFC 9051 §6.3.6). */
void
imap_known_did_rename (ImapKnown *self, const char *from, const char *to)
{
  g_autofree char *old = mailbox_canonical_name (from);
  g_autofree char *new = mailbox_canonical_name (to);
  g_autoptr (GPtrArray) rows = g_ptr_array_new ();
  GHashTableIter iter;
  ImapKnownRow *row;

  imap_known_did_create (self, new);
  if (g_str_equal (old, "INBOX"))
    return;
  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&row))
    if (has_prefix (row->name, old)) {
      g_hash_table_iter_steal (&iter);
      g_ptr_array_add (rows, row);
    }
  for (guint i = 0; i < rows->len; i++) {
    row = g_ptr_array_index (rows, i);
    g_autofree char *before = row->name;
    row->name = g_strconcat (new, before + strlen (old), NULL);
    imap_known_put (self, row);
  }
}

void
imap_known_did_subscribe (ImapKnown *self, const char *name, gboolean subscribed)
{
  g_autofree char *canonical = mailbox_canonical_name (name);
  ImapKnownRow *row = imap_known_find (self, canonical);

  if (!row && subscribed) {
    row = imap_known_row_new (canonical);
    imap_known_put (self, row);
  }
  if (row)
    row->subscribed = subscribed;
}

static gboolean
numbers_are_equal (const MailboxNumbers *a, const MailboxNumbers *b)
{
  return a->uid_validity == b->uid_validity && a->uid_next == b->uid_next
      && a->messages == b->messages && a->unseen == b->unseen && a->modseq == b->modseq;
}

void
imap_known_did_change (ImapKnown *self, const MailboxNumbers *before, const MailboxNumbers *after)
{
  ImapKnownRow *row = imap_known_find_id (self, before->id);

  if (row && numbers_are_equal (&row->numbers, before))
    row->numbers = *after;
}
