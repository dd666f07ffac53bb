#include "imap/imap-section.h"

#include <string.h>

static const struct {
  const char *path, *input;
  const char *printed; /* NULL: malformed */
} sections[] = {
  { "/imap-section/all", "[]", "BODY[]" },
  { "/imap-section/part", "[1.2.3]", "BODY[1.2.3]" },
  { "/imap-section/header", "[header]", "BODY[HEADER]" },
  { "/imap-section/part-header", "[2.HEADER]", "BODY[2.HEADER]" },
  { "/imap-section/text", "[TEXT]", "BODY[TEXT]" },
  { "/imap-section/mime", "[1.MIME]", "BODY[1.MIME]" },
  { "/imap-section/fields", "[HEADER.FIELDS (From \"X-A\" {2}\r\nTo)]",
    "BODY[HEADER.FIELDS (From X-A To)]" },
  { "/imap-section/fields-not", "[1.HEADER.FIELDS.NOT (\"a b\")]",
    "BODY[1.HEADER.FIELDS.NOT (\"a b\")]" },
  { "/imap-section/partial", "[]<5.10>", "BODY[]<5>" },
  { "/imap-section/mime-of-message", "[MIME]", NULL },
  { "/imap-section/zero", "[0]", NULL },
  { "/imap-section/dot-at-end", "[1.]", NULL },
  { "/imap-section/no-fields", "[HEADER.FIELDS ()]", NULL },
  { "/imap-section/open", "[1", NULL },
  { "/imap-section/word", "[NONSENSE]", NULL },
  { "/imap-section/partial-of-nothing", "[]<5.0>", NULL },
  { "/imap-section/partial-without-length", "[]<5>", NULL },
  { "/imap-section/partial-overflow", "[]<99999999999999999999.1>", NULL },
};

static ImapSection *
section_of (const char *text)
{
  ImapParser parser = imap_parser (text, strlen (text));

  return imap_section_parse (&parser, TRUE);
}

static void
test_section (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ImapSection) section = section_of (sections[i].input);
  g_autoptr (GString) out = g_string_new (NULL);

  if (!sections[i].printed) {
    g_assert_null (section);
    return;
  }
  g_assert_nonnull (section);
  imap_section_print (section, out);
  g_assert_cmpstr (out->str, ==, sections[i].printed);
}

static const char message[] = "Subject: outer\r\n"
                              "Content-Type: multipart/mixed; boundary=b\r\n"
                              "\r\n"
                              "--b\r\n"
                              "Content-Type: text/plain\r\n"
                              "\r\n"
                              "one\r\n"
                              "--b\r\n"
                              "Content-Type: message/rfc822\r\n"
                              "\r\n"
                              "Subject: inner\r\n"
                              "\r\n"
                              "two\r\n"
                              "--b--\r\n";

static const struct {
  const char *path, *section;
  const char *bytes; /* NULL: no such part */
} ranges[] = {
  { "/imap-section/range/part", "[1]", "one" },
  { "/imap-section/range/cut", "[1]<1.1>", "n" },
  { "/imap-section/range/beyond", "[1]<3.10>", "" },
  { "/imap-section/range/far-beyond", "[1]<9223372036854775807.10>", "" },
  { "/imap-section/range/mime", "[1.MIME]", "Content-Type: text/plain\r\n\r\n" },
  { "/imap-section/range/message", "[2]", "Subject: inner\r\n\r\ntwo" },
  { "/imap-section/range/inner-header", "[2.HEADER]", "Subject: inner\r\n\r\n" },
  { "/imap-section/range/inner-text", "[2.TEXT]", "two" },
  { "/imap-section/range/inner-part", "[2.1]", "two" },
  { "/imap-section/range/header-of-leaf", "[1.HEADER]", NULL },
  { "/imap-section/range/no-part", "[3]", NULL },
  { "/imap-section/range/header", "[HEADER]",
    "Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" },
};

static void
test_range (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ImapSection) section = section_of (ranges[i].section);
  g_autoptr (GBytes) bytes = summary_new ((const guint8 *)message, sizeof message - 1);
  g_autoptr (Summary) summary = summary_open (bytes);
  g_autofree char *found = NULL;
  ByteRange range;

  g_assert_nonnull (summary);
  if (!ranges[i].bytes) {
    g_assert_false (imap_section_range (section, summary, sizeof message - 1, &range));
    return;
  }
  g_assert_true (imap_section_range (section, summary, sizeof message - 1, &range));
  imap_section_cut (section, &range);
  found = g_strndup (message + range.offset, range.length);
  g_assert_cmpstr (found, ==, ranges[i].bytes);
}

static void
test_lying_summary (void)
{
  g_autoptr (ImapSection) section = section_of ("[2]");
  g_autoptr (GBytes) bytes = summary_new ((const guint8 *)message, sizeof message - 1);
  g_autoptr (Summary) summary = summary_open (bytes);
  ByteRange range;

  /* The message is shorter than the summary thinks. */
  g_assert_false (imap_section_range (section, summary, 10, &range));
}

static void
test_choose (void)
{
  static const char header[] = "From: a\r\nTo: b,\r\n c\r\nX-From: d\r\n\r\n";
  g_autoptr (ImapSection) fields = section_of ("[HEADER.FIELDS (to from)]");
  g_autoptr (ImapSection) others = section_of ("[HEADER.FIELDS.NOT (to from)]");
  g_autoptr (GByteArray) chosen
      = imap_section_choose (fields, (const guint8 *)header, sizeof header - 1);
  g_autoptr (GByteArray) rest
      = imap_section_choose (others, (const guint8 *)header, sizeof header - 1);

  g_assert_cmpmem (chosen->data, chosen->len, "From: a\r\nTo: b,\r\n c\r\n\r\n", 23);
  g_assert_cmpmem (rest->data, rest->len, "X-From: d\r\n\r\n", 13);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (sections); i++)
    g_test_add_data_func (sections[i].path, GSIZE_TO_POINTER (i), test_section);
  for (gsize i = 0; i < G_N_ELEMENTS (ranges); i++)
    g_test_add_data_func (ranges[i].path, GSIZE_TO_POINTER (i), test_range);
  g_test_add_func ("/imap-section/lying-summary", test_lying_summary);
  g_test_add_func ("/imap-section/choose", test_choose);
  return g_test_run ();
}
