/* URLs of messages. */
#include "imap/imap-url.h"

static const struct {
  const char *text;
  const char *mailbox;
  guint32 uid_validity, uid;
  const char *section; /* NULL: malformed */
} urls[] = {
  { "/Drafts;UIDVALIDITY=385759045/;UID=20/;section=HEADER", "Drafts", 385759045, 20,
    "BODY[HEADER]" },
  { "/INBOX/;UID=30", "INBOX", 0, 30, "BODY[]" },
  { "INBOX/;uid=30/;Section=1.2.MIME", "INBOX", 0, 30, "BODY[1.2.MIME]" },
  { "/a/b/;UID=1", "a/b", 0, 1, "BODY[]" },
  { "/Gr%C3%BC%C3%9Fe%3b/;UID=1", "Gr\303\274\303\237e;", 0, 1, "BODY[]" },
  { "/;UID=7", NULL, 0, 7, "BODY[]" },
  { ";UID=7/;SECTION=TEXT", NULL, 0, 7, "BODY[TEXT]" },
  { "/x/;UID=1/;PARTIAL=5.10", "x", 0, 1, "BODY[]<5>" },
  { "/x/;UID=1/;SECTION=1/;PARTIAL=5", "x", 0, 1, "BODY[1]<5>" },
  { "/x/;UID=1/;SECTION=HEADER.FIELDS%20(To%20Cc)", "x", 0, 1, "BODY[HEADER.FIELDS (To Cc)]" },
  { "imap://host/x/;UID=1", NULL, 0, 0, NULL },
  { "//host/x/;UID=1", NULL, 0, 0, NULL },
  { "/x;UID=1", NULL, 0, 0, NULL },
  { "/x", NULL, 0, 0, NULL },
  { "/x/;UID=0", NULL, 0, 0, NULL },
  { "/x/;UID=1/", NULL, 0, 0, NULL },
  { "/x/;UID=1/;SECTION=", NULL, 0, 0, NULL },
  { "/x/;UID=1/;SECTION=1]", NULL, 0, 0, NULL },
  { "/x/;UID=1/;PARTIAL=a", NULL, 0, 0, NULL },
  { "/x/;UID=1/;PARTIAL=1.0", NULL, 0, 0, NULL },
  { "/x/;UID=1;URLAUTH=anonymous", NULL, 0, 0, NULL },
  { "/%FF/;UID=1", NULL, 0, 0, NULL },
  { "/%00/;UID=1", NULL, 0, 0, NULL },
  { "/;UIDVALIDITY=1/;UID=1", NULL, 0, 0, NULL },
  { "", NULL, 0, 0, NULL },
};

static void
test_parse (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autoptr (ImapUrl) url = imap_url_parse (urls[i].text);
    g_autoptr (GString) section = g_string_new (NULL);
    g_test_message ("%s", urls[i].text);
    g_assert_cmpint (url != NULL, ==, urls[i].section != NULL);
    if (!url)
      continue;
    imap_section_print (url->section, section);
    g_assert_cmpstr (url->mailbox, ==, urls[i].mailbox);
    g_assert_cmpuint (url->uid_validity, ==, urls[i].uid_validity);
    g_assert_cmpuint (url->uid, ==, urls[i].uid);
    g_assert_cmpstr (section->str, ==, urls[i].section);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-url/parse", test_parse);
  return g_test_run ();
}
