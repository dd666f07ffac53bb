/* Lines end with CR LF, LF or CR; an empty one ends an event. */
#include "admin/event-stream.h"
#include <string.h>

#define EVENT_MOST (1024 * 1024)

struct _EventStream {
  EventStreamFunc func;
  gpointer user_data;
  GString *line, *name, *data;
  gboolean after_return; /* the last byte was CR: an LF belongs to it */
};

EventStream *
event_stream_new (EventStreamFunc func, gpointer user_data)
{
  EventStream *self = g_new0 (EventStream, 1);

  self->func = func;
  self->user_data = user_data;
  self->line = g_string_new (NULL);
  self->name = g_string_new (NULL);
  self->data = g_string_new (NULL);
  return self;
}

void
event_stream_free (EventStream *self)
{
  if (self == NULL)
    return;
  g_string_free (self->line, TRUE);
  g_string_free (self->name, TRUE);
  g_string_free (self->data, TRUE);
  g_free (self);
}

static void
end_event (EventStream *self)
{
  if (self->data->len > 0) {
    g_string_truncate (self->data, self->data->len - 1); /* the last line's '\n' */
    self->func (self->name->len > 0 ? self->name->str : "message", self->data->str,
                self->user_data);
  }
  g_string_truncate (self->name, 0);
  g_string_truncate (self->data, 0);
}

/* "field: value"; one space after the colon is not the value's. Unknown fields are ignored. */
static void
take_field (EventStream *self, char *line)
{
  char *colon = strchr (line, ':');
  const char *value = "";

  if (colon != NULL) {
    *colon = '\0';
    value = colon[1] == ' ' ? colon + 2 : colon + 1;
  }
  if (strcmp (line, "event") == 0)
    g_string_assign (self->name, value);
  else if (strcmp (line, "data") == 0) {
    g_string_append (self->data, value);
    g_string_append_c (self->data, '\n');
  }
}

static void
end_line (EventStream *self)
{
  if (self->line->len == 0)
    end_event (self);
  else if (*self->line->str != ':') /* a comment keeps the connection alive */
    take_field (self, self->line->str);
  g_string_truncate (self->line, 0);
}

gboolean
event_stream_feed (EventStream *self, const char *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++) {
    const gboolean second = self->after_return && bytes[i] == '\n';

    self->after_return = bytes[i] == '\r';
    if (second)
      continue;
    if (bytes[i] == '\n' || bytes[i] == '\r')
      end_line (self);
    else if (bytes[i] != '\0')
      g_string_append_c (self->line, bytes[i]);
    if (self->line->len + self->data->len > EVENT_MOST)
      return FALSE;
  }
  return TRUE;
}
