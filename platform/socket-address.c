/* Addresses of sockets. */
#include "platform/socket-address.h"

socklen_t
socket_address_to_native (GInetAddress *address, guint16 port, struct sockaddr_storage *native)
{
  g_autoptr (GSocketAddress) whole = g_inet_socket_address_new (address, port);
  gssize size = g_socket_address_get_native_size (whole);
  gboolean fits = g_socket_address_to_native (whole, native, sizeof *native, NULL);

  g_assert (fits);
  return size;
}

GInetAddress *
socket_address_from_native (const struct sockaddr *native)
{
  const struct sockaddr_in *four = (const struct sockaddr_in *)native;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)native;

  if (native->sa_family == AF_INET)
    return g_inet_address_new_from_bytes ((const guint8 *)&four->sin_addr, G_SOCKET_FAMILY_IPV4);
  if (native->sa_family != AF_INET6)
    return NULL;
  /* A dual-stack socket from the service manager shows IPv4 clients as ::ffff:192.0.2.7. */
  if (IN6_IS_ADDR_V4MAPPED (&six->sin6_addr))
    return g_inet_address_new_from_bytes (six->sin6_addr.s6_addr + 12, G_SOCKET_FAMILY_IPV4);
  return g_inet_address_new_from_bytes (six->sin6_addr.s6_addr, G_SOCKET_FAMILY_IPV6);
}

guint16
socket_local_port (SocketHandle handle)
{
  struct sockaddr_storage native;
  socklen_t size = sizeof native;

  if (getsockname (handle, (struct sockaddr *)&native, &size) != 0)
    return 0;
  if (native.ss_family == AF_INET)
    return g_ntohs (((struct sockaddr_in *)&native)->sin_port);
  if (native.ss_family == AF_INET6)
    return g_ntohs (((struct sockaddr_in6 *)&native)->sin6_port);
  return 0;
}
