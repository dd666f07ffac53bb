#include "tests/unit/imap-fixture.h"

/* A client that does not read holds up its own answer and takes no memory: the server waits. */
static void
test_slow_reader (void)
{
  const gsize size = 2 * 1024 * 1024;
  g_autofree char *body = g_strnfill (size, 'x');
  g_autofree char *append = g_strdup_printf ("a APPEND INBOX {%" G_GSIZE_FORMAT "+}\r\n", size);
  g_autofree char *answer = NULL;
  GSocket *client;
  gsize got;

  imap_set_up ();
  g_assert_true (setting_set (SETTING_SMTP_MAX_MESSAGE_SIZE, "50M", NULL));
  store_write_sync (imap.store, imap_lift_quota, NULL, NULL);
  client = imap_client ("A");
  net_send (client, append, strlen (append));
  net_send (client, body, size);
  net_send (client, "\r\ns SELECT INBOX\r\n", 18);
  imap_expect (client, "a OK [APPENDUID *] Saved\r\n*s OK [READ-WRITE] Selected\r\n");
  /* Ten times the message; meanwhile nothing is read for a while. */
  net_send (client,
            "f FETCH 1 (BODY.PEEK[] BODY.PEEK[]<1.9999999> BODY.PEEK[TEXT] BODY.PEEK[])\r\n", 76);
  g_usleep (300000);
  g_assert_cmpint (metric_get (METRIC_BYTES_BUFFERED), <, 1024 * 1024);
  answer = net_receive (client, size, &got);
  g_assert_cmpuint (got, ==, size);
  g_assert_true (g_str_has_prefix (answer, "* 1 FETCH (BODY[] {2097152}\r\nxxx"));
  imap_expect (client, "*)\r\nf OK Fetched\r\n");
  imap_tear_down ();
}

static void
test_many (void)
{
  static const char command[] = "f UID FETCH 1:* (FLAGS)\r\n";
  g_autoptr (GString) expected = g_string_new (NULL);
  GSocket *client;

  imap_set_up ();
  store_write_sync (imap.store, imap_lift_quota, NULL, NULL);
  imap_fill_inbox (5000);
  client = imap_client ("A");
  net_send (client, "s SELECT INBOX\r\n", 16);
  imap_expect (client, "** 5000 EXISTS\r\n*s OK [READ-WRITE] Selected\r\n");
  for (guint i = 1; i <= 5000; i++)
    g_string_append_printf (expected, "* %u FETCH (UID %u FLAGS (\\Recent))\r\n", i, i);
  g_string_append (expected, "f OK Fetched\r\n");
  net_send (client, command, strlen (command));
  net_expect (client, expected->str);
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-fetch/slow-reader", test_slow_reader);
  g_test_add_func ("/imap-fetch/many", test_many);
  return g_test_run ();
}
