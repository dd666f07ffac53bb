/* Mail leaves by its schedule: schedule.c, pause.c, destination.c, destination-mail.c, connection.c
 * and route.c with a server on loopback that queue.routes names, so that no DNS is asked. */
#include "queue/schedule.h"
#include "queue/queue-list.h"
#include "queue/queue.h"
#include "settings.h"
#include "smtp-peer.h"
#include "store-fixture.h"

typedef struct {
  gint64 account, message;
  const char *recipient;
} Adding1;

static gboolean
add_row (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Adding1 *adding = data;
  const QueueRow row = { .message = adding->message,
                         .account = adding->account,
                         .sender = "ada@example.com",
                         .recipient = adding->recipient };

  return queue_add (transaction, &row, error);
}

typedef struct {
  gint64 rows, attempts;
  char *reply;
} State;

static gboolean
read_state (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  State *state = data;
  Statement *row
      = database_query (store_snapshot_database (snapshot), error,
                        "SELECT count (*), max (attempts), max (last_reply) FROM queue", "");

  g_assert_true (statement_next (row, NULL));
  state->rows = statement_int (row, 0);
  state->attempts = statement_int (row, 1);
  state->reply = g_strdup (statement_text (row, 2));
  statement_done (row);
  return TRUE;
}

/* Waits until so many rows are there, tried so often. */
static char *
wait_for (Fixture *self, gint64 rows, gint64 attempts)
{
  for (guint i = 0; i < 2000; i++) {
    State state = { 0 };
    g_assert_true (store_read_sync (self->store, read_state, &state, NULL));
    if (state.rows == rows && state.attempts >= attempts)
      return state.reply;
    g_free (state.reply);
    g_usleep (5000);
  }
  g_assert_not_reached ();
}

static void
queue_one (Fixture *self, const char *recipient)
{
  const Adding added = fixture_add (self, self->inbox, "Subject: x\r\n\r\n.\r\n", 0);
  Adding1 adding = { self->account, added.id, recipient };

  g_assert_true (store_write_sync (self->store, add_row, &adding, NULL));
}

static Schedule *
begin (Fixture *self, guint16 port)
{
  const ScheduleOptions options = { .store = self->store, .hostname = "me.example" };
  g_autofree char *route = g_strdup_printf ("there.example=127.0.0.1:%u", port);
  g_autoptr (GError) error = NULL;
  Schedule *schedule;

  g_assert_true (setting_set (SETTING_QUEUE_ROUTES, route, NULL));
  schedule = schedule_new (&options, &error);
  g_assert_no_error (error);
  return schedule;
}

#define HELLO "> 220 Hello\n< EHLO me.example\n> 250 there\n"
#define MAIL(to)                                                                                   \
  "< MAIL FROM:<ada@example.com>\n> 250 ok\n< RCPT TO:<" to "@there.example>\n> 250 ok\n"
#define DATA "< DATA\n> 354 go\n< Subject: x\n<\n< ..\n< .\n> 250 Taken\n"

/* What lay in the store is sent, then what is announced, over one connection. */
static void
test_sends (Fixture *self, gconstpointer data)
{
  SmtpPeer peer;
  Schedule *schedule;

  smtp_peer_start (&peer, HELLO MAIL ("one") DATA MAIL ("two") DATA "< QUIT\n> 221 bye\n");
  queue_one (self, "one@there.example");
  queue_one (self, "two@there.example");
  schedule = begin (self, peer.port);
  g_free (wait_for (self, 0, 0));
  smtp_peer_end (&peer);
  schedule_free (schedule);
}

static void
test_announced (Fixture *self, gconstpointer data)
{
  SmtpPeer peer;
  Schedule *schedule;

  smtp_peer_start (&peer, HELLO MAIL ("new") DATA "< QUIT\n> 221 bye\n");
  schedule = begin (self, peer.port);
  queue_one (self, "new@there.example");
  schedule_announce (schedule, "there.example", FALSE);
  g_free (wait_for (self, 0, 0));
  smtp_peer_end (&peer);
  schedule_free (schedule);
}

