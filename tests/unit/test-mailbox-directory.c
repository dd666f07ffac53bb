/* Names: which are possible, parents, renaming, deleting, subscribing, UIDVALIDITY. */
#include "mailbox-fixture.h"

static gboolean
call_rename (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_rename (transaction, self->fixture->account, self->name, self->to, error);
}

static gboolean
call_delete (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_delete (transaction, self->fixture->account, self->name, error);
}

static gboolean
call_delete_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  return mailbox_delete_all (transaction, ((Call *)data)->fixture->account, error);
}

static gboolean
call_subscribe (StoreTransaction *transaction, gpointer data, GError **error)
{
  Call *self = data;

  return mailbox_subscribe (transaction, self->fixture->account, self->name, self->subscribed,
                            error);
}

static void
must (Fixture *self, StoreWriteFunc func, const char *name, const char *to)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .name = name, .to = to, .subscribed = TRUE };

  call (self, func, &arguments, &error);
  g_assert_no_error (error);
}

static void
must_not (Fixture *self, StoreWriteFunc func, const char *name, const char *to, int code)
{
  g_autoptr (GError) error = NULL;
  Call arguments = { .name = name, .to = to, .subscribed = TRUE };

  g_assert_false (call (self, func, &arguments, &error));
  g_assert_error (error, STORE_ERROR, code);
}

static gboolean
look_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *self = data;

  self->list = mailbox_list (store_snapshot_database (snapshot), self->account, error);
  return self->list != NULL;
}

/* Names with a space between; "+" behind a subscribed one, "!" behind one that does not exist. */
static void
assert_list (Fixture *self, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Look look = { .account = self->account };

  store_read_sync (self->store, look_list, &look, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < look.list->len; i++) {
    const Mailbox *mailbox = look.list->pdata[i];
    g_string_append_printf (text, "%s%s%s%s", i ? " " : "", mailbox->name,
                            mailbox->subscribed ? "+" : "", mailbox->id ? "" : "!");
  }
  g_assert_cmpstr (text->str, ==, expected);
  g_ptr_array_unref (look.list);
}

static guint32
uid_validity (Fixture *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  Look look = { .account = self->account, .name = name };

  store_read_sync (self->store, look_load, &look, &error);
  g_assert_no_error (error);
  guint32 value = look.mailbox->uid_validity;
  mailbox_free (look.mailbox);
  return value;
}

static void
test_names (Fixture *self, gconstpointer data)
{
  static const char *const impossible[]
      = { "", "/", "/a", "a/", "a//b", "a\nb", "a\x7f", "\xff", "a/\xc3" };
  g_autofree char *long_name = g_strnfill (1001, 'a');
  g_autoptr (GString) deep = g_string_new ("a");

  for (guint i = 0; i < G_N_ELEMENTS (impossible); i++)
    must_not (self, call_create, impossible[i], NULL, STORE_ERROR_INVALID);
  must_not (self, call_create, long_name, NULL, STORE_ERROR_INVALID);
  for (guint i = 0; i < 30; i++)
    g_string_append (deep, "/a");
  must_not (self, call_create, deep->str, NULL, STORE_ERROR_INVALID);
  must_not (self, call_create, "iNbOx", NULL, STORE_ERROR_EXISTS);
  must (self, call_create, "inbox/Büro", NULL);
  must (self, call_create, "inboxes", NULL);
  must (self, call_create, "a/b/c", NULL);
  assert_list (self, "INBOX INBOX/Büro a a/b a/b/c inboxes");
}

