/* Charsets to UTF-8, and text as SEARCH compares it. */
#include "mail/encoding.h"
#include <string.h>

#define BAD "\357\277\275" /* U+FFFD */

static const struct {
  const char *charset, *bytes, *text;
} cases[] = {
  { "utf-8", "Gr\303\274n", "Gr\303\274n" },
  { "UTF-8", "a\377b", "a" BAD "b" },
  { NULL, "plain", "plain" },
  { "us-ascii", "a\377", "a" BAD },
  { "iso-8859-1", "\374\200", "\303\274\342\202\254" },
  { "windows-1252", "a\201b", "a" BAD "b" },
  { "CP1252", "\201\200", BAD "\342\202\254" },
  { "windows-1250", "\201\212", BAD "\305\240" },
  { "iso-8859-15", "\244", "\342\202\254" },
  { "koi8-r", "\311", "\320\270" },
  { "shift_jis", "\202\240\202", "\343\201\202" BAD },
  { "gb2312", "\304\343", "\344\275\240" },
  { "iso-2022-jp", "\033$B$\"\033(B", "\343\201\202" },
  { "utf-16be", "\001\002", "\304\202" },
  { "x-unknown", "a\374", "a" BAD },
  { "utf-8//TRANSLIT", "a\374", "a" BAD },
  { "../etc/passwd", "a", "a" },
  { "", "a", "a" },
};

static void
test_to_utf8 (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    gsize length = strlen (cases[i].bytes);
    g_autofree guint8 *exact = g_memdup2 (cases[i].bytes, length);
    g_autofree char *text = charset_to_utf8 (cases[i].charset, exact, length);

    g_test_message ("%s", cases[i].charset);
    g_assert_cmpstr (text, ==, cases[i].text);
  }
}

/* Output that does not fit the converter's buffer at once, and NUL bytes. */
static void
test_long (void)
{
  g_autofree guint8 *bytes = g_malloc (100000);
  g_autofree char *text = NULL;

  memset (bytes, 0374, 100000);
  text = charset_to_utf8 ("iso-8859-1", bytes, 100000);
  g_assert_cmpuint (strlen (text), ==, 200000);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  bytes[1] = 0;
  g_free (text);
  text = charset_to_utf8 ("utf-8", bytes, 3);
  g_assert_cmpstr (text, ==, BAD BAD BAD);
}

static void
test_known (void)
{
  g_assert_true (charset_is_known ("UTF-8"));
  g_assert_true (charset_is_known ("us-ascii"));
  g_assert_true (charset_is_known ("ISO-8859-2"));
  g_assert_false (charset_is_known ("iso-8859-99"));
  g_assert_false (charset_is_known ("x-nonsense"));
  g_assert_false (charset_is_known ("utf-8//IGNORE"));
}

static void
test_guess (void)
{
  g_autofree char *utf8 = charset_guess ((const guint8 *)"\303\274", 2);
  g_autofree char *western = charset_guess ((const guint8 *)"\374", 1);

  g_assert_cmpstr (utf8, ==, "\303\274");
  g_assert_cmpstr (western, ==, "\303\274");
}

static void
test_fold (void)
{
  static const struct {
    const char *one, *other;
  } same[] = {
    { "STRASSE", "stra\303\237e" },
    { "\303\204rger", "a\314\210RGER" },
    { "\357\254\201x", "FIX" },
    { "\357\274\241", "a" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (same); i++) {
    g_autofree char *one = text_fold (same[i].one);
    g_autofree char *other = text_fold (same[i].other);

    g_assert_cmpstr (one, ==, other);
  }
}

/* The collation keys of i;unicode-casemap (RFC 5051 §2). */
static void
test_casemap (void)
{
  static const struct {
    const char *text, *key;
  } tries[] = {
    { "hello", "HELLO" },
    { "\303\244", "A\314\210" },
    { "a\314\210", "A\314\210" },
    { "Stra\303\237e", "STRA\303\237E" }, /* the simple mapping leaves it */
    { "\307\204", "Dz\314\214" }, /* U+01C4 to U+01C5 */
    { "\357\254\201", "fi" }, /* U+FB01 has no titlecase; decomposed afterwards */
    { "\320\271", "\320\230\314\206" },
    { "\357\274\241", "A" },
    { "a\377", "A\357\277\275" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    g_autofree char *key = text_casemap (tries[i].text);
    g_autofree char *folded = text_fold (tries[i].text), *again = text_fold (key);

    g_assert_cmpstr (key, ==, tries[i].key);
    g_assert_cmpstr (again, ==, folded); /* so the index finds what SEARCH does */
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/charset/to-utf8", test_to_utf8);
  g_test_add_func ("/charset/long", test_long);
  g_test_add_func ("/charset/known", test_known);
  g_test_add_func ("/charset/guess", test_guess);
  g_test_add_func ("/charset/fold", test_fold);
  g_test_add_func ("/charset/casemap", test_casemap);
  return g_test_run ();
}