/* A server that goes away in the middle leaves the mail where it was; a retry by hand sends it. */
static void
test_waits (Fixture *self, gconstpointer data)
{
  SmtpPeer peer;
  Schedule *schedule;
  g_autofree char *reply = NULL;

  smtp_peer_start (&peer,
                   HELLO "< MAIL FROM:<ada@example.com>\n> 450 4.7.1 Slow down\n< RSET\n"
                         "> 250 ok\n< QUIT\n> 221 bye\n");
  queue_one (self, "late@there.example");
  schedule = begin (self, peer.port);
  reply = wait_for (self, 1, 1);
  g_assert_cmpstr (reply, ==, "450 4.7.1 Slow down");
  smtp_peer_end (&peer);
  schedule_free (schedule);
}

/* Who asks for another attempt during one gets it right afterwards, over the same connection where
 * that still stands: here it goes away. */
static void
test_retry_during (Fixture *self, gconstpointer data)
{
  SmtpPeer peer;
  Schedule *schedule;

  smtp_peer_start (
      &peer, HELLO "< MAIL FROM:<ada@example.com>\n!\n> 450 4.7.1 Slow down\n< RSET\n> 250 ok\n");
  queue_one (self, "late@there.example");
  schedule = begin (self, peer.port);
  smtp_peer_await (&peer);
  g_assert_true (queue_act (self->store, schedule, 0, QUEUE_RETRY, NULL));
  smtp_peer_go_on (&peer);
  smtp_peer_end (&peer);
  g_free (wait_for (self, 1, 2));
  schedule_free (schedule);
}

/* Also when no server was reached: it does not wait until the next time. */
static void
test_retry_during_failure (Fixture *self, gconstpointer data)
{
  g_autoptr (GSocket) second = NULL;
  SmtpPeer peer;
  Schedule *schedule;

  smtp_peer_start (&peer, "!\n");
  queue_one (self, "late@there.example");
  schedule = begin (self, peer.port);
  smtp_peer_await (&peer);
  g_assert_true (queue_act (self->store, schedule, 0, QUEUE_RETRY, NULL));
  smtp_peer_go_on (&peer);
  second = g_socket_accept (peer.listener, NULL, NULL); /* for 15 seconds */
  g_assert_nonnull (second);
  smtp_peer_end (&peer);
  g_clear_object (&second);
  schedule_free (schedule);
}

/* Nobody listens there. */
static void
test_down (Fixture *self, gconstpointer data)
{
  g_autofree char *reply = NULL;
  Schedule *schedule;

  queue_one (self, "x@there.example");
  schedule = begin (self, 1);
  reply = wait_for (self, 1, 1);
  g_assert_nonnull (strstr (reply, "No server of there.example takes mail now: 127.0.0.1: "));
  schedule_free (schedule);
}

/* A mail whose life is over while its server is not asked goes on time, with what was said last. */
static void
test_end (Fixture *self, gconstpointer data)
{
  Schedule *schedule;
  gint64 started;

  g_assert_true (setting_set (SETTING_QUEUE_LIFETIME, "2s", NULL));
  queue_one (self, "x@there.example");
  schedule = begin (self, 1);
  g_free (wait_for (self, 1, 1));
  started = g_get_monotonic_time ();
  g_free (wait_for (self, 0, 0));
  g_assert_cmpint (g_get_monotonic_time () - started, <, 5 * G_USEC_PER_SEC);
  schedule_free (schedule);
  g_assert_true (setting_set (SETTING_QUEUE_LIFETIME, "5d", NULL));
}

