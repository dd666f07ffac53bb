/* One client that listens to server-sent events: its connection, and a bounded queue of what is on
 * its way. Main thread. */
#pragma once
#include "admin/caller.h"
#include "log.h"
#include <gio/gio.h>
#include <jansson.h>

typedef enum {
  TOPIC_CHANGE = 1 << 0,
  TOPIC_METRICS = 1 << 1,
  TOPIC_LOG = 1 << 2,
  TOPIC_JOB = 1 << 3,
} Topic;
#define TOPICS_ALL (TOPIC_CHANGE | TOPIC_METRICS | TOPIC_LOG | TOPIC_JOB)

typedef struct {
  Caller *caller;
  guint topics; /* of Topic */
  LogLevel level; /* of TOPIC_LOG: at least */
  char *text; /* of TOPIC_LOG: in the line; or NULL */
} Listening;
void listening_free (Listening *listening);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Listening, listening_free)

typedef struct _EventListener EventListener;

/* Takes STREAM and LISTENING over and sends the head of the answer. ENDED is told once, when the
 * client has gone or the last byte of an orderly end is written: it frees the listener. */
EventListener *event_listener_new (GIOStream *stream, Listening *listening,
                                   void (*ended) (EventListener *listener, gpointer data),
                                   gpointer data);
void event_listener_free (EventListener *listener);
const Listening *event_listener_listening (EventListener *listener);
/* A client that does not take what is sent misses events, and hears "overflow" when it does again.
 */
void event_listener_send (EventListener *listener, const char *event, const json_t *data);
/* A comment, so that nobody takes the connection for dead. */
void event_listener_keep_alive (EventListener *listener);
/* It has taken nothing for a minute. */
gboolean event_listener_is_stuck (EventListener *listener);
/* Says "end" and closes once that is written. */
void event_listener_end (EventListener *listener, const char *sentence);
