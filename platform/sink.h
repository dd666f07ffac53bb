/* Where log events go: the system's log when the service manager started us (journald, the Event
 * Log), else standard error, one logfmt line an event. */
#pragma once
#include <glib.h>

typedef enum { SINK_DEBUG, SINK_INFO, SINK_NOTICE, SINK_WARNING, SINK_ERROR } SinkLevel;

typedef struct {
  const char *name; /* lower-case ASCII letters and '_' */
  const char *value; /* any bytes; escaped where they are written */
} SinkField;

/* Writes one event at once. Any thread. */
void sink_write (SinkLevel level, const char *message, const SinkField *fields, guint count);

/* "debug", "info", … */
const char *sink_level_name (SinkLevel level);
/* The whole event as one line with its end, as it goes to standard error. */
GString *sink_line (SinkLevel level, const char *message, const SinkField *fields, guint count);
/* Appends ` name=value` for each field. A value that is not plain is quoted; control characters,
 * quotes and bytes that are not UTF-8 are escaped, so that one event stays one line. */
void sink_append_fields (GString *line, const SinkField *fields, guint count);
/* Appends VALUE as above, quoted if need be. */
void sink_append_value (GString *line, const char *value);
