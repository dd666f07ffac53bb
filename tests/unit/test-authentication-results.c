/* Tests of daemon/policy/authentication-results.c. */
#include "policy/authentication-results.h"
#include <string.h>

static void
test_write (void)
{
  GString *results = authentication_results_new ("mx.example.com");
  g_autofree char *none = authentication_results_finish (authentication_results_new ("mx"));
  g_autofree char *field = NULL;

  authentication_results_add (results, "spf", "pass", NULL, "smtp.mailfrom", "a@example.org",
                              "smtp.helo", NULL, NULL);
  authentication_results_add (results, "dkim", "fail", "odd ) \r\nX: y \\", "header.d", "two words",
                              "header.b", "a/b=\"", NULL);
  field = authentication_results_finish (results);
  g_assert_cmpstr (none, ==, "Authentication-Results: mx; none\r\n");
  g_assert_cmpstr (field, ==,
                   "Authentication-Results: mx.example.com;\r\n"
                   "\tspf=pass\r\n\t smtp.mailfrom=a@example.org;\r\n"
                   "\tdkim=fail (odd \\) ??X: y \\\\)\r\n\t header.d=\"two words\"\r\n"
                   "\t header.b=\"a/b=\\\"\"\r\n");
}

/* §2.2: what identifies a mailbox is a local part and a domain, not one word in quotes. */
static void
test_mailboxes (void)
{
  static const struct {
    const char *value, *written;
  } mailboxes[] = {
    { "a@example.org", "a@example.org" },
    { "@example.org", "@example.org" },
    { "odd one@example.org", "\"odd one\"@example.org" },
    { "a@b@example.org", "\"a@b\"@example.org" },
    { "a\"b\\@example.org", "\"a\\\"b\\\\\"@example.org" },
    { "j\xc3\xbcrgen@example.org", "\"j\xc3\xbcrgen\"@example.org" },
    { "a;b@example.org; x=y", "\"a;b@example.org; x=y\"" },
    { "a b@[192.0.2.1]", "\"a b@[192.0.2.1]\"" },
    { "a b@", "\"a b@\"" },
    { "", "\"\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (mailboxes); i++) {
    GString *results = authentication_results_new ("mx");
    g_autofree char *field = NULL;
    g_autofree char *expected
        = g_strdup_printf ("Authentication-Results: mx;\r\n\tspf=pass\r\n\t smtp.mailfrom=%s\r\n",
                           mailboxes[i].written);

    authentication_results_add (results, "spf", "pass", NULL, "smtp.mailfrom", mailboxes[i].value,
                                NULL);
    field = authentication_results_finish (results);
    g_assert_cmpstr (field, ==, expected);
  }
}

static void
test_long (void)
{
  GString *results = authentication_results_new ("mx");
  g_autofree char *value = g_strnfill (100000, 'x');
  g_autofree char *field = NULL;

  authentication_results_add (results, "spf", "none", value, "smtp.helo", value, NULL);
  field = authentication_results_finish (results);
  g_assert_cmpuint (strlen (field), <, 700);
}

/* §5: whoever reads the field must not take it for ours, however it is dressed up. */
static const struct {
  const char *value;
  gboolean ours;
} values[] = {
  { "mx.example.com; spf=pass", TRUE },
  { "MX.Example.COM; spf=pass", TRUE },
  { "mx.example.com", TRUE },
  { "mx.example.com.; spf=pass", TRUE },
  { "mx.example.com 1; spf=pass", TRUE },
  { "mx.example.com/1; spf=pass", TRUE },
  { "(comment) mx.example.com (another (nested)) ; spf=pass", TRUE },
  { "\"mx.example.com\"; spf=pass", TRUE },
  { "\"mx.ex\\ample.com\" 1; spf=pass", TRUE },
  { "mx . example (x) . com; spf=pass", TRUE },
  { "mx.\"example\".com; spf=pass", TRUE },
  { "mx.example.com.evil.example; spf=pass", FALSE },
  { "mx.example.community; spf=pass", FALSE },
  { "evil.mx.example.com; spf=pass", FALSE },
  { "other.example; x=mx.example.com", FALSE },
  { "\"unclosed mx.example.com", FALSE },
  { "", FALSE },
  { ";", FALSE },
};

static void
test_is_from (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (values); i++) {
    g_test_message ("%s", values[i].value);
    g_assert_cmpint (authentication_results_is_from (values[i].value, "mx.example.com"), ==,
                     values[i].ours);
  }
}

