/* What GETMETADATA and SETMETADATA ask for. */
#include "imap/imap-metadata.h"
#include "accounts/metadata.h"
#include <string.h>

typedef gboolean (*Read) (ImapParser *parser, ImapMetadata *metadata);

static const struct {
  const char *name;
  Read read;
  const char *text, *printed; /* NULL: malformed */
} rows[] = {
  { "one", imap_metadata_entries, "/shared/comment", "/shared/comment NIL" },
  { "list", imap_metadata_entries, "(/shared/a \"/private/B\")", "/shared/a NIL /private/b NIL" },
  { "none", imap_metadata_entries, "()", NULL },
  { "no-entry", imap_metadata_entries, "comment", NULL },
  { "level", imap_metadata_entries, "/shared", NULL },
  { "value", imap_metadata_values, "(/shared/a \"x\")", "/shared/a \"x\"" },
  { "nil", imap_metadata_values, "(/shared/a NIL /shared/b \"\")", "/shared/a NIL /shared/b \"\"" },
  { "literal", imap_metadata_values, "(/shared/a {3}\r\na\nb)", "/shared/a {3}\r\na\nb" },
  { "literal-plus", imap_metadata_values, "(/shared/a {1+}\r\nb)", "/shared/a \"b\"" },
  { "literal8", imap_metadata_values, "(/shared/a ~{1}\r\nb)", "/shared/a \"b\"" },
  { "bare", imap_metadata_values, "/shared/a \"x\"", NULL },
  { "no-value", imap_metadata_values, "(/shared/a)", NULL },
  { "atom", imap_metadata_values, "(/shared/a x)", NULL },
  { "blank", imap_metadata_values, "(\"/shared/a b\" \"x\")", "\"/shared/a b\" \"x\"" },
};

static void
test_row (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  ImapParser parser = imap_parser (rows[i].text, strlen (rows[i].text));
  g_autoptr (ImapMetadata) metadata = imap_metadata_new ();
  g_autoptr (GString) out = g_string_new (NULL);
  gboolean read = rows[i].read (&parser, metadata);

  g_assert_cmpint (read, ==, rows[i].printed != NULL);
  if (!read)
    return;
  g_assert_true (imap_parser_at_end (&parser));
  for (guint e = 0; e < metadata->entries->len; e++) {
    const ImapAnnotation *entry = metadata->entries->pdata[e];
    gsize length = 0;
    const guint8 *value = entry->value ? g_bytes_get_data (entry->value, &length) : NULL;
    imap_metadata_print (out, entry->name, entry->value && !value ? (const guint8 *)"" : value,
                         length);
  }
  g_assert_cmpstr (out->str, ==, rows[i].printed);
}

static void
test_options (void)
{
  static const struct {
    const char *text;
    gboolean fits;
    guint depth, most;
  } cases[] = {
    { "(DEPTH 1)", TRUE, 1, 0 },
    { "(depth infinity MAXSIZE 7)", TRUE, METADATA_INFINITE, 7 },
    { "(MAXSIZE 0)", TRUE, 0, 0 },
    { "(DEPTH 2)", FALSE, 0, 0 },
    { "(/shared/comment)", FALSE, 0, 0 },
    { "()", FALSE, 0, 0 },
    { "(MAXSIZE x)", FALSE, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    ImapParser parser = imap_parser (cases[i].text, strlen (cases[i].text));
    g_autoptr (ImapMetadata) metadata = imap_metadata_new ();
    g_test_message ("%s", cases[i].text);
    g_assert_cmpint (imap_metadata_options (&parser, metadata), ==, cases[i].fits);
    if (!cases[i].fits) {
      g_assert_cmpuint (parser.position, ==, 0);
      continue;
    }
    g_assert_cmpuint (metadata->depth, ==, cases[i].depth);
    g_assert_cmpuint (metadata->most, ==, cases[i].most);
  }
}

static void
test_binary (void)
{
  g_autoptr (GString) out = g_string_new ("(");

  imap_metadata_print (out, "/shared/a", (const guint8 *)"a\0b", 3);
  g_assert_cmpmem (out->str, out->len, "(/shared/a ~{3}\r\na\0b", 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/imap-metadata/", rows[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_row);
  }
  g_test_add_func ("/imap-metadata/options", test_options);
  g_test_add_func ("/imap-metadata/binary", test_binary);
  return g_test_run ();
}
