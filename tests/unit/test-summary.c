/* Summaries: the IMAP texts, the parts, and damaged bytes. */
#include "mail/summary.h"
#include <string.h>

static const char message[]
    = "From: \"A, B\" <a@x.example>\r\nTo: Team: b@y.example, c@z.example;\r\nSubject: "
      "Gr\303\274\303\237e\r\n"
      "Date: Tue, 24 Nov 2026 09:13:54 +0000\r\nMessage-ID: <1@x>\r\n"
      "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n"
      "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nmail\r\n--b--\r\n";

static Summary *
summarize (const char *text, gsize length)
{
  g_autoptr (GBytes) bytes = summary_new ((const guint8 *)text, length);
  Summary *summary = summary_open (bytes);

  g_assert_cmpuint (g_bytes_get_size (bytes), <=, 256 * 1024);
  g_assert_nonnull (summary);
  return summary;
}

static void
test_texts (void)
{
  static const char envelope[]
      = "(\"Tue, 24 Nov 2026 09:13:54 +0000\" {7}\r\nGr\303\274\303\237e "
        "((\"A, B\" NIL \"a\" \"x.example\")) ((\"A, B\" NIL \"a\" \"x.example\")) "
        "((\"A, B\" NIL \"a\" \"x.example\")) ((NIL NIL \"Team\" NIL)(NIL NIL \"b\" \"y.example\")"
        "(NIL NIL \"c\" \"z.example\")(NIL NIL NIL NIL)) NIL NIL NIL \"<1@x>\")";
  static const char body[] = "((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7BIT\" 5 1)"
                             "(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" 19 (NIL \"in\" NIL NIL "
                             "NIL NIL NIL NIL NIL NIL) "
                             "(\"text\" \"plain\" NIL NIL NIL \"7BIT\" 4 1) 3) \"mixed\")";
  static const char structure[]
      = "((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7BIT\" 5 1 NIL NIL NIL NIL)"
        "(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" 19 (NIL \"in\" NIL NIL NIL NIL NIL NIL NIL "
        "NIL) "
        "(\"text\" \"plain\" NIL NIL NIL \"7BIT\" 4 1 NIL NIL NIL NIL) 3 NIL NIL NIL NIL) "
        "\"mixed\" (\"boundary\" \"b\") NIL NIL NIL)";
  g_autoptr (Summary) summary = summarize (message, strlen (message));
  gsize length;
  const char *text = summary_envelope (summary, &length);

  g_assert_cmpmem (text, length, envelope, strlen (envelope));
  text = summary_body (summary, &length);
  g_assert_cmpmem (text, length, body, strlen (body));
  text = summary_body_structure (summary, &length);
  g_assert_cmpmem (text, length, structure, strlen (structure));
  text = summary_preview (summary, &length);
  g_assert_cmpmem (text, length, "hello", 5);
}

/* One that was stored before there were previews is read on. */
static void
test_older (void)
{
  static const char simple[] = "Subject: x\r\n\r\nabc";
  g_autoptr (GBytes) bytes = summary_new ((const guint8 *)simple, strlen (simple));
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (GString) older = g_string_new_len (data, (gssize)size);
  gsize at = 0;
  g_autoptr (GBytes) stored = NULL;
  g_autoptr (Summary) summary = NULL;

  while (at + 4 < older->len && memcmp (older->str + at, "\003abc", 4) != 0)
    at++;
  g_string_erase (older, (gssize)at, 4);
  older->str[0] = 1;
  stored = g_bytes_new (older->str, older->len);
  summary = summary_open (stored);
  g_assert_nonnull (summary);
  g_assert_null (summary_preview (summary, &size));
  g_assert_cmpuint (summary_header (summary).length, ==, 14);
}

static void
test_parts (void)
{
  g_autoptr (Summary) summary = summarize (message, strlen (message));
  const guint numbers[] = { 2, 1, 1 };
  SummaryPart part;
  gint64 seconds;
  gint16 zone;

  g_assert_true (summary_sent_date (summary, &seconds, &zone));
  g_assert_cmpint (seconds, ==, 1795511634);
  g_assert_true (summary_part (summary, numbers, 1, &part));
  g_assert_true (part.is_message);
  g_assert_cmpmem (message + part.inner_text.offset, part.inner_text.length, "mail", 4);
  g_assert_cmpmem (message + part.inner_header.offset, part.inner_header.length,
                   "Subject: in\r\n\r\n", 15);
  g_assert_true (summary_part (summary, numbers, 2, &part));
  g_assert_cmpmem (message + part.body.offset, part.body.length, "mail", 4);
  g_assert_false (summary_part (summary, numbers, 3, &part));
}

/* Each truncation is refused; a flipped byte is refused or reads within bounds. */
static void
test_damaged (void)
{
  g_autoptr (GBytes) bytes = summary_new ((const guint8 *)message, strlen (message));
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize cut = 0; cut < size; cut++) {
    g_autoptr (GBytes) less = g_bytes_new (data, cut);

    g_assert_null (summary_open (less));
  }
  for (gsize i = 0; i < size; i++) {
    guint8 *copy = g_memdup2 (data, size);
    g_autoptr (GBytes) flipped = NULL;
    g_autoptr (Summary) summary = NULL;
    SummaryPart part;
    guint number = 2;

    copy[i] ^= 0xff;
    flipped = g_bytes_new_take (copy, size);
    summary = summary_open (flipped);
    if (summary != NULL)
      summary_part (summary, &number, 1, &part);
  }
}

static void
test_hostile (void)
{
  g_autoptr (GString) text = g_string_new ("Content-Type: multipart/mixed; boundary=b\r\nTo: ");

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (text, "\"n\\\"%u\" <a%u@x.example>, ", i, i);
  g_string_append (text, "\r\n\r\n");
  for (guint i = 0; i < 20000; i++)
    g_string_append (text, "--b\r\nContent-Type: a/b; name=\"x\\\"y\"\r\n\r\n\r\n");
  summary_free (summarize (text->str, text->len));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/summary/texts", test_texts);
  g_test_add_func ("/summary/older", test_older);
  g_test_add_func ("/summary/parts", test_parts);
  g_test_add_func ("/summary/damaged", test_damaged);
  g_test_add_func ("/summary/hostile", test_hostile);
  return g_test_run ();
}
