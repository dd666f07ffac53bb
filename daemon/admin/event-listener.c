/* Writes events to one client, one write at a time; what comes meanwhile waits in a bounded text.
 */
#include "admin/event-listener.h"
#include <string.h>

#define WAITING_MOST (256 * 1024)
#define STUCK_SECONDS 60

struct _EventListener {
  GIOStream *stream;
  Listening *listening;
  void (*ended) (EventListener *listener, gpointer data);
  gpointer data;
  GCancellable *cancellable;
  GString *waiting; /* to be written */
  GBytes *writing; /* NULL: nothing is under way */
  gint64 writing_since; /* monotonic */
  guint64 number; /* of the last event */
  gboolean missed, ending;
  guint8 input[64];
  guint pending; /* callbacks that will come */
  gboolean freed;
};

void
listening_free (Listening *self)
{
  if (self == NULL)
    return;
  caller_free (self->caller);
  g_free (self->text);
  g_free (self);
}

static void write_more (EventListener *self);

static void
dispose (EventListener *self)
{
  listening_free (self->listening);
  g_clear_pointer (&self->writing, g_bytes_unref);
  g_string_free (self->waiting, TRUE);
  g_object_unref (self->cancellable);
  g_object_unref (self->stream);
  g_free (self);
}

/* TRUE: SELF is gone. */
static gboolean
callback_came (EventListener *self)
{
  self->pending--;
  if (!self->freed)
    return FALSE;
  if (self->pending == 0)
    dispose (self);
  return TRUE;
}

static void
tell_end (EventListener *self)
{
  self->ended (self, self->data);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  EventListener *self = data;
  const gboolean done
      = g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL);

  if (callback_came (self))
    return;
  g_clear_pointer (&self->writing, g_bytes_unref);
  if (!done || (self->ending && self->waiting->len == 0))
    tell_end (self);
  else
    write_more (self);
}

static void
put_event (EventListener *self, const char *event, const json_t *data)
{
  char *text = data ? json_dumps (data, JSON_COMPACT) : NULL;

  g_string_append_printf (self->waiting, "event: %s\nid: %" G_GUINT64_FORMAT "\ndata: %s\n\n",
                          event, ++self->number, text ? text : "{}");
  free (text);
}

static void
write_more (EventListener *self)
{
  if (self->writing != NULL || self->freed)
    return;
  if (self->missed && !self->ending) {
    self->missed = FALSE;
    put_event (self, "overflow", NULL);
  }
  if (self->waiting->len == 0)
    return;
  self->writing = g_string_free_to_bytes (self->waiting);
  self->waiting = g_string_new (NULL);
  self->writing_since = g_get_monotonic_time ();
  self->pending++;
  g_output_stream_write_all_async (
      g_io_stream_get_output_stream (self->stream), g_bytes_get_data (self->writing, NULL),
      g_bytes_get_size (self->writing), G_PRIORITY_DEFAULT, self->cancellable, did_write, self);
}

static void read_more (EventListener *self);

/* Nothing is expected from the client but its end. */
static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  EventListener *self = data;
  const gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  if (callback_came (self))
    return;
  if (length > 0)
    read_more (self);
  else
    tell_end (self);
}

static void
read_more (EventListener *self)
{
  self->pending++;
  g_input_stream_read_async (g_io_stream_get_input_stream (self->stream), self->input,
                             sizeof self->input, G_PRIORITY_DEFAULT, self->cancellable, did_read,
                             self);
}

EventListener *
event_listener_new (GIOStream *stream, Listening *listening,
                    void (*ended) (EventListener *listener, gpointer data), gpointer data)
{
  static const char head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                             "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
                             "Connection: close\r\n\r\n";
  EventListener *self = g_new0 (EventListener, 1);

  self->stream = stream;
  self->listening = listening;
  self->ended = ended;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->waiting = g_string_new (head);
  write_more (self);
  read_more (self);
  return self;
}

void
event_listener_free (EventListener *self)
{
  if (self == NULL)
    return;
  self->freed = TRUE;
  g_cancellable_cancel (self->cancellable);
  if (self->pending == 0)
    dispose (self);
}

const Listening *
event_listener_listening (EventListener *self)
{
  return self->listening;
}

void
event_listener_send (EventListener *self, const char *event, const json_t *data)
{
  if (self->ending)
    return;
  if (self->waiting->len >= WAITING_MOST) {
    self->missed = TRUE;
    return;
  }
  put_event (self, event, data);
  write_more (self);
}

void
event_listener_keep_alive (EventListener *self)
{
  if (self->writing == NULL && !self->ending) {
    g_string_append (self->waiting, ":\n\n");
    write_more (self);
  }
}

gboolean
event_listener_is_stuck (EventListener *self)
{
  return self->writing != NULL
      && g_get_monotonic_time () - self->writing_since > STUCK_SECONDS * G_USEC_PER_SEC;
}

void
event_listener_end (EventListener *self, const char *sentence)
{
  json_t *data = json_pack ("{s:s}", "error", sentence);

  if (!self->ending) {
    put_event (self, "end", data);
    self->ending = TRUE;
    write_more (self);
  }
  json_decref (data);
}
