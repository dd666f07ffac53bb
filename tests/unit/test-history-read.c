/* Mails are found by their Message-ID and by the addresses of all who had to do with them. */
#include "history-fixture.h"

static void
test_find (HistoryFixture *self, gconstpointer data)
{
  const HistoryEvent first = {
    .kind = HISTORY_TAKEN, .message = 7, .message_id = "One@a.example", .sender = "anna@a.example"
  };

  history_note (&first);
  history_say (HISTORY_DELIVERED, 7, "anna@a.example", "bert@a.example");
  history_say (HISTORY_QUEUED, 7, "anna@a.example", "carl@c.example");
  history_say (HISTORY_REFUSED, 0, "dora@d.example", "bert@a.example");
  history_say (HISTORY_TAKEN, 8, "", NULL);
  history_say (HISTORY_DELIVERED, 8, "", "bert@a.example");
  history_say (HISTORY_SENT, 7, "anna@a.example", "carl@c.example");
#define FIRST "taken delivered>bert@a.example queued>carl@c.example sent>carl@c.example"
  history_expect (self, "One@a.example", 10, FIRST);
  history_expect (self, "one@a.example", 10, ""); /* RFC 5322 §3.6.4: it is compared byte by byte */
  history_expect (self, "CARL@c.example", 10, FIRST);
  history_expect (self, "dora@d.example", 10, "refused>bert@a.example");
  /* The newest first, the lines of each in order. */
  history_expect (self, "bert@a.example", 10,
                  "taken delivered>bert@a.example|refused>bert@a.example|" FIRST);
  history_expect (self, "bert@a.example", 1, "taken delivered>bert@a.example");
  history_expect (self, NULL, 2, FIRST "|taken delivered>bert@a.example");
  history_expect (self, "nobody@a.example", 10, "");
#undef FIRST
}

static void
test_names (void)
{
  for (guint kind = 0; kind < HISTORY_KIND_COUNT; kind++)
    g_assert_nonnull (history_kind_name (kind));
  g_assert_cmpstr (history_kind_name (HISTORY_KIND_COUNT), ==, "unknown");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/history-read/find", HistoryFixture, NULL, history_set_up, test_find,
              history_tear_down);
  g_test_add_func ("/history-read/names", test_names);
  return g_test_run ();
}
