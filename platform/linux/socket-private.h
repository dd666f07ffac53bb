/* What socket.c and socket-listen.c share. */
#pragma once
#include "platform/socket-address.h"

/* The options of every TCP socket; accepted sockets inherit them from the listening one. */
void socket_tune (int fd);
