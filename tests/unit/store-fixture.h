/* A store in a folder of its own, with one account and its INBOX, for the tests of store/. */
#pragma once
#include "store/mailbox.h"
#include "store/parts.h"
#include <glib/gstdio.h>

typedef struct {
  char *folder;
  Store *store;
  gint64 account, inbox;
} Fixture;

static inline void
remove_tree (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir && (name = g_dir_read_name (dir))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  if (dir)
    g_dir_close (dir);
  g_remove (path);
}

static inline gboolean
fixture_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Fixture *self = data;

  if (!database_run (store_transaction_database (transaction), error,
                     "INSERT INTO account (address, domain) VALUES ('ada@example.com', 1)", ""))
    return FALSE;
  self->account = database_last_id (store_transaction_database (transaction));
  self->inbox = mailbox_create (transaction, self->account, "INBOX", NULL, error);
  return self->inbox != 0;
}

static inline void
fixture_open (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  StoreOptions options = { .folder = self->folder };

  self->store = store_open (&options, &error);
  g_assert_no_error (error);
}

static inline void
fixture_reopen (Fixture *self)
{
  store_close (self->store);
  fixture_open (self);
}

static inline void
fixture_set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("store-XXXXXX", NULL);
  fixture_open (self);
  store_write_sync (self->store, fixture_fill, self, &error);
  g_assert_no_error (error);
}

static inline void
fixture_tear_down (Fixture *self, gconstpointer data)
{
  g_clear_pointer (&self->store, store_close);
  remove_tree (self->folder);
  g_free (self->folder);
}

#define fixture_test(path, function)                                                               \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

/* Adding one message to a mailbox. */
typedef struct {
  gint64 mailbox;
  PreparedMessage *message;
  guint64 flags;
  guint32 uid;
  gint64 id;
} Adding;

static inline gboolean
add_message (StoreTransaction *transaction, gpointer data, GError **error)
{
  Adding *self = data;

  self->id = message_append (transaction, self->message, error);
  return self->id
      && mailbox_add (transaction, self->mailbox, self->id, self->flags, 1000000, 60, &self->uid,
                      error);
}

static inline PreparedMessage *
prepare_text (Store *store, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GBytes) summary = g_bytes_new_static ("summary", 7);
  PreparedMessage *message = prepared_message_new (store, bytes, summary, NULL, &error);

  g_assert_no_error (error);
  return message;
}

static inline Adding
fixture_add (Fixture *self, gint64 mailbox, const char *text, guint64 flags)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) message = prepare_text (self->store, text);
  Adding adding = { .mailbox = mailbox, .message = message, .flags = flags };

  store_write_sync (self->store, add_message, &adding, &error);
  g_assert_no_error (error);
  adding.message = NULL;
  return adding;
}
