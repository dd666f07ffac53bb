/* Codes of Windows, told as other systems tell them. */
#include "platform/windows/failure.h"
#include <winsock2.h>
#include <windows.h>

#ifndef ERROR_DISK_QUOTA_EXCEEDED /* not in mingw-w64's headers */
#define ERROR_DISK_QUOTA_EXCEEDED 1295
#endif

/* To tell one more cause apart, add a line here. */
static const struct {
  DWORD code;
  GIOErrorEnum kind;
} kinds[] = {
  { ERROR_FILE_NOT_FOUND, G_IO_ERROR_NOT_FOUND },
  { ERROR_PATH_NOT_FOUND, G_IO_ERROR_NOT_FOUND },
  { ERROR_INVALID_DRIVE, G_IO_ERROR_NOT_FOUND },
  { ERROR_BAD_NETPATH, G_IO_ERROR_NOT_FOUND },
  { ERROR_BAD_NET_NAME, G_IO_ERROR_NOT_FOUND },
  { ERROR_SERVICE_DOES_NOT_EXIST, G_IO_ERROR_NOT_FOUND },
  { ERROR_FILE_EXISTS, G_IO_ERROR_EXISTS },
  { ERROR_ALREADY_EXISTS, G_IO_ERROR_EXISTS },
  { ERROR_ACCESS_DENIED, G_IO_ERROR_PERMISSION_DENIED },
  { ERROR_PRIVILEGE_NOT_HELD, G_IO_ERROR_PERMISSION_DENIED },
  { ERROR_WRITE_PROTECT, G_IO_ERROR_READ_ONLY },
  { ERROR_SHARING_VIOLATION, G_IO_ERROR_BUSY },
  { ERROR_LOCK_VIOLATION, G_IO_ERROR_BUSY },
  { ERROR_USER_MAPPED_FILE, G_IO_ERROR_BUSY },
  { ERROR_BUSY, G_IO_ERROR_BUSY },
  { ERROR_SERVICE_MARKED_FOR_DELETE, G_IO_ERROR_BUSY },
  { ERROR_DISK_FULL, G_IO_ERROR_NO_SPACE },
  { ERROR_HANDLE_DISK_FULL, G_IO_ERROR_NO_SPACE },
  { ERROR_DISK_QUOTA_EXCEEDED, G_IO_ERROR_NO_SPACE },
  { ERROR_DIR_NOT_EMPTY, G_IO_ERROR_NOT_EMPTY },
  { ERROR_DIRECTORY, G_IO_ERROR_NOT_DIRECTORY },
  { ERROR_FILENAME_EXCED_RANGE, G_IO_ERROR_FILENAME_TOO_LONG },
  { ERROR_INVALID_NAME, G_IO_ERROR_INVALID_FILENAME },
  { ERROR_BAD_PATHNAME, G_IO_ERROR_INVALID_FILENAME },
  { ERROR_TOO_MANY_OPEN_FILES, G_IO_ERROR_TOO_MANY_OPEN_FILES },
  { ERROR_INVALID_PARAMETER, G_IO_ERROR_INVALID_ARGUMENT },
  { ERROR_INVALID_FUNCTION, G_IO_ERROR_NOT_SUPPORTED },
  { ERROR_NOT_SUPPORTED, G_IO_ERROR_NOT_SUPPORTED },
  { ERROR_OPERATION_ABORTED, G_IO_ERROR_CANCELLED },
  { ERROR_SEM_TIMEOUT, G_IO_ERROR_TIMED_OUT },
  { ERROR_SERVICE_REQUEST_TIMEOUT, G_IO_ERROR_TIMED_OUT },
};

GIOErrorEnum
failure_kind (guint32 code)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].code == code)
      return kinds[i].kind;
  return G_IO_ERROR_FAILED;
}

gboolean
failure_set (GError **error, guint32 code, const char *format, ...)
{
  g_autofree char *why = g_win32_error_message ((int)code);
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *what = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  if (why != NULL && g_str_has_suffix (why, "."))
    why[strlen (why) - 1] = '\0';
  if (why != NULL && *why != '\0')
    g_set_error (error, G_IO_ERROR, (int)failure_kind (code), "%s: %s", what, why);
  else
    g_set_error (error, G_IO_ERROR, (int)failure_kind (code), "%s: error %u", what, code);
  return FALSE;
}

gboolean
failure_set_com (GError **error, gint32 result, const char *what)
{
  guint32 bits = (guint32)result;

  if (HRESULT_FACILITY (result) == FACILITY_WIN32)
    return failure_set (error, bits & 0xffff, "%s", what);
  if (result == E_NOTIMPL || result == (gint32)REGDB_E_CLASSNOTREG)
    return failure_set (error, ERROR_NOT_SUPPORTED, "%s", what);
  return failure_set (error, bits, "%s", what);
}