/* So does one that comes while its server is not asked because of another. */
static void
test_end_behind_another (Fixture *self, gconstpointer data)
{
  Schedule *schedule;
  gint64 started;

  queue_one (self, "x@there.example");
  schedule = begin (self, 1);
  g_free (wait_for (self, 1, 1));
  g_usleep (200000); /* it rests */
  g_assert_true (setting_set (SETTING_QUEUE_LIFETIME, "2s", NULL));
  queue_one (self, "y@there.example");
  schedule_announce (schedule, "there.example", FALSE);
  started = g_get_monotonic_time ();
  g_free (wait_for (self, 1, 1));
  g_assert_cmpint (g_get_monotonic_time () - started, <, 5 * G_USEC_PER_SEC);
  schedule_free (schedule);
  g_assert_true (setting_set (SETTING_QUEUE_LIFETIME, "5d", NULL));
}

/* What is held while the schedule rests is not sent, what is not goes afterwards. */
static void
test_pause (Fixture *self, gconstpointer data)
{
  SmtpPeer peer;
  Schedule *schedule;
  g_autofree char *on_their_way = NULL;

  smtp_peer_start (&peer, HELLO MAIL ("one") DATA "< QUIT\n> 221 bye\n");
  schedule = begin (self, peer.port);
  on_their_way = schedule_pause (schedule);
  g_assert_cmpstr (on_their_way, ==, "\n");
  queue_one (self, "one@there.example");
  schedule_announce (schedule, "there.example", FALSE);
  g_usleep (100000);
  g_free (wait_for (self, 1, 0));
  schedule_resume (schedule);
  g_free (wait_for (self, 0, 0));
  smtp_peer_end (&peer);
  schedule_free (schedule);
}

/* Listens, and neither takes a connection nor says a word. */
static GSocket *
silent_server (guint16 *port)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  GSocket *socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_true (g_socket_bind (socket, address, TRUE, NULL) && g_socket_listen (socket, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  return socket;
}

/* A single place, and more silent servers than may be waited for: mail for the living goes out. */
static void
test_silent (Fixture *self, gconstpointer data)
{
  enum { SILENT = 22 };
  const ScheduleOptions options = { .store = self->store, .hostname = "me.example" };
  guint16 port;
  g_autoptr (GSocket) silent = silent_server (&port);
  g_autofree char *routes = NULL;
  Schedule *schedule;
  SmtpPeer peer;

  smtp_peer_start (&peer, HELLO MAIL ("one") DATA "< QUIT\n> 221 bye\n");
  routes = g_strdup_printf (".silent.example=127.0.0.1:%u there.example=127.0.0.1:%u", port,
                            peer.port);
  g_assert_true (setting_set (SETTING_QUEUE_ROUTES, routes, NULL));
  g_assert_true (setting_set (SETTING_QUEUE_CONNECTIONS, "1", NULL));
  schedule = schedule_new (&options, NULL);
  for (guint i = 0; i < SILENT; i++) {
    g_autofree char *domain = g_strdup_printf ("d%u.silent.example", i);
    g_autofree char *recipient = g_strconcat ("x@", domain, NULL);

    queue_one (self, recipient);
    schedule_announce (schedule, domain, FALSE);
  }
  queue_one (self, "one@there.example");
  schedule_announce (schedule, "there.example", FALSE);
  g_free (wait_for (self, SILENT, 1)); /* who was waited for longest was given up */
  smtp_peer_end (&peer);
  schedule_free (schedule);
  g_assert_true (setting_set (SETTING_QUEUE_CONNECTIONS, "100", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/schedule/sends", test_sends);
  fixture_test ("/schedule/announced", test_announced);
  fixture_test ("/schedule/waits", test_waits);
  fixture_test ("/schedule/retry-during", test_retry_during);
  fixture_test ("/schedule/retry-during-failure", test_retry_during_failure);
  fixture_test ("/schedule/down", test_down);
  fixture_test ("/schedule/end", test_end);
  fixture_test ("/schedule/end-behind-another", test_end_behind_another);
  fixture_test ("/schedule/pause", test_pause);
  fixture_test ("/schedule/silent", test_silent);
  return g_test_run ();
}
