/* What socket.c and socket-listen.c share. */
#pragma once
#include "platform/socket.h"
#include <sys/socket.h>

/* Fills NATIVE and returns its size. */
socklen_t socket_native_address (GInetAddress *address, guint16 port,
                                 struct sockaddr_storage *native);
/* The options of every TCP socket; accepted sockets inherit them from the listening one. */
void socket_tune (int fd);
