/* Annotations: their names, whose they are, how many. */
#include "tests/unit/accounts-fixture.h"
#include "accounts/metadata.h"
#include "store/notes.h"
#include "store/watch.h"

static const struct {
  const char *name, *whole, *level; /* NULL: malformed */
} names[] = {
  { "/shared/comment", "/shared/comment", "/shared/comment" },
  { "/PRIVATE/Comment", "/private/comment", "/private/comment" },
  { "/shared", NULL, "/shared" },
  { "/private", NULL, "/private" },
  { "/shared/vendor/x", NULL, "/shared/vendor/x" },
  { "/shared/vendor", NULL, "/shared/vendor" },
  { "/shared/vendor/x/y", "/shared/vendor/x/y", "/shared/vendor/x/y" },
  { "/private/vendors", "/private/vendors", "/private/vendors" },
  { "/sharedx/comment", NULL, NULL },
  { "/other/comment", NULL, NULL },
  { "shared/comment", NULL, NULL },
  { "/shared/", NULL, NULL },
  { "/shared//comment", NULL, NULL },
  { "/shared/a*", NULL, NULL },
  { "/shared/a%b", NULL, NULL },
  { "/shared/\xc3\xbc", NULL, NULL },
  { "/shared/a\x01", NULL, NULL },
  { "", NULL, NULL },
  { "/", NULL, NULL },
};

static void
test_names (void)
{
  g_autofree char *fill = g_strnfill (METADATA_NAME_MAX, 'x');
  g_autofree char *longer = g_strconcat ("/shared/", fill, NULL);
  g_autofree char *none = metadata_normalize (longer, TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *whole = metadata_normalize (names[i].name, TRUE);
    g_autofree char *level = metadata_normalize (names[i].name, FALSE);
    g_test_message ("%s", names[i].name);
    g_assert_cmpstr (whole, ==, names[i].whole);
    g_assert_cmpstr (level, ==, names[i].level);
  }
  g_assert_null (none);
}

static gboolean
note (const char *name, const guint8 *value, gsize length, gpointer data, GError **error)
{
  g_string_append_printf (data, "%s=%.*s;", name, (int)length, (const char *)value);
  return TRUE;
}

static void
put (StoreTransaction *transaction, gint64 mailbox, gint64 account, const char *name,
     const char *value, MetadataOutcome wanted)
{
  g_autoptr (GBytes) bytes = value ? g_bytes_new (value, strlen (value)) : NULL;
  g_autoptr (GError) error = NULL;
  MetadataOutcome outcome;

  g_assert_true (metadata_put (transaction, mailbox, account, name, bytes, &outcome, &error));
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, wanted);
}

static void
expect (StoreTransaction *transaction, gint64 mailbox, gint64 account, const char *name,
        guint depth, const char *wanted)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (metadata_each (store_transaction_database (transaction), mailbox, account, name,
                                depth, note, text, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==, wanted);
}

static gboolean
test_scopes (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) inbox = mailbox_find (database, self->anna, "INBOX", error);
  g_autoptr (Mailbox) old = NULL;

  put (transaction, inbox->id, self->anna, "/shared/comment", "ours", METADATA_DONE);
  put (transaction, inbox->id, self->anna, "/private/comment", "mine", METADATA_DONE);
  put (transaction, inbox->id, self->bert, "/private/comment", "", METADATA_DONE);
  put (transaction, inbox->id, self->anna, "/shared/a/b", "1", METADATA_DONE);
  put (transaction, inbox->id, self->anna, "/shared/a/b/c", "2", METADATA_DONE);
  put (transaction, METADATA_SERVER, self->anna, "/private/a/b", "s", METADATA_DONE);
  expect (transaction, inbox->id, self->bert, "/shared/comment", 0, "/shared/comment=ours;");
  expect (transaction, inbox->id, self->bert, "/private/comment", 0, "/private/comment=;");
  expect (transaction, inbox->id, self->anna, "/private/comment", 0, "/private/comment=mine;");
  expect (transaction, inbox->id, self->anna, "/shared/a", 0, "");
  expect (transaction, inbox->id, self->anna, "/shared/a", 1, "/shared/a/b=1;");
  expect (transaction, inbox->id, self->anna, "/shared", METADATA_INFINITE,
          "/shared/a/b=1;/shared/a/b/c=2;/shared/comment=ours;");
  expect (transaction, METADATA_SERVER, self->bert, "/private", METADATA_INFINITE, "");

  /* INBOX keeps what its new twin gets; a mailbox that goes takes all along. */
  g_assert_true (mailbox_rename (transaction, self->anna, "INBOX", "Old", error));
  old = mailbox_find (database, self->anna, "Old", error);
  expect (transaction, old->id, self->anna, "/private/comment", 0, "/private/comment=mine;");
  expect (transaction, inbox->id, self->anna, "/private/comment", 0, "/private/comment=mine;");
  g_assert_true (mailbox_rename (transaction, self->anna, "Old", "Older", error));
  expect (transaction, old->id, self->bert, "/shared/comment", 0, "/shared/comment=ours;");
  g_assert_true (mailbox_delete (transaction, self->anna, "Older", error));
  expect (transaction, old->id, self->bert, "/shared", METADATA_INFINITE, "");
  put (transaction, inbox->id, self->anna, "/shared/comment", NULL, METADATA_DONE);
  expect (transaction, inbox->id, self->anna, "/shared/comment", 0, "");
  return TRUE;
}

