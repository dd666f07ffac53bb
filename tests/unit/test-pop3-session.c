/* Tests of daemon/pop3/pop3-session.c: TLS, long lines, goodbye. */
#include "pop3-fixture.h"

/* What was said in the clear is forgotten, and what was pipelined behind STLS is never answered. */
static void
test_stls (void)
{
  static const char *const steps[] = { "+OK", "C: USER anna@example.com", "+OK", NULL };
  static const char *const begin[] = { "+OK Begin", NULL };
  g_autoptr (GSocket) client = NULL;
  char answer[64] = "";
  SSL *ssl;

  pop3_set_up ();
  client = net_connect ();
  pop3_talk (client, steps);
  net_send (client, "STLS\r\nCAPA\r\n", 12);
  pop3_talk (client, begin);
  ssl = net_tls (client, "mail.example.com", TLS1_3_VERSION);
  g_assert_nonnull (ssl);
  SSL_write (ssl, "PASS secret\r\n", 13);
  g_assert_cmpint (net_tls_read (ssl, answer, sizeof answer - 1), >, 0);
  g_assert_true (g_str_has_prefix (answer, "-ERR Say USER"));
  SSL_free (ssl);
  g_clear_object (&client);
  pop3_tear_down ();
}

static void
test_long_line (void)
{
  static const char *const steps[] = { "+OK", NULL };
  static const char *const end[] = { "-ERR The line", "$", NULL };
  g_autofree char *line = g_strnfill (3000, 'x');
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  client = net_connect ();
  pop3_talk (client, steps);
  net_send (client, line, 3000);
  pop3_talk (client, end);
  g_clear_object (&client);
  pop3_tear_down ();
}

static void
test_dismissed (void)
{
  static const char *const end[] = { "-ERR [SYS/TEMP] The server is stopping", "$", NULL };
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  client = pop3_log_in ();
  for (guint i = 0; i < NET_THREADS; i++)
    io_thread_dismiss (net.threads[i]);
  pop3_talk (client, end);
  g_clear_object (&client);
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-session/stls", test_stls);
  g_test_add_func ("/pop3-session/long-line", test_long_line);
  g_test_add_func ("/pop3-session/dismissed", test_dismissed);
  return g_test_run ();
}
