/* Tests of daemon/net/dns-anchor.c. */
#include "net/dns-anchor.h"
#include "platform/file.h"
#include <glib/gstdio.h>
#include <string.h>

static void
expect (const char *folder, const char *begin)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = dns_anchor_prepare (folder, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, begin));
}

static void
test_prepare (void)
{
  g_autofree char *base = g_dir_make_tmp ("anchor-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (base, "dns", NULL);
  g_autofree char *path = g_build_filename (folder, "root.key", NULL);

  expect (folder, ". IN DNSKEY 257 3 8 ");
  g_assert_true (g_file_set_contents (path, "kept", -1, NULL));
  expect (folder, "kept");
  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  expect (folder, ". IN DNSKEY 257 3 8 ");
  file_remove (path, NULL);
  file_remove_folder (folder, NULL);
  file_remove_folder (base, NULL);
}

static void
test_failure (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_dir_make_tmp ("anchor-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (base, "file", NULL);
  g_autofree char *below = g_build_filename (file, "dns", NULL);

  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  g_assert_null (dns_anchor_prepare (below, &error));
  g_assert_nonnull (error);
  file_remove (file, NULL);
  file_remove_folder (base, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-anchor/prepare", test_prepare);
  g_test_add_func ("/dns-anchor/failure", test_failure);
  return g_test_run ();
}
