/* The manifest: what is printed is parsed, and what nobody should have written is refused. */
#include "archive/manifest.h"
#include <string.h>

#define D "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_round_trip (void)
{
  g_autoptr (GPtrArray) files = manifest_new ();
  g_autoptr (GBytes) text = NULL;
  g_autoptr (GPtrArray) parsed = NULL;
  gsize length;

  manifest_add (files, "store.db", 12, D);
  manifest_add (files, "a folder/name with spaces", 0, D);
  text = manifest_print (files);
  parsed = manifest_parse (g_bytes_get_data (text, &length), g_bytes_get_size (text), NULL);
  g_assert_cmpuint (parsed->len, ==, 2);
  g_assert_cmpuint (manifest_total (parsed), ==, 12);
  g_assert_cmpstr (((ManifestFile *)parsed->pdata[1])->name, ==, "a folder/name with spaces");
  g_assert_cmpstr (((ManifestFile *)parsed->pdata[0])->digest, ==, D);
}

static void
test_refused (void)
{
  static const char *const texts[] = {
    "",
    "\n",
    "hauspost-backup 2\nend\n",
    "hauspost-backup 1\n" D " 1 a\n",
    "hauspost-backup 1\n" D " 1 a\nend",
    "hauspost-backup 1\n" D " 1\nend\n",
    "hauspost-backup 1\n" D " -1 a\nend\n",
    "hauspost-backup 1\n" D " 1 ../a\nend\n",
    "hauspost-backup 1\n" D " 1 a/../../b\nend\n",
    "hauspost-backup 1\n" D " 1 /etc/passwd\nend\n",
    "hauspost-backup 1\n" D " 1 C:\\a\nend\n",
    "hauspost-backup 1\nshort 1 a\nend\n",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (manifest_parse (texts[i], strlen (texts[i]), &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/manifest/round-trip", test_round_trip);
  g_test_add_func ("/manifest/refused", test_refused);
  return g_test_run ();
}
