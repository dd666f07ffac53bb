/* Items of FETCH beside the bodies: save date, object ids, preview. */
#include "tests/unit/imap-fixture.h"

static void
test_save_date (void)
{
  IMAP_TALK ({ "A", "a APPEND INBOX \"01-Feb-2001 10:00:00 +0100\" {3+}\r\nabc", "a OK *\r\n" },
             { "A", "b SELECT INBOX", "*b OK *\r\n" },
             { "A", "c FETCH 1 (INTERNALDATE SAVEDATE)",
               "* 1 FETCH (INTERNALDATE \" 1-Feb-2001 10:00:00 +0100\" SAVEDATE \"*-20*\")\r\n"
               "c OK Fetched\r\n" },
             { "A", "d SEARCH SAVEDSINCE 1-Jan-2020", "* SEARCH 1\r\nd OK *\r\n" },
             { "A", "e SEARCH SAVEDBEFORE 1-Jan-2020", "* SEARCH\r\ne OK *\r\n" },
             { "A", "f SEARCH SAVEDON 1-Feb-2001", "* SEARCH\r\nf OK *\r\n" },
             { "A", "g SEARCH SAVEDATESUPPORTED", "* SEARCH 1\r\ng OK *\r\n" });
}

static void
test_objects (void)
{
  IMAP_TALK (IMAP_SAVE ("1"), { "A", "b SELECT INBOX", "*b OK *\r\n" },
             { "A", "c FETCH 1 (EMAILID THREADID)",
               "* 1 FETCH (EMAILID (M*-1) THREADID (T*-1))\r\nc OK Fetched\r\n" },
             { "A", "d FETCH 1 THREADID", "* 1 FETCH (THREADID (T*-1))\r\nd OK *\r\n" },
             { "A", "e SEARCH EMAILID M00000000-1", "* SEARCH\r\ne OK *\r\n" },
             { "A", "f SEARCH THREADID nonsense", "* SEARCH\r\nf OK *\r\n" });
}

static void
test_preview (void)
{
  IMAP_TALK (
      IMAP_SAVE ("1"),
      { "A", "a APPEND INBOX {51+}\r\nContent-Type: image/png\r\nSubject: b\r\n\r\nno text here",
        "a OK *\r\n" },
      { "A", "b SELECT INBOX", "*b OK *\r\n" },
      { "A", "c FETCH 1:2 (UID PREVIEW)",
        "* 1 FETCH (UID 1 PREVIEW \"abc\")\r\n* 2 FETCH (UID 2 PREVIEW \"\")\r\nc OK *\r\n" },
      { "A", "d FETCH 1 PREVIEW (LAZY)", "* 1 FETCH (PREVIEW \"abc\")\r\nd OK *\r\n" },
      { "A", "e FETCH 1 (PREVIEW (LAZY) UID)", "* 1 FETCH (UID 1 PREVIEW \"abc\")\r\ne OK *\r\n" },
      { "A", "f FETCH 1 (PREVIEW ())", "f BAD *\r\n" },
      { "A", "g FETCH 1 (PREVIEW (SOON))", "g BAD *\r\n" });
}

static gboolean
forget_summaries (StoreTransaction *transaction, gpointer data, GError **error)
{
  return database_run (store_transaction_database (transaction), error,
                       "UPDATE message SET summary = NULL", "");
}

/* Without a summary the lazy hear NIL, the others get it made (RFC 8970 §4.1). */
static void
test_lazy (void)
{
  static const ImapStep before[] = { IMAP_SAVE ("1"), { "A", "b SELECT INBOX", "*b OK *\r\n" } };
  static const ImapStep after[] = {
    { "A", "c FETCH 1 PREVIEW (LAZY)", "* 1 FETCH (PREVIEW NIL)\r\nc OK *\r\n" },
    { "A", "d FETCH 1 PREVIEW", "* 1 FETCH (PREVIEW \"abc\")\r\nd OK *\r\n" },
  };

  imap_set_up ();
  imap_talk (before, G_N_ELEMENTS (before));
  g_assert_true (store_write_sync (imap.store, forget_summaries, NULL, NULL));
  imap_talk (after, G_N_ELEMENTS (after));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-fetch-print/save-date", test_save_date);
  g_test_add_func ("/imap-fetch-print/objects", test_objects);
  g_test_add_func ("/imap-fetch-print/preview", test_preview);
  g_test_add_func ("/imap-fetch-print/lazy", test_lazy);
  return g_test_run ();
}
