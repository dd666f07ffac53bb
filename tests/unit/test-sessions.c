/* Who is connected: what each session is described as, over several threads, and the end of one. */
#include "net-fixture.h"
#include "daemon/net/sessions.h"

/* What a client sends is whom it claims to be and, after '|', what it says of itself. */
static const char *const clients[] = { "anna@office.example|Thunderbird", "bert@office.example|",
                                       "-|", "anna@office.example|\377" };

static void
closed (Channel *channel, const GError *reason, gpointer data)
{
  g_atomic_int_inc (&net.closed);
}

static gsize
received (Channel *channel, const guint8 *bytes, gsize length, gpointer data)
{
  g_autofree char *line = g_strndup ((const char *)bytes, length);
  g_auto (GStrv) parts = g_strsplit (line, "|", 2);

  if (strcmp (parts[0], "-") != 0)
    g_assert_true (channel_claim_user (channel, parts[0]));
  if (*parts[1])
    channel_set_client (channel, parts[1]);
  channel_write (channel, "y", 1);
  return length;
}

static const ChannelEvents events = { .received = received, .closed = closed };

static void
accepted (Channel *channel, gpointer data)
{
  channel_set_events (channel, &events, NULL);
  g_atomic_int_inc (&net.open);
}

static const ListenerService service = { "imap", NULL, FALSE, accepted, NULL, NULL };

static GPtrArray *
survey (guint threads)
{
  g_autoptr (Survey) asked = survey_new ();

  survey_ask (asked, net.threads, threads);
  return survey_wait (asked, 10000);
}

static const Session *
find (const GPtrArray *sessions, const char *user, const char *client)
{
  for (guint i = 0; i < sessions->len; i++) {
    const Session *session = sessions->pdata[i];
    if (g_strcmp0 (session->user, user) == 0 && g_strcmp0 (session->client, client) == 0)
      return session;
  }
  return NULL;
}

static void
connect_all (GSocket **sockets)
{
  net_start_threads ();
  net_listen (&service);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++) {
    sockets[i] = net_connect ();
    net_send (sockets[i], clients[i], strlen (clients[i]));
    net_expect (sockets[i], "y");
  }
}

static void
test_list (void)
{
  GSocket *sockets[G_N_ELEMENTS (clients)];
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  connect_all (sockets);
  g_autoptr (GPtrArray) all = survey (NET_THREADS);
  g_autoptr (GPtrArray) some = survey (1);
  g_autoptr (GPtrArray) none = survey (0);

  g_assert_cmpuint (all->len, ==, G_N_ELEMENTS (clients));
  g_assert_cmpuint (some->len, ==, G_N_ELEMENTS (clients) / NET_THREADS);
  g_assert_cmpuint (none->len, ==, 0);
  g_assert_nonnull (find (all, "anna@office.example", "Thunderbird"));
  g_assert_nonnull (find (all, "bert@office.example", NULL));
  g_assert_nonnull (find (all, NULL, NULL));
  for (guint i = 0; i < all->len; i++) {
    const Session *session = all->pdata[i];
    g_assert_cmpstr (session->protocol, ==, "imap");
    g_assert_cmpstr (session->address, ==, "127.0.0.1");
    g_assert_false (session->secure);
    g_assert_cmpint (ABS (session->since - now), <=, 60);
    g_assert_true (session->client == NULL || g_utf8_validate (session->client, -1, NULL));
    g_assert_true (i == 0 || ((Session *)all->pdata[i - 1])->since >= session->since);
  }
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_object_unref (sockets[i]);
  net_stop ();
}

static void
test_end (void)
{
  GSocket *sockets[G_N_ELEMENTS (clients)];

  connect_all (sockets);
  g_autoptr (GPtrArray) before = survey (NET_THREADS);
  sessions_end (net.threads, NET_THREADS, "nobody's");
  sessions_end (net.threads, NET_THREADS, find (before, "bert@office.example", NULL)->id);
  net_expect_end (sockets[1]);
  g_clear_object (&sockets[1]); /* for which the server would wait some seconds */
  net_wait_for (&net.closed, 1);
  g_autoptr (GPtrArray) after = survey (NET_THREADS);

  g_assert_cmpuint (after->len, ==, G_N_ELEMENTS (clients) - 1);
  g_assert_null (find (after, "bert@office.example", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_clear_object (&sockets[i]);
  net_stop ();
}

/* Nobody asks, or a thread does not answer in time: the one who waits goes on. */
static void
test_late (void)
{
  g_autoptr (Survey) asked = survey_new ();
  const gint64 begin = g_get_monotonic_time ();
  g_autoptr (GPtrArray) nobody = survey_wait (asked, 50);

  g_assert_cmpuint (nobody->len, ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin, >=, 40000);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 10 * G_USEC_PER_SEC);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessions/list", test_list);
  g_test_add_func ("/sessions/end", test_end);
  g_test_add_func ("/sessions/late", test_late);
  return g_test_run ();
}
