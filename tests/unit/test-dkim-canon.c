/* Tests of daemon/policy/dkim-canon.c. */
#include "policy/dkim-canon.h"
#include <string.h>

static const struct {
  const char *field, *simple, *relaxed;
} fields[] = {
  /* RFC 6376 §3.4.5 */
  { "A: X\r\n", "A: X\r\n", "a:X\r\n" },
  { "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n" },
  { "Subject:a\r\n \r\n b\r\n", "Subject:a\r\n \r\n b\r\n", "subject:a b\r\n" },
  { "X:\r\n", "X:\r\n", "x:\r\n" },
  { "X:  \t \r\n", "X:  \t \r\n", "x:\r\n" },
  { "X: a : b", "X: a : b\r\n", "x:a : b\r\n" },
  { "X: a\n", "X: a\r\n", "x:a\r\n" },
};

static void
test_fields (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++) {
      g_autoptr (GString) out = g_string_new ("before");

      dkim_canon_field (out, (const guint8 *)fields[i].field, strlen (fields[i].field), canon);
      g_assert_cmpstr (out->str + strlen ("before"), ==,
                       canon == DKIM_SIMPLE ? fields[i].simple : fields[i].relaxed);
    }
}

static const struct {
  const char *body, *simple, *relaxed;
} bodies[] = {
  { " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n" }, /* §3.4.5 */
  { "", "\r\n", "" },
  { "\r\n\r\n", "\r\n", "" },
  { " \t\r\n\r\n", " \t\r\n", "" },
  { "a", "a\r\n", "a\r\n" },
  { "a\r\n", "a\r\n", "a\r\n" },
  { "a \t", "a \t\r\n", "a\r\n" },
  { "\r\na\r\n\r\nb", "\r\na\r\n\r\nb\r\n", "\r\na\r\n\r\nb\r\n" },
  { " \r\na", " \r\na\r\n", "\r\na\r\n" },
  { "a\r\n \r\n", "a\r\n \r\n", "a\r\n" },
  { "a\rb\r", "a\rb\r\r\n", "a\rb\r\r\n" },
  { "a\nb\r\r\n", "a\nb\r\r\n", "a\nb\r\r\n" },
  { "a  \t b", "a  \t b\r\n", "a b\r\n" },
};

/* In pieces of every size: what is kept between two of them is right. */
static void
test_bodies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    for (int canon = DKIM_SIMPLE; canon <= DKIM_RELAXED; canon++)
      for (gsize piece = 1; piece <= strlen (bodies[i].body) + 1; piece++) {
        const char *canonical = canon == DKIM_SIMPLE ? bodies[i].simple : bodies[i].relaxed;
        g_autoptr (DkimBody) body = dkim_body_new (canon, G_MAXUINT64);
        guint8 digest[32], expected[32];
        guint64 total;

        for (gsize at = 0; at < strlen (bodies[i].body); at += piece)
          dkim_body_add (body, (const guint8 *)bodies[i].body + at,
                         MIN (piece, strlen (bodies[i].body) - at));
        dkim_body_finish (body, digest, &total);
        EVP_Digest (canonical, strlen (canonical), expected, NULL, EVP_sha256 (), NULL);
        g_test_message ("%s", bodies[i].body);
        g_assert_cmpmem (digest, 32, expected, 32);
        g_assert_cmpuint (total, ==, strlen (canonical));
      }
}

/* l= counts bytes of the canonical form, and the rest is still measured. */
static void
test_length (void)
{
  for (guint64 length = 0; length <= 9; length++) {
    g_autoptr (DkimBody) body = dkim_body_new (DKIM_RELAXED, length);
    guint8 digest[32], expected[32];
    guint64 total;

    dkim_body_add (body, (const guint8 *)"ab  cd \r\n\r\n", 11);
    dkim_body_finish (body, digest, &total);
    EVP_Digest ("ab cd\r\n", MIN (length, 7), expected, NULL, EVP_sha256 (), NULL);
    g_assert_cmpmem (digest, 32, expected, 32);
    g_assert_cmpuint (total, ==, 7);
  }
}

/* More than a buffer, and more empty lines than one holds. */
static void
test_long (void)
{
  g_autoptr (DkimBody) body = dkim_body_new (DKIM_SIMPLE, G_MAXUINT64);
  g_autoptr (GString) expected = g_string_new (NULL);
  guint8 digest[32], whole[32];

  for (guint i = 0; i < 10000; i++)
    g_string_append (expected, "\r\n");
  g_string_append (expected, "end\r\n");
  dkim_body_add (body, (const guint8 *)expected->str, expected->len);
  for (guint i = 0; i < 10000; i++)
    dkim_body_add (body, (const guint8 *)"\r\n", 2);
  dkim_body_finish (body, digest, NULL);
  EVP_Digest (expected->str, expected->len, whole, NULL, EVP_sha256 (), NULL);
  g_assert_cmpmem (digest, 32, whole, 32);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dkim-canon/fields", test_fields);
  g_test_add_func ("/dkim-canon/bodies", test_bodies);
  g_test_add_func ("/dkim-canon/length", test_length);
  g_test_add_func ("/dkim-canon/long", test_long);
  return g_test_run ();
}
