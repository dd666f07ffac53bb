/* Tests of daemon/queue/mta-sts-search.c: what is kept counts when the DNS says nothing (RFC 8461
 * §5.1). What the DNS and web servers say is in tests/queue. */
#include "queue/mta-sts-search.h"
#include "store-fixture.h"

#define ENFORCE "version: STSv1\nmode: enforce\nmx: mx.there.example\nmax_age: 86400\n"
#define TESTING "version: STSv1\nmode: testing\nmx: mx.there.example\nmax_age: 86400\n"

static const struct {
  const char *policy; /* that is kept, or NULL: the last attempt failed */
  gint64 age; /* seconds since it was over; negative: it still counts */
  gint mode; /* -1: no policy counts */
} cases[] = {
  { ENFORCE, -60, MTA_STS_ENFORCE },
  { TESTING, -60, MTA_STS_TESTING },
  { ENFORCE, 60, -1 },
  { "version: STSv2\n", -60, -1 }, /* of an older version, say */
  { NULL, 0, -1 },
};

static gboolean
keep (StoreTransaction *transaction, gpointer data, GError **error)
{
  const guint number = GPOINTER_TO_UINT (data);
  const gint64 now = store_transaction_now (transaction);
  Database *database = store_transaction_database (transaction);

  if (cases[number].policy == NULL)
    return database_run (database, error,
                         "INSERT OR REPLACE INTO mta_sts (domain, tried)"
                         " VALUES ('there.example', ?1)",
                         "i", now);
  return database_run (database, error,
                       "INSERT OR REPLACE INTO mta_sts (domain, id, policy, expires, tried)"
                       " VALUES ('there.example', 'a1', ?1, ?2, 0)",
                       "ti", cases[number].policy, now - cases[number].age);
}

typedef struct {
  MtaStsPolicy *policy;
  gboolean is_over;
} Answer;

static void
did_find (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->policy = mta_sts_search_finish (result);
  answer->is_over = TRUE;
}

/* The look-up is cancelled: the same as a DNS that does not answer, without the wait. */
static MtaStsPolicy *
search (Fixture *self, Dns *dns, const char *domain)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { NULL, FALSE };

  mta_sts_search_async (self->store, dns, domain, cancellable, did_find, &answer);
  g_cancellable_cancel (cancellable);
  while (!answer.is_over)
    g_main_context_iteration (NULL, TRUE);
  return answer.policy;
}

static void
test_kept (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "dns", NULL);
  const DnsOptions options = { folder, "127.0.0.1@1" };
  g_autoptr (GError) error = NULL;
  g_autoptr (Dns) dns = dns_new (&options, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (MtaStsPolicy) policy = NULL;

    g_test_message ("%u", i);
    g_assert_true (store_write_sync (self->store, keep, GUINT_TO_POINTER (i), NULL));
    policy = search (self, dns, "there.example");
    g_assert_cmpint (policy ? (gint)policy->mode : -1, ==, cases[i].mode);
    if (policy)
      g_assert_true (mta_sts_policy_allows (policy, "mx.there.example"));
  }
  g_assert_null (search (self, dns, "elsewhere.example"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/mta-sts-search/kept", test_kept);
  return g_test_run ();
}
