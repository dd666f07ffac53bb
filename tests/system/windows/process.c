/* A test's own process on Windows. */
#include "tests/system/process.h"
#include <winsock2.h>
#include <windows.h>
#include <psapi.h>

typedef SOCKET (WSAAPI *MakeSocket) (int, int, int, WSAPROTOCOL_INFOW *, GROUP, DWORD);

static gint is_forbidden;

static SOCKET WSAAPI
make_socket (int family, int type, int protocol, WSAPROTOCOL_INFOW *info, GROUP group, DWORD flags)
{
  static gsize real;

  if (g_atomic_int_get (&is_forbidden)) {
    WSASetLastError (WSAEMFILE);
    return INVALID_SOCKET;
  }
  if (g_once_init_enter (&real))
    g_once_init_leave (&real,
                       (gsize)GetProcAddress (GetModuleHandleW (L"ws2_32.dll"), "WSASocketW"));
  return ((MakeSocket)real) (family, type, protocol, info, group, flags);
}

/* Windows has no limit on handles to lower, so the program's own calls come here instead of to
 * ws2_32.dll (the linker takes this definition first). */
const MakeSocket __imp_WSASocketW = make_socket;

gintptr
process_copy_socket (gintptr handle)
{
  return -1; /* a child is given what is named for it, and nothing else */
}

guint
process_handles (void)
{
  DWORD count = 0;

  g_assert_true (GetProcessHandleCount (GetCurrentProcess (), &count));
  return count;
}

void
process_lift_handle_limit (void)
{
}

void
process_forbid_handles (void)
{
  g_atomic_int_set (&is_forbidden, TRUE);
}

void
process_allow_handles (void)
{
  g_atomic_int_set (&is_forbidden, FALSE);
}

static gdouble
seconds (FILETIME time)
{
  return (((guint64)time.dwHighDateTime << 32) + time.dwLowDateTime) / 1e7;
}

gdouble
process_seconds (void)
{
  FILETIME created, exited, kernel, user;

  g_assert_true (GetProcessTimes (GetCurrentProcess (), &created, &exited, &kernel, &user));
  return seconds (kernel) + seconds (user);
}

gdouble
process_thread_seconds (void)
{
  FILETIME created, exited, kernel, user;

  g_assert_true (GetThreadTimes (GetCurrentThread (), &created, &exited, &kernel, &user));
  return seconds (kernel) + seconds (user);
}

gdouble
process_memory (void)
{
  PROCESS_MEMORY_COUNTERS counters = { .cb = sizeof counters };

  g_assert_true (GetProcessMemoryInfo (GetCurrentProcess (), &counters, sizeof counters));
  return counters.PagefileUsage / 1024.0;
}

/* TerminateProcess gives the exit status, and GLib asks it for 1; abort would be 3. */
gboolean
process_was_killed (GSubprocess *process)
{
  return g_subprocess_get_status (process) == 1;
}
