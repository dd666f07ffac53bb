/* The service manager's entry: made, brought up to date, taken away; the data stays. Changes the
 * machine, so it runs under Wine only. */
#include "platform/file.h"
#include "platform/service.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"
#include <string.h>

#define EVENTS L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Hauspost\\Hauspost"

static gboolean
is_wine (void)
{
  return GetProcAddress (GetModuleHandleW (L"ntdll.dll"), "wine_get_version") != NULL;
}

/* What the service manager knows; NULL: no such service. Free with g_free. */
static QUERY_SERVICE_CONFIGW *
read_entry (void)
{
  SC_HANDLE manager = OpenSCManagerW (NULL, NULL, SC_MANAGER_CONNECT);
  SC_HANDLE service = OpenServiceW (manager, SERVICE_NAME, SERVICE_QUERY_CONFIG);
  QUERY_SERVICE_CONFIGW *entry = NULL;
  DWORD length = 8192;

  if (service == NULL)
    g_test_message ("OpenService: error %lu", GetLastError ());
  else {
    entry = g_malloc0 (length);
    g_assert_true (QueryServiceConfigW (service, entry, length, &length));
    CloseServiceHandle (service);
  }
  CloseServiceHandle (manager);
  return entry;
}

static void
check_entry (const char *arguments)
{
  g_autofree QUERY_SERVICE_CONFIGW *entry = read_entry ();

  g_assert_nonnull (entry);
  g_autofree char *command = wide_narrow (entry->lpBinaryPathName, -1);
  g_autofree char *account = wide_narrow (entry->lpServiceStartName, -1);
  g_assert_cmpint (command[0], ==, '"');
  g_assert_true (g_str_has_suffix (command, arguments));
  g_assert_cmpstr (account, ==, "NT SERVICE\\hauspost");
  g_assert_cmpuint (entry->dwStartType, ==, SERVICE_AUTO_START);
  g_assert_cmpuint (entry->dwServiceType, ==, SERVICE_WIN32_OWN_PROCESS);
}

static void
check_log (gboolean there)
{
  wchar_t file[MAX_PATH] = L"";
  DWORD length = sizeof file;
  LSTATUS code = RegGetValueW (HKEY_LOCAL_MACHINE, EVENTS, L"EventMessageFile", RRF_RT_REG_SZ, NULL,
                               file, &length);

  g_assert_cmpint (code, ==, there ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND);
  if (there)
    g_assert_true (GetFileAttributesW (file) != INVALID_FILE_ATTRIBUTES);
}

static void
test_life (void)
{
  g_autofree char *folder = g_dir_make_tmp ("service-XXXXXX", NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autoptr (GError) error = NULL;

  if (!is_wine ()) {
    g_test_skip ("it would change this machine");
    return;
  }
  for (guint i = 0; i < 2; i++) { /* with a configuration, then brought up to date without */
    const char *configuration = i == 0 ? "C:\\my mail\\hauspost.conf" : NULL;
    g_assert_true (service_install (configuration, data, &error));
    g_assert_no_error (error);
    check_entry (i == 0 ? "\" --service --config \"C:\\my mail\\hauspost.conf\"" : "\" --service");
    check_log (TRUE);
  }
  g_assert_true (file_is_folder (data));
  for (guint i = 0; i < 2; i++) { /* nothing to remove is no error */
    g_assert_true (service_remove (&error));
    g_assert_no_error (error);
    g_assert_null (read_entry ());
    check_log (FALSE);
  }
  g_assert_true (file_remove_folder (data, NULL));
  g_assert_true (file_remove_folder (folder, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/service-install/life", test_life);
  return g_test_run ();
}
