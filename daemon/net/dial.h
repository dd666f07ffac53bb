/* Connecting out: an address becomes a Channel of this thread. */
#pragma once
#include "net/channel.h"

typedef struct _Dial Dial;

/* Comes exactly once, never within dial_start; afterwards the Dial is gone. CHANNEL wants
 * channel_set_events now, and belongs to its thread as any other; NULL with ERROR: no connection.
 */
typedef void (*DialedFunc) (Channel *channel, const GError *error, gpointer data);

/* In THREAD. FROM (or NULL) is the local address to send from. SECONDS: then it has failed. */
Dial *dial_start (IoThread *thread, GInetAddress *address, guint16 port, GInetAddress *from,
                  guint seconds, DialedFunc dialed, gpointer data);
/* Gives up; DIALED does not come. */
void dial_cancel (Dial *dial);