/* §5: A-labels and U-labels are one name. */
static void
test_unicode (void)
{
  static const struct {
    const char *value;
    gboolean ours;
  } cases[] = {
    { "mx.xn--bcher-kva.example; spf=pass", TRUE },
    { "MX.XN--BCHER-KVA.example; spf=pass", TRUE },
    { "mx.b\xc3\xbc"
      "cher.example; spf=pass",
      TRUE },
    { "mx.B\xc3\x9c"
      "CHER.example 1; spf=pass",
      TRUE },
    { "mx.bucher.example; spf=pass", FALSE },
    { "mx.b\xfc"
      "cher.example; spf=pass",
      FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (authentication_results_is_from (cases[i].value, "mx.xn--bcher-kva.example"),
                     ==, cases[i].ours);
}

/* §2.3, §5: what is of another version than 1, said or not said, goes whosever it is. */
static void
test_versions (void)
{
  static const struct {
    const char *value;
    gboolean strange;
  } cases[] = {
    { "other.example; spf=pass", FALSE },
    { "other.example 1; spf=pass", FALSE },
    { "(x) other.example (y) 1 (z); spf=pass", FALSE },
    { "other.example 2; spf=pass", TRUE },
    { "\"other example\" 2; spf=pass", TRUE },
    { "other.example(1)99999999999999999999; spf=pass", TRUE },
    { "other.example 0; spf=pass", TRUE },
    { "other.example x; spf=pass", FALSE },
    { "", FALSE },
    { "\"", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].value);
    g_assert_cmpint (authentication_results_is_strange (cases[i].value), ==, cases[i].strange);
  }
}

static const struct {
  const char *mail, *stripped; /* NULL: as it is */
} mails[] = {
  { "From: a\r\n\r\nAuthentication-Results: mx; spf=pass\r\n", NULL },
  { "Authentication-Results: other; spf=pass\r\nFrom: a\r\n\r\nText", NULL },
  { "", NULL },
  { "X", NULL },
  { "Authentication-Results: mx; spf=pass\r\nFrom: a\r\n\r\nText", "From: a\r\n\r\nText" },
  { "A: 1\r\nauthentication-results :\r\n mx\r\n\t; spf=pass\r\nB: 2\r\n"
    "AUTHENTICATION-RESULTS:(\r\n x)mx;none\r\n\r\nText",
    "A: 1\r\nB: 2\r\n\r\nText" },
  { "Authentication-Results: mx", "" },
  { "Authentication-Results: other 2; spf=pass\r\nFrom: a\r\n\r\n", "From: a\r\n\r\n" },
};

static void
test_strip (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (mails); i++) {
    g_autoptr (GBytes) mail = g_bytes_new_static (mails[i].mail, strlen (mails[i].mail));
    g_autoptr (GBytes) stripped = authentication_results_strip (mail, "mx");
    const char *expected = mails[i].stripped ? mails[i].stripped : mails[i].mail;

    g_assert_cmpmem (g_bytes_get_data (stripped, NULL), g_bytes_get_size (stripped), expected,
                     strlen (expected));
    g_assert_true ((stripped == mail) == (mails[i].stripped == NULL));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/authentication-results/write", test_write);
  g_test_add_func ("/authentication-results/mailboxes", test_mailboxes);
  g_test_add_func ("/authentication-results/long", test_long);
  g_test_add_func ("/authentication-results/is-from", test_is_from);
  g_test_add_func ("/authentication-results/unicode", test_unicode);
  g_test_add_func ("/authentication-results/versions", test_versions);
  g_test_add_func ("/authentication-results/strip", test_strip);
  return g_test_run ();
}
