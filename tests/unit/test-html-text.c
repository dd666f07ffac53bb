/* The text of HTML pages, also of those that were never meant to be read. */
#include "mail/html-text.h"
#include <string.h>

static void
test_text (void)
{
  static const struct {
    const char *html, *text;
  } cases[] = {
    { "", "" },
    { "plain", "plain" },
    { "<p>one</p><p>two</p>", " one  two " },
    { "b<b>ol</b>d", "bold" },
    { "a<br>b", "a b" },
    { "<style>p { x: y }</style>text", " text" },
    { "<STYLE type='a>b'>x</styles></STYLE >text", " text" },
    { "<head><title>no</title></head><body>yes", "  yes" },
    { "<script>if (a < b) x('</p>')</script>t", " t" },
    { "<style>never closed", " " },
    { "a<!-- <p>no</p> -->b", "ab" },
    { "a<!-- never closed", "a" },
    { "<!DOCTYPE html><?xml?>t", "  t" },
    { "1 < 2 &lt; 3 &amp; &auml;&#228;&#xE4;&nbsp;",
      "1 < 2 < 3 & \303\244\303\244\303\244\302\240" },
    { "&unknown; & &; &#; &#x; &#xd800; &#0;",
      "&unknown; & &; &#; &#x; \357\277\275 \357\277\275" },
    { "&#99999999999999;", "&#99999999999999;" },
    { "<a href=\"x>y\">link</a>", "link" },
    { "<a href='", "" },
    { "<", "<" },
    { "&", "&" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text = html_to_text (cases[i].html, 1000);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

static void
test_bounded (void)
{
  g_autofree char *text = html_to_text ("one<br>two<br>three", 5);

  g_assert_cmpstr (text, ==, "one two ");
}

/* Each would take minutes if what is passed over were looked at again and again. */
static void
test_hostile (void)
{
  static const char *const pieces[] = { "<", "&", "<!--", "<style>", "<a href='", "</style", "&#" };
  gint64 start = g_get_monotonic_time ();

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++) {
    g_autoptr (GString) html = g_string_new (NULL);
    g_autofree char *text = NULL;
    while (html->len < 1000000)
      g_string_append (html, pieces[i]);
    text = html_to_text (html->str, G_MAXSIZE);
    g_assert_cmpuint (strlen (text), <=, html->len);
  }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 20 * G_TIME_SPAN_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/html-text/text", test_text);
  g_test_add_func ("/html-text/bounded", test_bounded);
  g_test_add_func ("/html-text/hostile", test_hostile);
  return g_test_run ();
}
