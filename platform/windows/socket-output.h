/* The bytes of one socket_write, kept until the system is through with them. */
#pragma once
#include "platform/socket.h"
#include <winsock2.h>

typedef struct _SocketOutput SocketOutput;

/* Keeps references to BYTES[0 … COUNT-1]. */
SocketOutput *socket_output_new (GBytes *const *bytes, guint count);
void socket_output_free (SocketOutput *output);
/* The next piece of work for WSASend; 0: all is sent. VECTORS has room for SOCKET_PIECES. */
DWORD socket_output_fill (SocketOutput *output, WSABUF *vectors);
/* COUNT bytes were sent: lets go of the pieces that are through. */
void socket_output_advance (SocketOutput *output, gsize count);
