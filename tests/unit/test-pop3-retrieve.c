/* Tests of daemon/pop3/pop3-retrieve.c. */
#include "pop3-fixture.h"

static void
test_retrieve (void)
{
  POP3_TALK ("C: RETR 1", "+OK 41 octets", "From: a@b.c", "Subject: x", "", "..dot", "second", ".",
             "C: RETR 4", "-ERR", "C: RETR", "-ERR", "C: DELE 1", "+OK", "C: RETR 1", "-ERR",
             "C: TOP 2 1", "+OK", "From: a@b.c", "Subject: x", "", "..dot", ".", "C: TOP 2", "-ERR",
             "C: TOP 2 18446744073709551615", "+OK", "From:", "Subject:", "", "..dot", "second",
             ".", "C: NOOP", "+OK");
}

static gboolean
expunge_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const UidRange all = { 1, G_MAXUINT32 };
  guint32 next;

  return mailbox_expunge (transaction, pop3.inbox, &all, 1, 0, &next, error);
}

/* Another program has expunged it meanwhile: this session still has it. */
static void
test_expunged_elsewhere (void)
{
  static const char *const steps[]
      = { "C: RETR 1", "+OK",       "From:", "Subject:", "",    "..dot", "second",
          ".",         "C: DELE 1", "+OK",   "C: QUIT",  "+OK", "$",     NULL };
  g_autoptr (GSocket) client = NULL;
  g_autoptr (GError) error = NULL;

  pop3_set_up ();
  pop3_add (POP3_MAIL, 1);
  client = pop3_log_in ();
  store_write_sync (pop3.store, expunge_all, NULL, &error);
  g_assert_no_error (error);
  pop3_talk (client, steps);
  g_clear_object (&client);
  pop3_tear_down ();
}

/* A client that goes in the middle of a big message. */
static void
test_goes_away (void)
{
  g_autoptr (GString) text = g_string_new ("A: b\r\n\r\n");
  g_autoptr (GSocket) client = NULL;
  static const char *const steps[] = { "C: RETR 1", "+OK", "A: b", NULL };

  pop3_set_up ();
  while (text->len < 8 << 20)
    g_string_append (text, "0123456789012345678901234567890123456789\r\n");
  pop3_add (text->str, 1);
  client = pop3_log_in ();
  pop3_talk (client, steps);
  g_clear_object (&client);
  pop3_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-retrieve/retrieve", test_retrieve);
  g_test_add_func ("/pop3-retrieve/expunged-elsewhere", test_expunged_elsewhere);
  g_test_add_func ("/pop3-retrieve/goes-away", test_goes_away);
  return g_test_run ();
}
