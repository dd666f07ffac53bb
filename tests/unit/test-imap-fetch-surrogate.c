/* Messages with headers in UTF-8, seen by who knows none. */
#include "tests/unit/imap-fixture.h"

#define MAIL                                                                                       \
  "Subject: \xc3\xa4\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"                         \
  "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db\r\n"                            \
  "--b\r\nContent-Description: \xc3\xa4\r\n\r\nplain\r\n--b--\r\n"
#define HEADER "Subject: =?UTF-8?B?w6Q=?=\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
#define DOWNGRADED "* OK [DOWNGRADED 1] *\r\n"

static void
test_items (void)
{
  g_autofree char *save
      = g_strdup_printf ("s APPEND INBOX {%" G_GSIZE_FORMAT "+}\r\n%s", strlen (MAIL), MAIL);
  g_autofree char *header
      = g_strdup_printf ("* 1 FETCH (BODY[HEADER] {%u}\r\n" HEADER ")\r\n" DOWNGRADED "d OK *",
                         (guint)strlen (HEADER));
  const ImapStep steps[] = {
    { "A", save, "s NO [CANNOT] *" },
    { "B", "e ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT\r\ne OK *" },
    { "B", save, "s OK *" },
    { "A", "a SELECT INBOX", "*a OK *" },
    { "A", "d FETCH 1 BODY.PEEK[HEADER]", header },
    { "A", "f FETCH 1 (BINARY.PEEK[1] BODY.PEEK[2] BODY.PEEK[2.MIME])",
      "* 1 FETCH (BINARY[1] {3}\r\na=b BODY[2] {5}\r\nplain BODY[2.MIME] {41}\r\n"
      "Content-Description: =?UTF-8?B?w6Q=?=\r\n\r\n)\r\n" DOWNGRADED "f OK *" },
    { "A", "g FETCH 1 (PREVIEW BODY.PEEK[HEADER.FIELDS (SUBJECT)])",
      "* 1 FETCH (PREVIEW * BODY[HEADER.FIELDS (SUBJECT)] {29}\r\nSubject: =?UTF-8?B?w6Q=?=\r\n\r\n"
      ")\r\n" DOWNGRADED "g OK *" },
    { "A", "h FETCH 1 (FLAGS UID)", "* 1 FETCH (UID 1 FLAGS (*))\r\nh OK *" },
    { "B", "i EXAMINE INBOX", "*i OK *" },
    { "B", "j FETCH 1 BODY.PEEK[HEADER.FIELDS (SUBJECT)]",
      "* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT)] {15}\r\nSubject: \xc3\xa4\r\n\r\n)\r\nj OK *" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

/* Bigger than a batch: the surrogate goes on where it was. */
static void
test_big (void)
{
  g_autofree char *body = g_strnfill (400000, 'Q');
  g_autofree char *save
      = g_strdup_printf ("s APPEND INBOX {400015+}\r\nSubject: \xc3\xa4\r\n\r\n%s", body);
  g_autofree char *whole = g_strdup_printf (
      "* 1 FETCH (BODY[] {400029}\r\nSubject: =?UTF-8?B?w6Q=?=\r\n\r\n%s)\r\n" DOWNGRADED "b OK *",
      body);
  g_autoptr (GError) error = NULL;
  const ImapStep steps[] = {
    { "B", "e ENABLE UTF8=ACCEPT", "* ENABLED UTF8=ACCEPT\r\ne OK *" },
    { "B", save, "s OK *" },
    { "A", "a SELECT INBOX", "*a OK *" },
    { "A", "b FETCH 1 BODY.PEEK[]", whole },
    { "A", "c FETCH 1 BODY.PEEK[TEXT]<399998.10>",
      "* 1 FETCH (BODY[TEXT]<399998> {2}\r\nQQ)\r\n" DOWNGRADED "c OK *" },
  };

  imap_set_up ();
  g_assert_true (store_write_sync (imap.store, imap_lift_quota, NULL, &error));
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-fetch-surrogate/items", test_items);
  g_test_add_func ("/imap-fetch-surrogate/big", test_big);
  return g_test_run ();
}
