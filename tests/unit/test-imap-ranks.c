/* Orders that are kept: what they know, what they forget, and that a session gives the same answers
 * with them as without. */
#include "imap/imap-ranks.h"
#include "imap-fixture.h"
#include <string.h>

#define MESSAGES 1500

static GArray *
parse (const char *text)
{
  ImapParser parser = imap_parser (text, strlen (text));
  GArray *criteria = imap_order_parse (&parser);

  g_assert_nonnull (criteria);
  return criteria;
}

/* COUNT messages whose UIDs are FIRST, FIRST + STEP … */
static GArray *
found_new (guint count, guint32 first, guint32 step)
{
  GArray *found = g_array_new (FALSE, FALSE, sizeof (ImapFound));

  for (guint i = 0; i < count; i++) {
    const ImapFound one = { .uid = first + i * step, .number = i + 1 };
    g_array_append_val (found, one);
  }
  return found;
}

static GArray *
shuffled (guint count)
{
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint32 i = 0; i < count; i++)
    g_array_append_val (order, i);
  for (guint i = count - 1; i > 0; i--) {
    guint32 *one = &g_array_index (order, guint32, i);
    guint32 *other = &g_array_index (order, guint32, (guint)g_test_rand_int_range (0, (gint)i + 1));
    const guint32 kept = *one;
    *one = *other;
    *other = kept;
  }
  return order;
}

static void
assert_order (const GArray *order, const GArray *expected)
{
  g_assert_nonnull (order);
  g_assert_cmpmem (order->data, order->len * sizeof (guint32), expected->data,
                   expected->len * sizeof (guint32));
}

/* Every third of FOUND, and ORDER without the others. */
static void
thin_out (const GArray *found, const GArray *order, GArray *few, GArray *few_in_order)
{
  for (guint i = 0; i < found->len; i += 3)
    g_array_append_val (few, g_array_index (found, ImapFound, i));
  for (guint i = 0; i < order->len; i++) {
    const guint32 index = g_array_index (order, guint32, i);
    const guint32 third = index / 3;
    if (index % 3 == 0)
      g_array_append_val (few_in_order, third);
  }
}

static void
test_known (void)
{
  g_autoptr (ImapRanks) ranks = imap_ranks_new ();
  g_autoptr (GArray) criteria = parse ("(SUBJECT)");
  g_autoptr (GArray) reverse = parse ("(REVERSE SUBJECT)");
  g_autoptr (GArray) longer = parse ("(SUBJECT DATE)");
  g_autoptr (GArray) found = found_new (3000, 5, 2);
  g_autoptr (GArray) order = shuffled (3000);
  g_autoptr (GArray) few = g_array_new (FALSE, FALSE, sizeof (ImapFound));
  g_autoptr (GArray) few_in_order = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) others = found_new (3000, 6, 2);
  g_autoptr (GArray) newer = found_new (3001, 5, 2);
  g_autoptr (GArray) nothing = found_new (0, 1, 1);

  g_assert_null (imap_ranks_order (ranks, 7, criteria, found));
  imap_ranks_keep (ranks, 7, criteria, found, order);
  g_autoptr (GArray) again = imap_ranks_order (ranks, 7, criteria, found);
  assert_order (again, order);
  thin_out (found, order, few, few_in_order);
  g_autoptr (GArray) some = imap_ranks_order (ranks, 7, criteria, few);
  assert_order (some, few_in_order);
  g_autoptr (GArray) none = imap_ranks_order (ranks, 7, criteria, nothing);
  g_assert_cmpuint (none->len, ==, 0);

  g_assert_null (imap_ranks_order (ranks, 7, criteria, others));
  g_assert_null (imap_ranks_order (ranks, 7, criteria, newer));
  g_assert_null (imap_ranks_order (ranks, 8, criteria, found));
  g_assert_null (imap_ranks_order (ranks, 7, reverse, found));
  g_assert_null (imap_ranks_order (ranks, 7, longer, found));

  /* Some of them sorted anew do not push out all. */
  imap_ranks_keep (ranks, 7, criteria, few, few_in_order);
  g_autoptr (GArray) still = imap_ranks_order (ranks, 7, criteria, found);
  assert_order (still, order);
}

