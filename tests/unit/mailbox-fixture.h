/* Short words for the tests of mailbox-*.c: each runs one job and must succeed, or tells its
 * error. */
#pragma once
#include "store-fixture.h"

typedef struct {
  Fixture *fixture;
  gint64 mailbox, other;
  const char *name, *to;
  UidRange range;
  FlagsChange change;
  guint64 flags, unchanged_since, bit;
  gboolean move, subscribed;
  guint32 next, recent;
  GArray *modified, *source, *target;
} Call;

static inline gboolean
call (Fixture *self, StoreWriteFunc func, Call *arguments, GError **error)
{
  arguments->fixture = self;
  return store_write_sync (self->store, func, arguments, error);
}

static inline gboolean
call_create (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  self->mailbox = mailbox_create (transaction, self->fixture->account, self->name, self->to, error);
  return self->mailbox != 0;
}

static inline gint64
create_mailbox (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .name = name };

  call (self, call_create, &arguments, &error);
  g_assert_no_error (error);
  return arguments.mailbox;
}

static inline gboolean
call_store (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_store (transaction, self->mailbox, &self->range, 1, self->change, self->flags,
                        self->unchanged_since, &self->next, self->modified, error);
}

static inline gboolean
call_expunge (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_expunge (transaction, self->mailbox, &self->range, 1, self->flags, &self->next,
                          error);
}

static inline gboolean
call_copy (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_copy (transaction, self->mailbox, &self->range, 1, self->other, self->move,
                       &self->next, self->source, self->target, error);
}

static inline gboolean
call_keyword (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  self->bit = mailbox_keyword_bit (transaction, self->mailbox, self->name, error);
  return self->bit != 0;
}

static inline guint64
keyword_bit (Fixture *self, gint64 mailbox, const char *name)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .mailbox = mailbox, .name = name };

  call (self, call_keyword, &arguments, &error);
  g_assert_no_error (error);
  return arguments.bit;
}

/* Reading. */
typedef struct {
  gint64 id, account;
  const char *name;
  guint64 modseq;
  gboolean with_expunged;
  Mailbox *mailbox;
  GPtrArray *list;
  GArray *uids;
  GString *text;
} Look;

static inline gboolean
look_load (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *self = data;
  Database *database = store_snapshot_database (snapshot);

  self->mailbox = self->name ? mailbox_find (database, self->account, self->name, error)
                             : mailbox_load (database, self->id, error);
  return self->mailbox != NULL;
}

static inline Mailbox *
load_mailbox (Fixture *self, gint64 id)
{
  g_autoptr (GError) error = NULL;
  Look look = { .id = id };

  store_read_sync (self->store, look_load, &look, &error);
  g_assert_no_error (error);
  return look.mailbox;
}

static inline gboolean
print_entry (const Entry *entry, gpointer data)
{
  Look *self = data;

  g_string_append_printf (self->text, "%s%u:%" G_GINT64_MODIFIER "x@%" G_GUINT64_FORMAT "%s",
                          self->text->len ? " " : "", entry->uid, entry->flags, entry->modseq,
                          entry->expunged ? "-" : "");
  return TRUE;
}

static inline gboolean
look_entries (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *self = data;
  Database *database = store_snapshot_database (snapshot);

  if (self->modseq)
    return mailbox_changes (database, self->id, self->modseq, print_entry, self, error);
  return mailbox_each (database, self->id, 1, G_MAXUINT32, self->with_expunged, print_entry, self,
                       error);
}

/* "UID:FLAGS@MODSEQ" for each, "-" behind a tombstone; MODSEQ > 0: what changed since. */
static inline void
assert_entries (Fixture *self, gint64 mailbox, guint64 modseq, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Look look = { .id = mailbox, .modseq = modseq, .with_expunged = TRUE, .text = text };

  store_read_sync (self->store, look_entries, &look, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, expected);
}

static inline gboolean
look_used (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Statement *row = database_query (store_snapshot_database (snapshot), error,
                                   "SELECT a.used, (SELECT sum(size) FROM mailbox"
                                   " WHERE account = a.id AND deleted IS NULL),"
                                   " (SELECT sum (e.size) FROM entry e JOIN mailbox m ON"
                                   " m.id = e.mailbox WHERE m.deleted IS NULL AND e.expunged = 0)"
                                   " FROM account a",
                                   "");

  if (!row || !statement_next (row, error))
    return FALSE;
  gint64 *used = data;
  for (guint i = 0; i < 3; i++)
    used[i] = statement_int (row, i);
  return TRUE;
}

/* What the account's row says is what lies there. */
static inline void
assert_used (Fixture *self, gint64 expected)
{
  g_autoptr (GError) error = NULL;
  gint64 used[3];

  store_read_sync (self->store, look_used, used, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 3; i++)
    g_assert_cmpint (used[i], ==, expected);
}

#define assert_mailbox(fixture, mailbox, expected_messages, expected_unseen, expected_size)        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autoptr (Mailbox) row = load_mailbox (fixture, mailbox);                                     \
    g_assert_cmpuint (row->messages, ==, expected_messages);                                       \
    g_assert_cmpuint (row->unseen, ==, expected_unseen);                                           \
    g_assert_cmpuint (row->size, ==, expected_size);                                               \
  }                                                                                                \
  G_STMT_END
