#include "tests/unit/imap-fixture.h"

#include "metrics.h"

static void
test_greeting (void)
{
  g_autoptr (GSocket) client = NULL;

  imap_set_up ();
  client = net_connect ();
  imap_expect (client, "* OK [CAPABILITY IMAP4rev1 * STARTTLS *] mail.example.com ready\r\n");
  g_clear_object (&client);
  imap_tear_down ();
}

/* Many commands in one packet, with a literal among them, are answered in their order. */
static void
test_pipelined (void)
{
  IMAP_TALK (IMAP_SAVE ("1"),
             { "A",
               "a SELECT {5+}\r\nINBOX\r\nb FETCH 1 (UID)\r\nc NOOP\r\n"
               "d UID SEARCH ALL\r\ne NOPE\r\nf UNSELECT",
               "*a OK [READ-WRITE] Selected\r\n"
               "* 1 FETCH (UID 1)\r\n"
               "b OK Fetched\r\n"
               "c OK Done\r\n"
               "* SEARCH 1\r\n"
               "d OK Searched\r\n"
               "e BAD Unknown command\r\n"
               "f OK Closed\r\n" });
}

static void
test_stopping (void)
{
  GSocket *client;

  imap_set_up ();
  client = imap_client ("A");
  for (guint i = 0; i < NET_THREADS; i++)
    io_thread_dismiss (net.threads[i]);
  imap_expect (client, "* BYE The server is stopping\r\n");
  imap_tear_down ();
}

/* A client that goes while its command runs takes nothing down with it. */
static void
test_gone_in_the_middle (void)
{
  static const char commands[] = "a SELECT INBOX\r\nb FETCH 1:* BODY[]\r\nc STORE 1 +FLAGS "
                                 "(\\Deleted)\r\nd EXPUNGE\r\ne IDLE\r\n";

  imap_set_up ();
  for (guint i = 0; i < 20; i++) {
    GSocket *client = imap_client ("A");
    net_send (client, "s APPEND INBOX {3+}\r\nabc\r\n", 26);
    net_send (client, commands, strlen (commands) - i % 7);
    g_clear_object (&imap.clients[0]);
  }
  net_send (imap_client ("B"), "n NOOP\r\n", 8);
  imap_expect (imap_client ("B"), "n OK Done\r\n");
  imap_tear_down ();
  g_assert_cmpint (metric_get (METRIC_IMAP_SESSIONS), ==, 0);
}

static void
test_too_long (void)
{
  g_autofree char *line = g_strnfill (70000, 'x');
  GSocket *client;

  imap_set_up ();
  client = imap_client ("A");
  g_socket_send (client, line, 70000, NULL, NULL); /* it may close before it has read all */
  imap_expect (client, "* BYE Command too long\r\n");
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-session/greeting", test_greeting);
  g_test_add_func ("/imap-session/pipelined", test_pipelined);
  g_test_add_func ("/imap-session/stopping", test_stopping);
  g_test_add_func ("/imap-session/gone-in-the-middle", test_gone_in_the_middle);
  g_test_add_func ("/imap-session/too-long", test_too_long);
  return g_test_run ();
}