static gboolean
test_bounds (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  g_autofree char *most = g_strnfill (METADATA_VALUE_MAX, 'x');
  g_autofree char *more = g_strnfill (METADATA_VALUE_MAX + 1, 'x');
  g_autoptr (Mailbox) inbox
      = mailbox_find (store_transaction_database (transaction), self->anna, "INBOX", error);

  put (transaction, inbox->id, self->anna, "/shared/big", more, METADATA_TOO_BIG);
  for (guint i = 0; i < METADATA_ENTRIES_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("/shared/n%u", i);
    put (transaction, inbox->id, self->anna, name, "x", METADATA_DONE);
  }
  put (transaction, inbox->id, self->anna, "/shared/n3", "y", METADATA_DONE);
  put (transaction, inbox->id, self->anna, "/shared/other", "x", METADATA_TOO_MANY);
  for (guint i = 0; i < METADATA_TOTAL_MAX / METADATA_VALUE_MAX - 1; i++) {
    g_autofree char *name = g_strdup_printf ("/private/n%u", i);
    put (transaction, METADATA_SERVER, self->anna, name, most, METADATA_DONE);
  }
  put (transaction, inbox->id, self->anna, "/private/big", most, METADATA_TOO_MANY);
  return TRUE;
}

/* An annotation of Anna's INBOX or of the server, of all or of one alone. */
typedef struct {
  Office *office;
  gboolean server;
  const char *name, *value;
} Annotating;

static gboolean
annotate (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Annotating *self = data;
  g_autoptr (Mailbox) inbox
      = mailbox_find (store_transaction_database (transaction), self->office->anna, "INBOX", error);
  g_autoptr (GBytes) value = self->value ? g_bytes_new (self->value, strlen (self->value)) : NULL;
  MetadataOutcome outcome;

  return metadata_put (transaction, self->server ? METADATA_SERVER : inbox->id, self->office->bert,
                       self->name, value, &outcome, error);
}

static void
did_fire (gpointer data)
{
}

static void
find_account (const Note *note, gpointer data)
{
  *(gint64 *)data = note->account;
}

/* Who may see an annotation is told that it has changed; of one that was not there nobody is. */
static void
test_told (Office *self, gconstpointer data)
{
  const struct {
    Annotating annotating;
    gint64 watch, account; /* -1: nothing is said */
  } cases[] = {
    { { self, TRUE, "/shared/comment", "x" }, WATCH_EVERYBODY, 0 },
    { { self, TRUE, "/shared/comment", NULL }, WATCH_EVERYBODY, 0 },
    { { self, TRUE, "/shared/comment", NULL }, WATCH_EVERYBODY, -1 },
    { { self, TRUE, "/private/comment", "x" }, self->bert, self->bert },
    { { self, FALSE, "/shared/comment", "x" }, self->anna, 0 },
    { { self, FALSE, "/private/comment", "x" }, self->bert, self->bert },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (Watch) watch = watch_new_account (self->store, cases[i].watch, did_fire, NULL);
    guint64 serial = store_notes_last (self->store);
    gint64 account = -1;
    store_write_sync (self->store, annotate, (gpointer)&cases[i].annotating, NULL);
    g_test_message ("case %" G_GSIZE_FORMAT, i);
    g_assert_true (store_notes_since (self->store, &serial, find_account, &account));
    g_assert_cmpint (account, ==, cases[i].account);
    g_assert_cmpuint (watch_rearm (watch), ==, cases[i].account < 0 ? 0 : WATCH_NOTES);
  }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/metadata/names", test_names);
  office_add_job ("/metadata/scopes", test_scopes);
  office_add_job ("/metadata/bounds", test_bounds);
  g_test_add ("/metadata/told", Office, NULL, office_set_up, test_told, office_tear_down);
  return g_test_run ();
}
