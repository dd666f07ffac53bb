/* Names on their way to Windows: long, with any slash, with any letter, never a stream or a device.
 */
#include "platform/windows/wide.h"
#include <string.h>

static const struct {
  const char *path, *expected;
} paths[] = {
  { "C:\\a\\b", "\\\\?\\C:\\a\\b" },
  { "C:/a//b/", "\\\\?\\C:\\a\\b" },
  { "C:\\a\\.\\b\\..\\c", "\\\\?\\C:\\a\\c" },
  { "C:\\a\\con.pem", "\\\\?\\C:\\a\\con.pem" }, /* not the device CON */
  { "C:\\a\\end. ", "\\\\?\\C:\\a\\end. " },
  { "C:\\", "\\\\?\\C:\\" },
  { "C:\\Büro\\\xf0\x9f\x93\xac", "\\\\?\\C:\\Büro\\\xf0\x9f\x93\xac" },
  { "\\\\server\\share\\a", "\\\\?\\UNC\\server\\share\\a" },
  { "//server/share/a", "\\\\?\\UNC\\server\\share\\a" },
  { "\\\\?\\C:\\a", "\\\\?\\C:\\a" },
  { "C:\\a:stream", NULL },
  { "C:\\a:stream:$DATA", NULL },
  { "a:b", NULL },
  { "C:\\broken\xff", NULL },
  { "", NULL },
};

static void
test_path (gconstpointer data)
{
  const char *const *pair = data;
  g_autoptr (GError) error = NULL;
  g_autofree wchar_t *wide = wide_path (pair[0], &error);
  g_autofree char *narrow = wide != NULL ? wide_narrow (wide, -1) : NULL;

  g_assert_cmpstr (narrow, ==, pair[1]);
  if (pair[1] == NULL)
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME);
}

static void
test_relative (void)
{
  g_autofree char *current = g_get_current_dir ();
  g_autofree char *expected
      = g_strdup_printf ("\\\\?\\%s%sa\\b", current, g_str_has_suffix (current, "\\") ? "" : "\\");
  g_autofree char *on_drive = g_strdup_printf ("\\\\?\\%.2s\\a", current);
  g_autofree wchar_t *relative = wide_path ("a/b", NULL);
  g_autofree wchar_t *rooted = wide_path ("\\a", NULL);
  g_autofree char *narrow_relative = wide_narrow (relative, -1);
  g_autofree char *narrow_rooted = wide_narrow (rooted, -1);

  g_assert_cmpstr (narrow_relative, ==, expected);
  g_assert_cmpstr (narrow_rooted, ==, on_drive);
}

static void
test_text (void)
{
  const wchar_t half[] = { 0xd83d, 0 };
  g_autofree wchar_t *wide = wide_text ("a\xff\xc3\xbc");

  g_assert_cmpint (wide[0], ==, 'a');
  g_assert_cmpint (wide[1], ==, 0xfffd);
  g_assert_cmpint (wide[2], ==, 0xfc);
  g_assert_cmpint (wide[3], ==, 0);
  g_assert_null (wide_narrow (half, -1));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    g_autofree char *name = g_strdup_printf ("/wide/path/%u", i);
    g_test_add_data_func (name, &paths[i], test_path);
  }
  g_test_add_func ("/wide/relative", test_relative);
  g_test_add_func ("/wide/text", test_text);
  return g_test_run ();
}
