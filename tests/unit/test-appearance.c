/* What a person has chosen in Windows is what the panel is told; elsewhere it is told nothing. */
#include "platform/appearance.h"
#include <glib.h>
#ifdef G_OS_WIN32
#include <winsock2.h>
#include <windows.h>

static void
choose (DWORD light)
{
  g_assert_cmpint (
      RegSetKeyValueW (HKEY_CURRENT_USER,
                       L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize",
                       L"AppsUseLightTheme", REG_DWORD, &light, sizeof light),
      ==, ERROR_SUCCESS);
}

/* In the tests' own Wine, whose person has chosen nothing. */
static void
test_dark (void)
{
  choose (0);
  g_assert_true (appearance_is_dark ());
  choose (1);
  g_assert_false (appearance_is_dark ());
}

static void
test_high_contrast (void)
{
  HIGHCONTRASTW contrast = { .cbSize = sizeof contrast };

  g_assert_true (SystemParametersInfoW (SPI_GETHIGHCONTRAST, sizeof contrast, &contrast, 0));
  g_assert_cmpint (appearance_is_high_contrast (), ==,
                   (contrast.dwFlags & HCF_HIGHCONTRASTON) != 0);
}
#else
static void
test_dark (void)
{
  g_assert_false (appearance_is_dark ());
}

static void
test_high_contrast (void)
{
  g_assert_false (appearance_is_high_contrast ());
}
#endif

/* Render nodes have the minor numbers from 128 to 191. */
static void
test_graphics (void)
{
#ifdef G_OS_WIN32
  g_assert_true (appearance_has_graphics ());
#else
  gboolean found = FALSE;

  for (guint i = 128; i < 192; i++) {
    g_autofree char *path = g_strdup_printf ("/dev/dri/renderD%u", i);
    found = found || g_file_test (path, G_FILE_TEST_EXISTS);
  }
  g_assert_cmpint (appearance_has_graphics (), ==, found);
#endif
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/appearance/dark", test_dark);
  g_test_add_func ("/appearance/high-contrast", test_high_contrast);
  g_test_add_func ("/appearance/graphics", test_graphics);
  return g_test_run ();
}
