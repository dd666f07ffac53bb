/* Windows' codes become the errors that the other systems give. */
#include "platform/windows/failure.h"
#include <winsock2.h>
#include <windows.h>
#include <string.h>

static const struct {
  DWORD code;
  GIOErrorEnum kind;
} cases[] = {
  { ERROR_FILE_NOT_FOUND, G_IO_ERROR_NOT_FOUND },
  { ERROR_PATH_NOT_FOUND, G_IO_ERROR_NOT_FOUND },
  { ERROR_FILE_EXISTS, G_IO_ERROR_EXISTS },
  { ERROR_ALREADY_EXISTS, G_IO_ERROR_EXISTS },
  { ERROR_DISK_FULL, G_IO_ERROR_NO_SPACE },
  { ERROR_HANDLE_DISK_FULL, G_IO_ERROR_NO_SPACE },
  { 1295 /* a quota */, G_IO_ERROR_NO_SPACE },
  { ERROR_SHARING_VIOLATION, G_IO_ERROR_BUSY },
  { ERROR_ACCESS_DENIED, G_IO_ERROR_PERMISSION_DENIED },
  { ERROR_DIR_NOT_EMPTY, G_IO_ERROR_NOT_EMPTY },
  { ERROR_CRC, G_IO_ERROR_FAILED },
};

static void
test_kinds (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (failure_kind (cases[i].code), ==, cases[i].kind);
}

static void
test_sentence (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) unknown = NULL;

  g_assert_false (failure_set (&error, ERROR_DISK_FULL, "Cannot write to %s", "C:\\a"));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
  g_assert_true (g_str_has_prefix (error->message, "Cannot write to C:\\a: "));
  g_assert_false (g_str_has_suffix (error->message, "."));
  g_assert_false (failure_set (&unknown, 0x3fffffff, "Cannot do it"));
  g_assert_nonnull (strstr (unknown->message, "1073741823"));
}

static void
test_com (void)
{
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) denied = NULL;

  g_assert_false (failure_set_com (&missing, E_NOTIMPL, "No"));
  g_assert_error (missing, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
  g_assert_false (failure_set_com (&denied, HRESULT_FROM_WIN32 (ERROR_ACCESS_DENIED), "No"));
  g_assert_error (denied, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/failure/kinds", test_kinds);
  g_test_add_func ("/failure/sentence", test_sentence);
  g_test_add_func ("/failure/com", test_com);
  return g_test_run ();
}
