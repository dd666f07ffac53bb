/* The MIME tree: structure, exact ranges, and hostile nesting. */
#include "mail/mime.h"
#include <string.h>

/* "multipart/mixed[text/plain,message/rfc822[text/html]]" */
static void
describe (GString *out, const MimePart *part)
{
  g_string_append_printf (out, "%s/%s", part->type, part->subtype);
  for (guint i = 0; part->children != NULL && i < part->children->len; i++) {
    g_string_append_c (out, i == 0 ? '[' : ',');
    describe (out, part->children->pdata[i]);
  }
  if (part->children != NULL)
    g_string_append_c (out, ']');
}

/* BODIES: those of the leaves, each in angle brackets. */
static void
collect (GString *out, const char *text, const MimePart *part)
{
  if (part->children == NULL)
    g_string_append_printf (out, "<%.*s>", (int)part->body.length, text + part->body.offset);
  for (guint i = 0; part->children != NULL && i < part->children->len; i++)
    collect (out, text, part->children->pdata[i]);
}

static void
check_inside (const MimePart *part)
{
  for (guint i = 0; part->children != NULL && i < part->children->len; i++) {
    const MimePart *child = part->children->pdata[i];

    g_assert_cmpuint (child->header.offset, >=, part->body.offset);
    g_assert_cmpuint (child->body.offset + child->body.length, <=,
                      part->body.offset + part->body.length);
    check_inside (child);
  }
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static const struct {
  const char *name, *message, *tree, *bodies;
} cases[] = {
  { "plain", "Subject: x\r\n\r\nhello\r\n", "text/plain", "<hello\r\n>" },
  { "empty", "", "text/plain", "<>" },
  { "header-only", "Subject: x\r\n", "text/plain", "<>" },
  { "two", MIXED "pre\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--\r\nepi\r\n",
    "multipart/mixed[text/plain,text/plain]", "<one><two>" },
  { "bare-feeds", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n\n--b--\n",
    "multipart/mixed[text/plain]", "<one\n>" },
  { "no-close", MIXED "--b\r\n\r\none\r\n", "multipart/mixed[text/plain]", "<one\r\n>" },
  { "end-without-feed", MIXED "--b\r\n\r\none\r\n--b--", "multipart/mixed[text/plain]", "<one>" },
  { "empty-parts", MIXED "--b\r\n--b\r\n\r\n--b--\r\n", "multipart/mixed[text/plain,text/plain]",
    "<><>" },
  { "padding", MIXED "--b \t\r\n\r\none\r\n--b-- \r\n", "multipart/mixed[text/plain]", "<one>" },
  { "longer-line", MIXED "--b\r\n\r\n--bc\r\n--b--\r\n", "multipart/mixed[text/plain]", "<--bc>" },
  { "no-boundary", "Content-Type: multipart/mixed\r\n\r\nx", "text/plain", "<x>" },
  { "no-parts", MIXED "nothing", "text/plain", "<nothing>" },
  { "bad-type", "Content-Type: text\r\n\r\nx", "text/plain", "<x>" },
  { "digest",
    "Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\nx\r\n--b--",
    "multipart/digest[message/rfc822[text/plain]]", "<x>" },
  { "nested",
    "Content-Type: multipart/mixed; boundary=\"=_a\"\r\n\r\n--=_a\r\n"
    "Content-Type: multipart/alternative; "
    "boundary=\"=_a.1\"\r\n\r\n--=_a.1\r\n\r\nin\r\n--=_a.1--\r\n"
    "--=_a\r\nContent-Type: message/rfc822\r\n\r\nSubject: y\r\n\r\nmail\r\n--=_a--\r\n",
    "multipart/mixed[multipart/alternative[text/plain],message/rfc822[text/plain]]", "<in><mail>" },
  { "empty-message", MIXED "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\n--b--\r\n",
    "multipart/mixed[message/rfc822[text/plain]]", "<>" },
  { "inner-not-closed",
    MIXED "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nin\r\n"
          "--b\r\n\r\nout\r\n--b--\r\n",
    "multipart/mixed[multipart/mixed[text/plain],text/plain]", "<in><out>" },
};

static void
test_case (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  const char *text = cases[index].message;
  g_autofree guint8 *exact = g_memdup2 (text, strlen (text)); /* no NUL behind it */
  g_autoptr (MimePart) root = mime_parse (exact, strlen (text));
  g_autoptr (GString) tree = g_string_new (NULL);
  g_autoptr (GString) bodies = g_string_new (NULL);

  describe (tree, root);
  collect (bodies, text, root);
  g_assert_cmpstr (tree->str, ==, cases[index].tree);
  g_assert_cmpstr (bodies->str, ==, cases[index].bodies);
  check_inside (root);
  g_assert_cmpuint (root->header.offset, ==, 0);
  g_assert_cmpuint (root->header.length, ==, root->body.offset);
  g_assert_cmpuint (root->body.offset + root->body.length, ==, strlen (text));
}

static void
test_find (void)
{
  const char *text = MIXED "--b\r\n\r\nin\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n"
                           "Subject: y\r\n\r\nmail\r\n--b--\r\n";
  g_autoptr (MimePart) root = mime_parse ((const guint8 *)text, strlen (text));
  guint numbers[] = { 2, 1 };
  const MimePart *part = mime_part_find (root, numbers, 2);

  g_assert_nonnull (part);
  g_assert_cmpmem (text + part->body.offset, part->body.length, "mail", 4);
  g_assert_true (mime_part_find (root, numbers, 0) == root);
  numbers[1] = 2;
  g_assert_null (mime_part_find (root, numbers, 2));
  numbers[0] = 3;
  g_assert_null (mime_part_find (root, numbers, 1));
}

/* Boundaries that are prefixes of one another, deeper than we go. */
static void
test_deep (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (MimePart) root = NULL;
  gint64 start = g_get_monotonic_time ();
  guint depth = 0;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (
        text, "Content-Type: multipart/mixed; boundary=b%.*s%u\r\n\r\n--b%.*s%u\r\n", (int)(i % 50),
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", i, (int)(i % 50),
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", i);
  root = mime_parse ((const guint8 *)text->str, text->len);
  for (const MimePart *part = root; part->children != NULL; part = part->children->pdata[0])
    depth++;
  g_assert_cmpuint (depth, ==, MIME_DEPTH_MAX);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 2 * G_TIME_SPAN_SECOND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/mime/parse/%s", cases[i].name);

    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_case);
  }
  g_test_add_func ("/mime/find", test_find);
  g_test_add_func ("/mime/deep", test_deep);
  return g_test_run ();
}