static void
test_not_kept (void)
{
  static const char *const never[]
      = { "(ARRIVAL)", "(SIZE REVERSE ARRIVAL)", "(SUBJECT RELEVANCY)" };
  g_autoptr (ImapRanks) ranks = imap_ranks_new ();
  g_autoptr (GArray) found = found_new (3000, 1, 1);
  g_autoptr (GArray) order = shuffled (3000);
  g_autoptr (GArray) few = found_new (999, 1, 1);
  g_autoptr (GArray) few_in_order = shuffled (999);
  g_autoptr (GArray) subject = parse ("(SUBJECT)");

  for (guint i = 0; i < G_N_ELEMENTS (never); i++) {
    g_autoptr (GArray) criteria = parse (never[i]);
    g_assert_false (imap_ranks_keeps (criteria));
    imap_ranks_keep (ranks, 1, criteria, found, order);
    g_assert_null (imap_ranks_order (ranks, 1, criteria, found));
  }
  imap_ranks_keep (ranks, 1, subject, few, few_in_order);
  g_assert_null (imap_ranks_order (ranks, 1, subject, few));
}

/* However many mailboxes there are: a million places are kept, the ones used last. */
static void
test_bounded (void)
{
  enum { EACH = 100000, MAILBOXES = 12 };
  g_autoptr (ImapRanks) ranks = imap_ranks_new ();
  g_autoptr (GArray) criteria = parse ("(SUBJECT)");
  g_autoptr (GArray) found = found_new (EACH, 1, 1);
  g_autoptr (GArray) order = shuffled (EACH);

  for (gint64 mailbox = 0; mailbox < MAILBOXES; mailbox++) {
    imap_ranks_keep (ranks, mailbox, criteria, found, order);
    g_autoptr (GArray) first = imap_ranks_order (ranks, 0, criteria, found); /* it is in use */
    g_assert_nonnull (first);
  }
  for (gint64 mailbox = 0; mailbox < MAILBOXES; mailbox++) {
    g_autoptr (GArray) known = imap_ranks_order (ranks, mailbox, criteria, found);
    g_assert_cmpint (known != NULL, ==, mailbox == 0 || mailbox > 2);
  }
}

/* A mailbox of messages that share subjects, and so their places. */
static gboolean
fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Account) account = account_find (database, "anna@example.com", error);
  g_autoptr (Mailbox) inbox = mailbox_find (database, account->id, "INBOX", error);

  for (guint i = 0; i < MESSAGES; i++) {
    const guint day = (guint)g_test_rand_int_range (1, 28),
                word = (guint)g_test_rand_int_range (0, 90);
    g_autofree char *text = g_strdup_printf ("Date: %u Nov 2026 10:00:00 +0000\r\n"
                                             "Subject: Re: a matter of some length %u\r\n"
                                             "From: p%u@example.com\r\n\r\nx",
                                             day, word, word % 7);
    g_autoptr (PreparedMessage) message = prepare_text (imap.store, text);
    const gint64 id = message_append (transaction, message, error);
    if (id == 0 || !mailbox_add (transaction, inbox->id, id, 0, 0, 0, NULL, error))
      return FALSE;
  }
  return TRUE;
}