static void
test_rename (Fixture *self, gconstpointer data)
{
  must (self, call_create, "ä/x/y", NULL);
  must (self, call_create, "ä0", NULL);
  must (self, call_create, "ä-", NULL);
  must (self, call_subscribe, "ä/x", NULL);
  guint32 before = uid_validity (self, "ä/x/y");
  must_not (self, call_rename, "nothing", "something", STORE_ERROR_NOT_FOUND);
  must_not (self, call_rename, "ä", "ä0", STORE_ERROR_EXISTS);
  must_not (self, call_rename, "ä", "ä/x/z", STORE_ERROR_INVALID);
  must (self, call_rename, "ä", "new/place");
  assert_list (self, "INBOX new new/place new/place/x+ new/place/x/y ä- ä0");
  g_assert_cmpuint (uid_validity (self, "new/place/x/y"), ==, before);
  /* The old name, made again, is another mailbox. */
  must (self, call_create, "ä/x/y", NULL);
  g_assert_cmpuint (uid_validity (self, "ä/x/y"), >, before);
}

static void
test_rename_inbox (Fixture *self, gconstpointer data)
{
  guint32 before = uid_validity (self, "INBOX");

  fixture_add (self, self->inbox, "one", FLAG_SEEN);
  fixture_add (self, self->inbox, "two", 0);
  must (self, call_create, "INBOX/child", NULL);
  must (self, call_rename, "inbox", "Old/Mail");
  assert_list (self, "INBOX INBOX/child Old Old/Mail");
  g_assert_cmpuint (uid_validity (self, "INBOX"), ==, before);
  assert_mailbox (self, self->inbox, 0, 0, 0);
  assert_entries (self, self->inbox, 0, "1:8@4- 2:0@4-");
  Look look = { .account = self->account, .name = "Old/Mail" };
  g_assert_true (store_read_sync (self->store, look_load, &look, NULL));
  g_assert_cmpuint (look.mailbox->messages, ==, 2);
  mailbox_free (look.mailbox);
  assert_used (self, 6);
}

static void
test_delete (Fixture *self, gconstpointer data)
{
  must (self, call_create, "a/b", NULL);
  must (self, call_subscribe, "a/b", NULL);
  guint32 before = uid_validity (self, "a/b");
  must_not (self, call_delete, "INBOX", NULL, STORE_ERROR_INVALID);
  must_not (self, call_delete, "a", NULL, STORE_ERROR_INVALID);
  must_not (self, call_delete, "b", NULL, STORE_ERROR_NOT_FOUND);
  Look look = { .account = self->account, .name = "a/b" };
  g_assert_true (store_read_sync (self->store, look_load, &look, NULL));
  fixture_add (self, look.mailbox->id, "some bytes", 0);
  mailbox_free (look.mailbox);
  assert_used (self, 10);
  must (self, call_delete, "a/b", NULL);
  assert_used (self, 0);
  assert_list (self, "INBOX a a/b+!");
  must (self, call_create, "a/b", NULL);
  assert_list (self, "INBOX a a/b+");
  g_assert_cmpuint (uid_validity (self, "a/b"), >, before);
}

static void
test_delete_all (Fixture *self, gconstpointer data)
{
  must (self, call_create, "a/b", NULL);
  must (self, call_subscribe, "elsewhere", NULL);
  fixture_add (self, self->inbox, "text", 0);
  must (self, call_delete_all, NULL, NULL);
  assert_list (self, "");
  assert_used (self, 0);
}

static void
test_subscribe (Fixture *self, gconstpointer data)
{
  must (self, call_subscribe, "inbox", NULL);
  must (self, call_subscribe, "inbox", NULL);
  must (self, call_subscribe, "gone", NULL);
  must_not (self, call_subscribe, "/", NULL, STORE_ERROR_INVALID);
  assert_list (self, "INBOX+ gone+!");
  Call arguments = { .name = "gone", .subscribed = FALSE };
  g_assert_true (call (self, call_subscribe, &arguments, NULL));
  g_assert_true (call (self, call_subscribe, &arguments, NULL));
  assert_list (self, "INBOX+");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mailbox-directory/names", test_names);
  fixture_test ("/mailbox-directory/rename", test_rename);
  fixture_test ("/mailbox-directory/rename-inbox", test_rename_inbox);
  fixture_test ("/mailbox-directory/delete", test_delete);
  fixture_test ("/mailbox-directory/delete-all", test_delete_all);
  fixture_test ("/mailbox-directory/subscribe", test_subscribe);
  return g_test_run ();
}
