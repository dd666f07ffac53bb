/* Winsock: start, errors, extensions, options. */
#include "platform/windows/winsock.h"
#include <mstcpip.h>

static WinsockExtensions extensions;
static gboolean has_plain_providers;

static const struct {
  GUID name;
  gpointer *place;
} extension_names[] = {
  { WSAID_ACCEPTEX, (gpointer *)&extensions.accept },
  { WSAID_GETACCEPTEXSOCKADDRS, (gpointer *)&extensions.accept_addresses },
  { WSAID_CONNECTEX, (gpointer *)&extensions.connect },
};

void
winsock_set_error (GError **error, const char *what, int code)
{
  g_autofree char *text = g_win32_error_message (code);

  g_set_error (error, G_IO_ERROR, g_io_error_from_win32_error (code), "%s: %s", what, text);
}

gboolean
winsock_has_run_out (int code)
{
  static const int codes[] = {
    WSAENOBUFS,
    WSAEMFILE,
    WSA_NOT_ENOUGH_MEMORY,
    ERROR_OUTOFMEMORY,
    ERROR_NO_SYSTEM_RESOURCES,
    ERROR_NONPAGED_SYSTEM_RESOURCES,
    ERROR_PAGED_SYSTEM_RESOURCES,
    ERROR_WORKING_SET_QUOTA,
    ERROR_NOT_ENOUGH_QUOTA,
    ERROR_COMMITMENT_LIMIT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (codes[i] == code)
      return TRUE;
  return FALSE;
}

SOCKET
winsock_make_socket (int family)
{
  return WSASocketW (family, SOCK_STREAM, IPPROTO_TCP, NULL, 0,
                     WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
}

static gboolean
load_extensions (SOCKET handle)
{
  for (guint i = 0; i < G_N_ELEMENTS (extension_names); i++) {
    GUID name = extension_names[i].name;
    DWORD size;
    if (WSAIoctl (handle, SIO_GET_EXTENSION_FUNCTION_POINTER, &name, sizeof name,
                  extension_names[i].place, sizeof (gpointer), &size, NULL, NULL)
        != 0)
      return FALSE;
  }
  return TRUE;
}

/* A layered provider's socket is no handle of the kernel, and answers through the port in its own
 * way (FILE_SKIP_COMPLETION_PORT_ON_SUCCESS must not be used then). */
static gboolean
is_plain (SOCKET handle)
{
  WSAPROTOCOL_INFOW info;
  int size = sizeof info;

  return getsockopt (handle, SOL_SOCKET, SO_PROTOCOL_INFOW, (char *)&info, &size) == 0
      && (info.dwServiceFlags1 & XP1_IFS_HANDLES) != 0;
}

static int
look_around (void)
{
  SOCKET four = winsock_make_socket (AF_INET), six = winsock_make_socket (AF_INET6);
  int code = four == INVALID_SOCKET || !load_extensions (four) ? WSAGetLastError () : 0;

  if (code == 0)
    has_plain_providers = is_plain (four) && (six == INVALID_SOCKET || is_plain (six));
  if (four != INVALID_SOCKET)
    closesocket (four);
  if (six != INVALID_SOCKET)
    closesocket (six);
  return code;
}

static gpointer
start (gpointer data)
{
  WSADATA wsa;
  int code = WSAStartup (MAKEWORD (2, 2), &wsa);

  return GINT_TO_POINTER (code != 0 ? code : look_around ());
}

gboolean
winsock_start (GError **error)
{
  static GOnce once = G_ONCE_INIT;
  int code = GPOINTER_TO_INT (g_once (&once, start, NULL));

  if (code != 0)
    winsock_set_error (error, "Cannot start Winsock", code);
  return code == 0;
}

const WinsockExtensions *
winsock_extensions (void)
{
  return &extensions;
}

/* A peer that vanished without a word is found by keepalive after 120 + 10 × 12 seconds (Windows
 * always asks ten times). The figures keep NAT entries alive too. */
gboolean
winsock_tune (SOCKET handle)
{
  struct tcp_keepalive alive = { .onoff = 1, .keepalivetime = 120000, .keepaliveinterval = 12000 };
  u_long never_blocks = 1;
  BOOL no_delay = TRUE; /* output is gathered before it is written */
  DWORD size;

  WSAIoctl (handle, SIO_KEEPALIVE_VALS, &alive, sizeof alive, NULL, 0, &size, NULL, NULL);
  setsockopt (handle, IPPROTO_TCP, TCP_NODELAY, (const char *)&no_delay, sizeof no_delay);
  return ioctlsocket (handle, FIONBIO, &never_blocks) == 0;
}

gboolean
winsock_skip_port (SOCKET handle)
{
  return has_plain_providers
      && SetFileCompletionNotificationModes (
             (HANDLE)handle, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE);
}
