/* One line an event, with fields. Messages are English and stable, so that a person can search them
 * and a program can read them; the fields carry what happened to whom. Never a secret, never a
 * mail's content. */
#pragma once
#include <glib.h>

typedef enum {
  LOG_DEBUG,
  LOG_INFO,
  LOG_NOTICE,
  LOG_WARNING,
  LOG_ERROR,
} LogLevel;

/* Writes one event from any thread. After MESSAGE come pairs of field name and value
 * (const char *, NULL value = the field is left out), ended by NULL:
 *   log_event (LOG_INFO, "Mail accepted", "session", id, "user", user, "address", peer, NULL);
 * Field names: session user address mail mailbox error … Values are escaped by the sink. */
void log_event (LogLevel level, const char *message, ...) G_GNUC_NULL_TERMINATED;

/* Events below LEVEL are dropped. Any thread. */
void log_set_level (LogLevel level);
/* FALSE: an event of LEVEL would be dropped, its fields need not be made. Any thread. */
gboolean log_is_wanted (LogLevel level);