/* What comes up to the tagged OK. */
static char *
ask (GSocket *client, const char *command)
{
  g_autofree char *line = g_strconcat ("t ", command, "\r\n", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  char part[4096];

  net_send (client, line, strlen (line));
  while (!strstr (text->str, "\r\nt ") && !g_str_has_prefix (text->str, "t ")) {
    const gssize got = g_socket_receive (client, part, sizeof part, NULL, NULL);
    g_assert_cmpint (got, >, 0);
    g_string_append_len (text, part, got);
  }
  g_assert_nonnull (strstr (text->str, "t OK"));
  return g_strdup (text->str);
}

/* Sorted, kept and looked up, and sorted by criteria that mean the same and were never asked for
 * before (ROUND times more of the last one): always the same. */
static void
compare_all (GSocket *client, guint round)
{
  static const struct {
    const char *before, *last, *after;
  } commands[] = {
    { "UID SORT (SUBJECT", " DATE", ") UTF-8 ALL" },
    { "SORT (REVERSE SUBJECT", " ARRIVAL", ") UTF-8 ALL" },
    { "UID SORT (FROM", " REVERSE DATE", ") UTF-8 ALL" },
    { "SORT (SUBJECT", " DATE", ") UTF-8 FLAGGED" },
    { "SORT RETURN (MIN MAX COUNT) (SUBJECT", " DATE", ") UTF-8 UNSEEN" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *command
        = g_strconcat (commands[i].before, commands[i].last, commands[i].after, NULL);
    g_autoptr (GString) anew = g_string_new (commands[i].before);
    for (guint k = 0; k < round * G_N_ELEMENTS (commands) + i + 2; k++)
      g_string_append (anew, commands[i].last);
    g_string_append (anew, commands[i].after);
    g_autofree char *kept = ask (client, command);
    g_autofree char *known = ask (client, command);
    g_autofree char *sorted = ask (client, anew->str);

    g_test_message ("%s", command);
    g_assert_cmpstr (known, ==, kept);
    g_assert_cmpstr (sorted, ==, kept);
  }
}

static gboolean
read_inbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Account) account = account_find (database, "anna@example.com", error);
  g_autoptr (Mailbox) inbox = mailbox_find (database, account->id, "INBOX", error);

  *(gint64 *)data = inbox->id;
  return TRUE;
}

/* What is known is answered, even where it is made up: nothing is sorted. */
static void
believe (GSocket *client)
{
  g_autoptr (GArray) criteria = parse ("(SUBJECT SIZE)");
  g_autoptr (GArray) found = found_new (MESSAGES, 1, 1);
  g_autoptr (GArray) order = shuffled (MESSAGES);
  g_autoptr (GString) expected = g_string_new ("* SORT");
  gint64 inbox;

  g_assert_true (store_read_sync (imap.store, read_inbox, &inbox, NULL));
  imap_ranks_keep (imap.service.ranks, inbox, criteria, found, order);
  for (guint i = 0; i < order->len; i++)
    g_string_append_printf (expected, " %u", g_array_index (order, guint32, i) + 1);
  g_autofree char *answer = ask (client, "UID SORT (SUBJECT SIZE) UTF-8 ALL");
  g_assert_true (g_str_has_prefix (answer, expected->str));
}

static void
test_session (void)
{
  g_autoptr (GError) error = NULL;

  imap_set_up ();
  store_write_sync (imap.store, imap_lift_quota, NULL, &error);
  g_assert_no_error (error);
  store_write_sync (imap.store, fill, NULL, &error);
  g_assert_no_error (error);
  GSocket *client = imap_client ("A");
  g_free (ask (client, "SELECT INBOX"));
  g_free (ask (client, "STORE 3:900 +FLAGS.SILENT (\\Flagged)"));
  believe (client);
  compare_all (client, 0);
  g_free (ask (client, "COPY 7 INBOX")); /* it has come since */
  g_free (ask (client, "NOOP"));
  compare_all (client, 1);
  g_free (ask (client, "STORE 1,5,100:400 +FLAGS.SILENT (\\Deleted)"));
  g_free (ask (client, "EXPUNGE"));
  compare_all (client, 2);
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-ranks/known", test_known);
  g_test_add_func ("/imap-ranks/not-kept", test_not_kept);
  g_test_add_func ("/imap-ranks/bounded", test_bounded);
  g_test_add_func ("/imap-ranks/session", test_session);
  return g_test_run ();
}
