/* Encoded words of header fields. */
#include "mail/encoding.h"

static const struct {
  const char *value, *text;
} cases[] = {
  { "plain text", "plain text" },
  { "=?utf-8?q?Gr=C3=BC=C3=9Fe_x?=", "Gr\303\274\303\237e x" },
  { "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab" }, /* RFC 2047 §8 */
  { "=?ISO-8859-1?Q?a?= b", "a b" },
  { "x =?utf-8?b?w7w=?= y", "x \303\274 y" },
  { "=?utf-8?q?=C3?= =?utf-8?q?=BC?=", "\303\274" },
  { "=?utf-8?b?w7w?=\t=?iso-8859-1?q?=FC?=", "\303\274\303\274" },
  { "=?utf-8*de?q?Tag?=", "Tag" },
  { "=?x-none?q?a=FF?=", "a\357\277\275" },
  { "=?utf-8?x?abc?=", "=?utf-8?x?abc?=" },
  { "=?utf-8?q?abc", "=?utf-8?q?abc" },
  { "=?utf-8?q?=Zx?=", "=Zx" },
  { "=?", "=?" },
  { "=??q?x?=", "=??q?x?=" },
  { "raw \374", "raw \303\274" },
  { "", "" },
};

static void
test_decode (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = encoded_words_decode (cases[i].value);

    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_linear (void)
{
  static const char *const pieces[] = { "=?", "=?a?q?", "=?utf-8?q?x?= ", " " };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GString) value = g_string_new (NULL);
    g_autofree char *text = NULL;
    gint64 start = g_get_monotonic_time ();

    while (value->len < 200000)
      g_string_append (value, pieces[i]);
    g_string_append_c (value, 'x');
    text = encoded_words_decode (value->str);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_TIME_SPAN_SECOND);
  }
}

/* For ordering: what cannot be converted is shown byte by byte. */
static void
test_whole (void)
{
  static const struct {
    const char *value, *text;
    gboolean whole;
  } tries[] = {
    { "=?utf-8?q?=C3=84?= b", "\303\204 b", TRUE },
    { "\303\204", "\303\204", TRUE },
    { "\374", "\303\274", TRUE },
    { "=?utf-8?q?=C3?= b", "\303\203 b", FALSE },
    { "=?x-none?q?=C3=84?=", "\303\203\302\204", FALSE },
    { "=?iso-2022-jp?b?GyRCJA==?=", "\033$B$", FALSE },
    { "=?x-none?q?=00?=", "\357\277\275", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    gboolean whole;
    g_autofree char *text = encoded_words_decode_whole (tries[i].value, &whole);

    g_test_message ("%s", tries[i].value);
    g_assert_cmpstr (text, ==, tries[i].text);
    g_assert_cmpint (whole, ==, tries[i].whole);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/encoded-word/decode", test_decode);
  g_test_add_func ("/encoded-word/linear", test_linear);
  g_test_add_func ("/encoded-word/whole", test_whole);
  return g_test_run ();
}
