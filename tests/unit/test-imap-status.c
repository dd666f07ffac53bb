#include "tests/unit/mailbox-fixture.h"
#include "imap/imap-status.h"

#include <string.h>

static const struct {
  const char *text;
  gboolean fine;
} lists[] = {
  { "(MESSAGES)", TRUE },      { "(deleted DELETED-STORAGE size)", TRUE },
  { "(RECENT UNSEEN)", TRUE }, { "()", FALSE },
  { "MESSAGES", FALSE },       { "(MESSAGES,UNSEEN)", FALSE },
  { "(DELETED-)", FALSE },     { "(MESSAGES", FALSE },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++) {
    ImapParser parser = imap_parser (lists[i].text, strlen (lists[i].text));
    g_test_message ("%s", lists[i].text);
    g_assert_cmpint (imap_status_parse (&parser) != 0, ==, lists[i].fine);
  }
}

static gboolean
print (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Look *look = data;
  static const char text[] = "(MESSAGES RECENT UIDNEXT UNSEEN DELETED DELETED-STORAGE SIZE)";
  ImapParser parser = imap_parser (text, strlen (text));
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place = place_find (database, look->account, "inbox", RIGHT_READ, error);

  return place
      && imap_status_print (look->text, database, place, imap_status_parse (&parser), FALSE, error);
}

static void
test_print (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  Look look = { .account = self->account, .text = text };
  Call mark = { .mailbox = self->inbox,
                .range = { 2, 2 },
                .change = FLAGS_ADD,
                .flags = FLAG_DELETED | FLAG_SEEN,
                .unchanged_since = G_MAXUINT64 };

  fixture_add (self, self->inbox, "Subject: 1\r\n\r\nx", 0);
  fixture_add (self, self->inbox, "Subject: 2\r\n\r\nxyz", 0);
  call (self, call_store, &mark, &error);
  g_assert_no_error (error);
  store_read_sync (self->store, print, &look, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (text->str, ==,
                   "* STATUS \"INBOX\" (MESSAGES 2 RECENT 2 UIDNEXT 3 UNSEEN 1 DELETED 1 "
                   "DELETED-STORAGE 17 SIZE 32)\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-status/parse", test_parse);
  fixture_test ("/imap-status/print", test_print);
  return g_test_run ();
}
