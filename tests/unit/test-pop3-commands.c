/* Tests of daemon/pop3/pop3-commands.c: the table, marks, QUIT. */
#include "pop3-fixture.h"

static void
test_states (void)
{
  static const char *const steps[] = { "+OK",
                                       "C: STAT",
                                       "-ERR",
                                       "C: LIST",
                                       "-ERR",
                                       "C: QUIT now",
                                       "-ERR",
                                       "C: XYZ",
                                       "-ERR",
                                       "C: CAPA",
                                       "+OK",
                                       "USER",
                                       "SASL SCRAM-SHA-256 PLAIN LOGIN",
                                       NULL };
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  client = net_connect ();
  pop3_talk (client, steps);
  g_clear_object (&client);
  pop3_tear_down ();
}

static void
test_marks (void)
{
  POP3_TALK ("C: STAT", "+OK 3 123", "C: DELE 2", "+OK", "C: DELE 2", "-ERR That", "C: DELE 4",
             "-ERR No", "C: DELE", "-ERR Say", "C: STAT", "+OK 2 82", "C: RSET",
             "+OK 3 messages (123", "C: USER x", "-ERR You", "C: NOOP", "+OK", "C: QUIT", "+OK",
             "$");
}

/* Deleted at QUIT alone; numbers begin anew, ids do not. */
static void
test_quit (void)
{
  static const char *const first[]
      = { "C: DELE 1", "+OK", "C: DELE 3", "+OK", "C: QUIT", "+OK Goodbye", "$", NULL };
  static const char *const second[]
      = { "C: STAT", "+OK 1 41", "C: UIDL 1", "+OK 1 ", "C: QUIT", "+OK", "$", NULL };
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  pop3_add (POP3_MAIL, 3);
  g_object_unref (pop3_log_in ()); /* goes without a word */
  client = pop3_log_in ();
  pop3_talk (client, first);
  g_clear_object (&client);
  client = pop3_log_in ();
  pop3_talk (client, second);
  g_clear_object (&client);
  pop3_tear_down ();
}

static void
test_too_many_errors (void)
{
  static const char *const wrong[] = { "C: XYZ", "-ERR", NULL };
  static const char *const end[] = { "$", NULL };
  g_autoptr (GSocket) client = NULL;

  pop3_set_up ();
  client = pop3_log_in ();
  for (guint i = 0; i < 20; i++)
    pop3_talk (client, wrong);
  pop3_talk (client, end);
  g_clear_object (&client);
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-commands/states", test_states);
  g_test_add_func ("/pop3-commands/marks", test_marks);
  g_test_add_func ("/pop3-commands/quit", test_quit);
  g_test_add_func ("/pop3-commands/too-many-errors", test_too_many_errors);
  return g_test_run ();
}
