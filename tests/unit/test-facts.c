/* What the overview reads of the store: for who sees all, and for a domain's administrator. */
#include "admin-fixture.h"
#include "accounts/alias.h"
#include "accounts/brake.h"
#include "admin/attention.h"
#include "admin/documents.h"
#include "queue/queue.h"

#define HOUR 3600

/* AGE: since so many seconds it waits. */
static gboolean
add_mail (StoreTransaction *transaction, const char *sender, const char *recipient, gint64 age)
{
  const QueueRow row = { .sender = sender, .recipient = recipient };

  return queue_add (transaction, &row, NULL)
      && database_run (store_transaction_database (transaction), NULL,
                       "UPDATE queue SET created = ?1 WHERE id = (SELECT max (id) FROM queue)", "i",
                       g_get_real_time () / G_USEC_PER_SEC - age);
}

static gboolean
hold (StoreTransaction *transaction)
{
  return database_run (store_transaction_database (transaction), NULL,
                       "UPDATE queue SET held = 1 WHERE id = (SELECT max (id) FROM queue)", "");
}

static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const targets[] = { "anna@office.example", NULL };
  json_t *value = json_pack ("{s:i}", "a", 1);
  const gboolean done = domain_add (transaction, "other.example", error)
      && account_add (transaction, "bert@other.example", NULL, NULL, 0, FALSE, error)
      && account_add (transaction, "carl@other.example", NULL, NULL, 0, FALSE, error)
      && alias_add (transaction, "postmaster@office.example", targets, error)
      && brake_lock (transaction, "anna@office.example", error)
      && brake_lock (transaction, "bert@other.example", error)
      && add_mail (transaction, "anna@office.example", "x@else.example", 1 * HOUR)
      && add_mail (transaction, "bert@other.example", "x@else.example", 9 * HOUR)
      && add_mail (transaction, "x@else.example", "anna@office.example", 5 * HOUR)
      && add_mail (transaction, "bert@other.example", "y@else.example", 7 * HOUR)
      && hold (transaction) && document_write (transaction, "one", value, error);

  json_decref (value);
  return done;
}

static const struct {
  const char *name;
  AdminRole role;
  const char *names, *unread, *braked; /* with blanks between */
  gint64 domains, users, administrators, waiting, held, late, oldest_hours;
} rows[] = {
  { "all", ADMIN_EVERYTHING, "office.example other.example", "other.example",
    "anna@office.example bert@other.example", 2, 4, 1, 4, 1, 2, 9 },
  { "looks", ADMIN_LOOKS, "office.example other.example", "other.example",
    "anna@office.example bert@other.example", 2, 4, 1, 4, 1, 2, 9 },
  { "domain", ADMIN_DOMAINS, "office.example", "", "anna@office.example", 1, 2, 1, 2, 0, 1, 5 },
};

static char *
join (const GPtrArray *texts)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < texts->len; i++)
    g_string_append_printf (joined, "%s%s", i ? " " : "", (char *)texts->pdata[i]);
  return g_string_free (joined, FALSE);
}

static void
test_rows (Office *self, gconstpointer data)
{
  const AdminService service = { .store = self->store };
  g_autoptr (GError) error = NULL;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  store_write_sync (self->store, fill, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (Caller) caller = caller_new_user ("x@office.example", "192.0.2.7");
    AdminCall call = { .service = &service, .caller = caller };
    g_auto (Facts) facts = { 0 };

    caller->role = rows[i].role;
    g_strfreev (caller->domains);
    caller->domains = g_strsplit (rows[i].role == ADMIN_DOMAINS ? "office.example" : "", " ", -1);
    g_assert_true (facts_read (&call, &facts, &error));
    g_test_message ("%s", rows[i].name);
    g_autofree char *names = join (facts.names);
    g_autofree char *unread = join (facts.unread);
    g_autofree char *braked = join (facts.braked);
    g_assert_cmpstr (names, ==, rows[i].names);
    g_assert_cmpstr (unread, ==, rows[i].unread);
    g_assert_cmpstr (braked, ==, rows[i].braked);
    g_assert_cmpint (facts.domains, ==, rows[i].domains);
    g_assert_cmpint (facts.users, ==, rows[i].users);
    g_assert_cmpint (facts.administrators, ==, rows[i].administrators);
    g_assert_cmpint (facts.waiting, ==, rows[i].waiting);
    g_assert_cmpint (facts.held, ==, rows[i].held);
    g_assert_cmpint (facts.late, ==, rows[i].late);
    g_assert_cmpint ((now - facts.oldest + HOUR / 2) / HOUR, ==, rows[i].oldest_hours);
    g_assert_cmpuint (json_object_size (facts.documents), ==, 1);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/facts/rows", Office, NULL, office_set_up, test_rows, office_tear_down);
  return g_test_run ();
}
