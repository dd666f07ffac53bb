/* Takes server-sent events (WHATWG HTML, "Server-sent events") out of the bytes of an answer. */
#pragma once
#include <glib.h>

typedef struct _EventStream EventStream;

/* NAME: of the event ("message" when it has none); DATA: its text, lines joined by '\n'. Both end
 * with the call. */
typedef void (*EventStreamFunc) (const char *name, const char *data, gpointer user_data);

EventStream *event_stream_new (EventStreamFunc func, gpointer user_data);
void event_stream_free (EventStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EventStream, event_stream_free)
/* FALSE: a line or an event is longer than any that we would believe (1 MiB). */
gboolean event_stream_feed (EventStream *stream, const char *bytes, gsize length);
