/* Counters and gauges, read as Prometheus text at /metrics. To add one, add a line to the table in
 * metrics.c and a name here. Every function may be called from any thread and takes no lock. */
#pragma once
#include <glib.h>

typedef enum {
  METRIC_CONNECTIONS_OPEN,
  METRIC_CONNECTIONS_REFUSED,
  METRIC_BYTES_BUFFERED,
  METRIC_TLS_HANDSHAKES,
  METRIC_TLS_FAILURES,
  METRIC_SMTP_ACCEPTED,
  METRIC_SMTP_REFUSED,
  METRIC_SMTP_FORGED,
  METRIC_SMTP_BLOCKED,
  METRIC_SMTP_GREYLISTED,
  METRIC_SMTP_EARLY_TALKERS,
  METRIC_SMTP_BYTES,
  METRIC_QUEUE_SENT,
  METRIC_QUEUE_DEFERRED,
  METRIC_QUEUE_FAILED,
  METRIC_IMAP_SESSIONS,
  METRIC_IMAP_COMMANDS,
  METRIC_POP3_SESSIONS,
  METRIC_POP3_COMMANDS,
  METRIC_POP3_RETRIEVED,
  METRIC_POP3_DELETED,
  METRIC_LOGINS,
  METRIC_LOGIN_FAILURES,
  METRIC_BANS,
  METRIC_BANNED,
  METRIC_BANNED_REFUSED,
  METRIC_STORE_BATCHES,
  METRIC_STORE_JOBS,
  METRIC_STORE_FLUSHES,
  METRIC_STORE_BYTES_APPENDED,
  METRIC_STORE_ERRORS,
  METRIC_STORE_QUEUE_LENGTH,
  METRIC_SEARCH_BACKLOG,
  METRIC_DIGEST_DEATHS,
  METRIC_STORE_CHECKPOINTS,
  METRIC_DISK_RESERVE_REACHED,
  METRIC_COUNT,
} Metric;

void metric_add (Metric metric, gint64 amount);
void metric_set (Metric metric, gint64 value);
gint64 metric_get (Metric metric);

/* The whole table in the Prometheus text format 0.0.4; free with g_free. */
char *metrics_print (void);
