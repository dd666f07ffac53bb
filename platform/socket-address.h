/* Addresses of sockets, between GLib's and the system's form. */
#pragma once
#include "platform/socket.h"
#include <gio/gnetworking.h>

/* Fills NATIVE and returns its size. */
socklen_t socket_address_to_native (GInetAddress *address, guint16 port,
                                    struct sockaddr_storage *native);
/* An IPv4 address inside IPv6 comes as IPv4. NULL for what is no internet address. */
GInetAddress *socket_address_from_native (const struct sockaddr *native);
