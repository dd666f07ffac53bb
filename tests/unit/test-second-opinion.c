/* Our MIME trees and addresses against what Python's email package says of the same mails
 * (tests/data/mail/expect.py wrote expected.txt). */
#include "mail/address.h"
#include "mail/mime.h"
#include <string.h>

static void
describe (GString *out, const MimePart *part)
{
  g_autofree char *type = g_strdup_printf ("%s/%s", part->type, part->subtype);
  g_autofree char *lower = g_ascii_strdown (type, -1);

  g_string_append (out, lower);
  for (guint i = 0; part->children != NULL && i < part->children->len; i++) {
    g_string_append_c (out, i == 0 ? '[' : ',');
    describe (out, part->children->pdata[i]);
  }
  if (part->children != NULL)
    g_string_append_c (out, ']');
}

static void
add_addresses (GString *out, const guint8 *bytes, gsize length, const char *name)
{
  gsize position = 0;
  HeaderField field;

  while (header_next (bytes, length, &position, &field)) {
    g_autofree char *value = header_unfold (bytes, &field);
    g_autoptr (GPtrArray) list = address_parse_list (value, 100);

    if (field.name.length != strlen (name)
        || memcmp (bytes + field.name.offset, name, field.name.length) != 0)
      continue;
    for (guint i = 0; i < list->len; i++) {
      const Address *address = list->pdata[i];

      if (address->mailbox != NULL && address->host != NULL)
        g_string_append_printf (out, "%s%s@%s", out->len > 0 ? "," : "", address->mailbox,
                                address->host);
    }
  }
}

static void
compare (const char *line)
{
  static const char *const names[] = { "From", "To", "Cc" };
  g_auto (GStrv) columns = g_strsplit (line, "\t", 3);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "mail", columns[0], NULL);
  g_autofree char *content = NULL;
  g_autoptr (GString) tree = g_string_new (NULL);
  g_autoptr (GString) addresses = g_string_new (NULL);
  g_autoptr (MimePart) root = NULL;
  gsize length;

  g_test_message ("%s", columns[0]);
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  root = mime_parse ((const guint8 *)content, length);
  describe (tree, root);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    add_addresses (addresses, (const guint8 *)content, root->header.length, names[i]);
  g_assert_cmpstr (tree->str, ==, columns[1]);
  g_assert_cmpstr (addresses->str, ==, columns[2]);
}

static void
test_all (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "mail", "expected.txt", NULL);
  g_autofree char *content = NULL;
  g_auto (GStrv) lines = NULL;
  guint count = 0;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  lines = g_strsplit (content, "\n", 0);
  for (; lines[count] != NULL && *lines[count] != '\0'; count++)
    compare (lines[count]);
  g_assert_cmpuint (count, >=, 30);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/second-opinion/all", test_all);
  return g_test_run ();
}
