/* Parts decoded by the server. */
#include "tests/unit/imap-fixture.h"

#define MAIL                                                                                       \
  "Content-Type: multipart/mixed; boundary=b\r\n\r\n"                                              \
  "--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAAEC\r\n"                                       \
  "--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\na=3Db\r\n"                            \
  "--b\r\n\r\nplain\r\n"                                                                           \
  "--b\r\nContent-Transfer-Encoding: x-unknown\r\n\r\nzzz\r\n--b--\r\n"

static void
test_parts (void)
{
  g_autofree char *save
      = g_strdup_printf ("s APPEND INBOX {%" G_GSIZE_FORMAT "+}\r\n%s", strlen (MAIL), MAIL);
  const ImapStep steps[] = {
    { "A", save, "s OK *" },
    { "A", "a SELECT INBOX", "*a OK *" },
    { "A", "b FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2] BINARY.SIZE[3] BINARY.SIZE[9])",
      "* 1 FETCH (BINARY.SIZE[1] 3 BINARY.SIZE[2] 3 BINARY.SIZE[3] 5 BINARY.SIZE[9] 0)\r\nb OK *" },
    { "A", "c FETCH 1 (BINARY.PEEK[2] BINARY.PEEK[3] BINARY.PEEK[9])",
      "* 1 FETCH (BINARY[2] {3}\r\na=b BINARY[3] {5}\r\nplain BINARY[9] NIL)\r\nc OK *" },
    { "A", "d FETCH 1 (BINARY.PEEK[3]<1.2> BINARY.PEEK[3]<4.9> BINARY.PEEK[3]<7.2>)",
      "* 1 FETCH (BINARY[3]<1> {2}\r\nla BINARY[3]<4> {1}\r\nn BINARY[3]<7> {0}\r\n)\r\nd OK *" },
    { "A", "e FETCH 1 BINARY.PEEK[1]<1.2>", "* 1 FETCH (BINARY[1]<1> ~{2}\r\n*)\r\ne OK *" },
    { "A", "f NOOP", "*f OK *" },
    { "A", "g FETCH 1 BINARY[4]", "* 1 FETCH (UID 1)\r\n*g NO [UNKNOWN-CTE] *" },
    { "A", "h FETCH 1 (BINARY.SIZE[4] UID)", "* 1 FETCH (UID 1)\r\nh NO [UNKNOWN-CTE] *" },
    { "A", "i FETCH 1 (BINARY[3] BODY.PEEK[3])",
      "* 1 FETCH (BINARY[3] {5}\r\nplain BODY[3] {5}\r\nplain)\r\n*i OK *" },
    { "A", "j FETCH 1 FLAGS", "* 1 FETCH (FLAGS (\\Seen*))\r\nj OK *" },
  };

  imap_set_up ();
  imap_talk (steps, G_N_ELEMENTS (steps));
  imap_tear_down ();
}

/* Bigger than a batch: measured and sent in several. */
static void
test_big (void)
{
  g_autofree char *body = g_strnfill (400000, 'Q');
  g_autofree char *save = g_strdup_printf (
      "s APPEND INBOX {400047+}\r\nContent-Transfer-Encoding: base64\r\nX: 12345\r\n\r\n%s", body);
  g_autoptr (GError) error = NULL;
  const ImapStep steps[] = {
    { "A", save, "s OK *" },
    { "A", "a SELECT INBOX", "*a OK *" },
    { "A", "b FETCH 1 BINARY.SIZE[1]", "* 1 FETCH (BINARY.SIZE[1] 300000)\r\nb OK *" },
    { "A", "c FETCH 1 (BINARY.PEEK[1]<299990.100> UID)",
      "* 1 FETCH (UID 1 BINARY[1]<299990> {10}\r\n*)\r\nc OK *" },
    { "A", "d NOOP", "*d OK *" },
    { "A", "e FETCH 1 (BINARY.PEEK[])", "* 1 FETCH (BINARY[] {400047}\r\n*)\r\ne OK *" },
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
  g_test_add_func ("/imap-fetch-binary/parts", test_parts);
  g_test_add_func ("/imap-fetch-binary/big", test_big);
  return g_test_run ();
}
