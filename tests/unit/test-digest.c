/* Messages are read by a child, and as they would be in this process. */
#include "policy/digest.h"
#include "mail/encoding.h"
#include "platform/child.h"
#include "policy/digest-work.h"
#include <string.h>

static const struct {
  const char *message, *text;
  gboolean header, body;
} cases[] = {
  { "Subject: Hello\r\n\r\nWorld\r\n", "hello", TRUE, FALSE },
  { "Subject: Hello\r\n\r\nWorld\r\n", "world", FALSE, TRUE },
  { "Subject: =?iso-8859-1?q?Gr=FC=DFe?=\r\n\r\nx\r\n", "gr\303\274\303\237", TRUE, FALSE },
  /* A converter that would have to be loaded from a file. */
  { "Subject: =?koi8-r?q?=D0=D2?=\r\n\r\nx\r\n", "\320\277\321\200", TRUE, FALSE },
  { "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n\033$B$\"\033(B\r\n", "\343\201\202",
    FALSE, TRUE },
  { "Content-Type: text/html; charset=windows-1251\r\n\r\n<p>\357<b>\360</b>", "\320\277\321\200",
    FALSE, TRUE },
  { "\r\n", "x", FALSE, FALSE },
  { "", "x", FALSE, FALSE },
};

static void
check (Digest *digest, guint i)
{
  const guint8 *message = (const guint8 *)cases[i].message;
  gsize length = strlen (cases[i].message);
  g_autoptr (GError) error = NULL;
  g_autofree char *mapped = text_casemap (cases[i].text);
  gboolean holds;

  g_assert_true (digest_header_holds (digest, message, length, NULL, mapped, &holds, &error));
  g_assert_no_error (error);
  g_assert_cmpint (holds, ==, cases[i].header);
  g_assert_true (digest_body_holds (digest, message, length, mapped, &holds, &error));
  g_assert_no_error (error);
  g_assert_cmpint (holds, ==, cases[i].body);
}

static void
test_holds (void)
{
  g_autoptr (Digest) digest = digest_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%u", i);
    check (digest, i);
    check (NULL, i);
  }
}

static void
test_text (void)
{
  g_autoptr (Digest) digest = digest_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const guint8 *message = (const guint8 *)cases[i].message;
    gsize length = strlen (cases[i].message);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) here = digest_text (NULL, message, length, &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) there = digest_text (digest, message, length, &error);
    g_assert_no_error (error);
    g_assert_true (g_bytes_equal (here, there));
  }
}

/* The child's score is the one of this process. */
static void
test_fuzzy (void)
{
  static const struct {
    const char *message, *field, *text;
    FuzzyPlace place;
    gboolean matches;
  } tries[] = {
    { "Subject: Hello\r\n\r\nWorld\r\n", NULL, "world hello", FUZZY_IN_TEXT, TRUE },
    { "Subject: Hello\r\n\r\nWorld\r\n", NULL, "hello", FUZZY_IN_BODY, FALSE },
    { "Subject: =?koi8-r?q?=D0=D2?=\r\n", "subject", "\320\277\321\200", FUZZY_IN_FIELD, TRUE },
    { "Subject: x\r\n", "to", "x", FUZZY_IN_FIELD, FALSE },
  };
  g_autoptr (Digest) digest = digest_new ();

  for (guint i = 0; i < G_N_ELEMENTS (tries); i++) {
    const guint8 *message = (const guint8 *)tries[i].message;
    gsize length = strlen (tries[i].message);
    g_autoptr (GError) error = NULL;
    guint here, there;
    g_assert_true (digest_fuzzy_score (NULL, message, length, tries[i].place, tries[i].field,
                                       tries[i].text, &here, &error));
    g_assert_true (digest_fuzzy_score (digest, message, length, tries[i].place, tries[i].field,
                                       tries[i].text, &there, &error));
    g_assert_cmpuint (here, ==, there);
    g_assert_cmpint (here > 0, ==, tries[i].matches);
  }
}

static gpointer
work (gpointer digest)
{
  for (guint i = 0; i < 50; i++)
    check (digest, i % G_N_ELEMENTS (cases));
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Digest) digest = digest_new ();
  GThread *threads[6];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", work, digest);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

/* A child that ends in the middle of its work: the message is unreadable, the next one is not. */
static void
test_death (void)
{
  g_autoptr (Digest) digest = digest_new ();
  gsize length = CHILD_REQUEST_MAX;
  g_autofree guint8 *huge = g_malloc0 (length);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = digest_text (digest, huge, length, &error);

  g_assert_null (text);
  g_assert_error (error, DIGEST_ERROR, DIGEST_ERROR_MESSAGE);
  check (digest, 0);
}

static void
test_requests (void)
{
  static const char *const nonsense[]
      = { "", "?", "B", "Bword", "H", "Hfield", "Hfield\0word", "F", "F9", "F2", "F2field" };

  for (guint i = 0; i < G_N_ELEMENTS (nonsense); i++) {
    g_autoptr (GByteArray) answer = digest_work ((const guint8 *)nonsense[i], strlen (nonsense[i]));
    g_assert_cmpuint (answer->len, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], DIGEST_OPTION))
    return digest_serve ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/digest/holds", test_holds);
  g_test_add_func ("/digest/text", test_text);
  g_test_add_func ("/digest/fuzzy", test_fuzzy);
  g_test_add_func ("/digest/threads", test_threads);
  g_test_add_func ("/digest/death", test_death);
  g_test_add_func ("/digest/requests", test_requests);
  return g_test_run ();
}
