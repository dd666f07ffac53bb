/* Tests of daemon/pop3/pop3-list.c. */
#include "pop3-fixture.h"

static void
test_short (void)
{
  POP3_TALK ("C: LIST", "+OK 3", "1 41", "2 41", "3 41", ".", "C: DELE 2", "+OK", "C: UIDL", "+OK",
             "1 ", "3 ", ".", "C: LIST 3", "+OK 3 41", "C: LIST 2", "-ERR", "C: UIDL 1 2", "-ERR");
}

static gboolean
add_many (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (PreparedMessage) message = prepare_text (pop3.store, POP3_MAIL);
  gint64 id = message_append (transaction, message, error);

  for (guint i = 0; i < 20000; i++)
    if (!mailbox_add (transaction, pop3.inbox, id, 0, 0, 0, NULL, error))
      return FALSE;
  return TRUE;
}

/* Far more lines than the output queue takes at once; what is pipelined behind waits. */
static void
test_long (void)
{
  static const char *const begin[] = { "C: LIST", "C: NOOP", "+OK 20000", NULL };
  static const char *const end[] = { ".", "+OK Still", NULL };
  g_autoptr (GString) wanted = g_string_new (NULL);
  g_autoptr (GSocket) client = NULL;
  g_autoptr (GError) error = NULL;

  pop3_set_up ();
  store_write_sync (pop3.store, add_many, NULL, &error);
  g_assert_no_error (error);
  client = pop3_log_in ();
  pop3_talk (client, begin);
  for (guint i = 1; i <= 20000; i++)
    g_string_append_printf (wanted, "%u 41\r\n", i);
  g_autofree char *lines = net_receive (client, wanted->len, NULL);
  g_assert_cmpstr (lines, ==, wanted->str);
  pop3_talk (client, end);
  g_clear_object (&client);
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-list/short", test_short);
  g_test_add_func ("/pop3-list/long", test_long);
  return g_test_run ();
}
