/* What the files of net/ see of an I/O thread. */
#pragma once
#include "net/io-thread.h"
#include "net/timers.h"
#include "platform/reactor.h"

/* One buffer for plain bytes, one for TLS records; every channel of the thread reads into the same
 * two, and keeps a copy only of what its protocol has not consumed. */
enum { SCRATCH_SIZE = 32 * 1024 };

struct _IoThread {
  char *name;
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  Reactor *reactor;
  Timers *timers;
  GQueue channels; /* of Channel.link */
  guint8 *plain_scratch, *cipher_scratch; /* SCRATCH_SIZE each */
  GMutex lock;
  GArray *calls; /* of Call, under the lock */
  GSource *call_source;
};
