/* Ways that need no DNS: addresses in brackets, routes and providers. What the DNS says is in
 * tests/queue. */
#include "queue/route.h"
#include "settings.h"

static const struct {
  const char *domain, *routes, *relay, *relay_tls;
  guint code; /* 0: go */
  const char *name; /* of the only stop */
  guint port;
  SmtpTls tls;
  TlsPeer peer;
  gboolean logs_in;
  QueueTls wanted;
  gboolean requires_tls;
} cases[] = {
  { "[127.0.0.1]", "", "", "yes", 0, "[127.0.0.1]", 25, SMTP_TLS_MAYBE, TLS_PEER_ANY, FALSE },
  { "[IPv6:::1]", "", "", "yes", 0, "[IPv6:::1]", 25, SMTP_TLS_MAYBE, TLS_PEER_ANY, FALSE },
  { "[nowhere]", "", "", "yes", 550, NULL },
  { "there.example", "there.example=127.0.0.1:26", "", "yes", 0, "127.0.0.1", 26, SMTP_TLS_MAYBE,
    TLS_PEER_ANY, FALSE },
  { "there.example", "there.example=[::1]", "127.0.0.9", "yes", 0, "::1", 25, SMTP_TLS_MAYBE,
    TLS_PEER_ANY, FALSE },
  { "there.example", "", "127.0.0.1:587", "yes", 0, "127.0.0.1", 587, SMTP_TLS_MUST, TLS_PEER_NAMED,
    TRUE },
  { "there.example", "", "127.0.0.1:465", "yes", 0, "127.0.0.1", 465, SMTP_TLS_FROM_START,
    TLS_PEER_NAMED, TRUE },
  { "there.example", "", "127.0.0.1", "no", 0, "127.0.0.1", 25, SMTP_TLS_MAYBE, TLS_PEER_ANY,
    TRUE },
  /* REQUIRETLS: whose name nobody can prove gets nothing; who was laid down proves it by TLS. */
  { "[127.0.0.1]", "", "", "yes", 550, NULL, .wanted = QUEUE_TLS_REQUIRED },
  { "there.example", "there.example=127.0.0.1:26", "", "yes", 0, "127.0.0.1", 26, SMTP_TLS_MUST,
    TLS_PEER_NAMED, FALSE, QUEUE_TLS_REQUIRED, TRUE },
  { "there.example", "", "127.0.0.1", "no", 0, "127.0.0.1", 25, SMTP_TLS_MUST, TLS_PEER_NAMED, TRUE,
    QUEUE_TLS_REQUIRED, TRUE },
  { "there.example", "", "127.0.0.1:465", "yes", 0, "127.0.0.1", 465, SMTP_TLS_FROM_START,
    TLS_PEER_NAMED, TRUE, QUEUE_TLS_REQUIRED, TRUE },
  { "[127.0.0.1]", "", "", "yes", 0, "[127.0.0.1]", 25, SMTP_TLS_MAYBE, TLS_PEER_ANY, FALSE,
    QUEUE_TLS_PREFERRED, FALSE },
  { "there.example", "there.example=127.0.0.1:26", "", "yes", 0, "127.0.0.1", 26, SMTP_TLS_MAYBE,
    TLS_PEER_ANY, FALSE, QUEUE_TLS_OPTIONAL, FALSE },
};

typedef struct {
  GMainLoop *loop;
  Route *route;
} Answer;

static void
did_find (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->route = route_find_finish (result);
  g_main_loop_quit (answer->loop);
}

static void
test_ways (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    Answer answer = { .loop = loop };
    g_test_message ("%s | %s | %s", cases[i].domain, cases[i].routes, cases[i].relay);
    g_assert_true (setting_set (SETTING_QUEUE_ROUTES, cases[i].routes, NULL));
    g_assert_true (setting_set (SETTING_QUEUE_RELAY, cases[i].relay, NULL));
    g_assert_true (setting_set (SETTING_QUEUE_RELAY_TLS, cases[i].relay_tls, NULL));
    const RouteQuestion question
        = { .domain = cases[i].domain, .tls = cases[i].wanted, .hostname = "me.example" };
    route_find_async (&question, cancellable, did_find, &answer);
    g_main_loop_run (loop);
    g_autoptr (Route) route = answer.route;
    g_assert_cmpuint (route->code, ==, cases[i].code);
    g_assert_cmpuint (route->stops->len, ==, cases[i].name != NULL);
    if (cases[i].name == NULL)
      continue;
    const RouteStop *stop = route->stops->pdata[0];
    g_assert_cmpstr (stop->name, ==, cases[i].name);
    g_assert_cmpuint (stop->port, ==, cases[i].port);
    g_assert_cmpint (stop->tls, ==, cases[i].tls);
    g_assert_cmpint (stop->peer, ==, cases[i].peer);
    g_assert_cmpint (stop->logs_in, ==, cases[i].logs_in);
    g_assert_cmpint (stop->requires_tls, ==, cases[i].requires_tls);
    if (stop->requires_tls)
      g_assert_null (stop->next_hop); /* the certificate must be for the server */
  }
}

/* A report about a mail that demanded TLS is not lost when the way back does not grant it. */
static void
test_preferred (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const RouteQuestion question
      = { .domain = "there.example", .tls = QUEUE_TLS_PREFERRED, .hostname = "me.example" };
  Answer answer = { .loop = loop };

  g_assert_true (setting_set (SETTING_QUEUE_ROUTES, "there.example=127.0.0.1:26", NULL));
  g_assert_true (setting_set (SETTING_QUEUE_RELAY, "", NULL));
  route_find_async (&question, cancellable, did_find, &answer);
  g_main_loop_run (loop);
  g_autoptr (Route) route = answer.route;
  g_assert_cmpuint (route->stops->len, ==, 2);
  const RouteStop *first = route->stops->pdata[0], *second = route->stops->pdata[1];
  g_assert_true (first->requires_tls);
  g_assert_cmpint (first->tls, ==, SMTP_TLS_MUST);
  g_assert_false (second->requires_tls);
  g_assert_cmpint (second->tls, ==, SMTP_TLS_MAYBE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/route/ways", test_ways);
  g_test_add_func ("/route/preferred", test_preferred);
  return g_test_run ();
}
