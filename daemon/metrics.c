/* The table of counters and gauges and its Prometheus text. */
#include "metrics.h"

typedef enum { COUNTER, GAUGE } MetricType;

/* To add a metric, add a line here and a name in metrics.h. */
static const struct {
  const char *name;
  MetricType type;
  const char *help;
} table[METRIC_COUNT] = {
  [METRIC_CONNECTIONS_OPEN] = { "hauspost_connections_open", GAUGE, "Connections that are open." },
  [METRIC_CONNECTIONS_REFUSED]
  = { "hauspost_connections_refused_total", COUNTER, "Connections refused by a limit." },
  [METRIC_BYTES_BUFFERED]
  = { "hauspost_bytes_buffered", GAUGE, "Bytes held for all sessions together." },
  [METRIC_TLS_HANDSHAKES]
  = { "hauspost_tls_handshakes_total", COUNTER, "TLS handshakes that succeeded." },
  [METRIC_TLS_FAILURES] = { "hauspost_tls_failures_total", COUNTER, "TLS handshakes that failed." },
  [METRIC_SMTP_ACCEPTED] = { "hauspost_smtp_accepted_total", COUNTER, "Mails accepted." },
  [METRIC_SMTP_REFUSED]
  = { "hauspost_smtp_refused_total", COUNTER, "Mails or recipients refused." },
  [METRIC_SMTP_FORGED]
  = { "hauspost_smtp_forged_total", COUNTER, "Mails refused as their author's domain wants." },
  [METRIC_SMTP_BLOCKED] = { "hauspost_smtp_blocked_total", COUNTER,
                            "Recipients refused as a block list names the client." },
  [METRIC_SMTP_GREYLISTED] = { "hauspost_smtp_greylisted_total", COUNTER,
                               "Recipients put off until the client comes again." },
  [METRIC_SMTP_EARLY_TALKERS] = { "hauspost_smtp_early_talkers_total", COUNTER,
                                  "Clients sent away as they talked before the greeting." },
  [METRIC_SMTP_BYTES] = { "hauspost_smtp_bytes_total", COUNTER, "Bytes of accepted mails." },
  [METRIC_SUBMISSION_LIMITED] = { "hauspost_submission_limited_total", COUNTER,
                                  "Recipients refused as a user or a domain sends too much." },
  [METRIC_BRAKES]
  = { "hauspost_brakes_total", COUNTER, "Users whose mail was held as they seem to be hacked." },
  [METRIC_BRAKED] = { "hauspost_braked_users", GAUGE, "Users whose mail is held now." },
  [METRIC_QUEUE_SENT]
  = { "hauspost_queue_sent_total", COUNTER, "Recipients of other domains whose servers took a mail." },
  [METRIC_QUEUE_DEFERRED]
  = { "hauspost_queue_deferred_total", COUNTER, "Attempts that will be made again later." },
  [METRIC_QUEUE_FAILED]
  = { "hauspost_queue_failed_total", COUNTER, "Recipients that were given up at an attempt." },
  [METRIC_IMAP_SESSIONS] = { "hauspost_imap_sessions", GAUGE, "IMAP sessions that are open." },
  [METRIC_IMAP_COMMANDS] = { "hauspost_imap_commands_total", COUNTER, "IMAP commands run." },
  [METRIC_POP3_SESSIONS] = { "hauspost_pop3_sessions", GAUGE, "POP3 sessions that are open." },
  [METRIC_POP3_COMMANDS] = { "hauspost_pop3_commands_total", COUNTER, "POP3 commands run." },
  [METRIC_POP3_RETRIEVED]
  = { "hauspost_pop3_retrieved_total", COUNTER, "Mails asked for over POP3." },
  [METRIC_POP3_DELETED] = { "hauspost_pop3_deleted_total", COUNTER, "Mails deleted over POP3." },
  [METRIC_LOGINS] = { "hauspost_logins_total", COUNTER, "Logins that succeeded." },
  [METRIC_LOGIN_FAILURES] = { "hauspost_login_failures_total", COUNTER, "Logins that failed." },
  [METRIC_BANS] = { "hauspost_bans_total", COUNTER, "Addresses banned for guessing passwords." },
  [METRIC_BANNED] = { "hauspost_banned_addresses", GAUGE, "Addresses that are banned." },
  [METRIC_BANNED_REFUSED] = { "hauspost_banned_refused_total", COUNTER,
                              "Connections and logins refused because their address is banned." },
  [METRIC_STORE_BATCHES]
  = { "hauspost_store_batches_total", COUNTER, "Batches the writer committed." },
  [METRIC_STORE_JOBS] = { "hauspost_store_jobs_total", COUNTER, "Write jobs that were run." },
  [METRIC_STORE_FLUSHES]
  = { "hauspost_store_flushes_total", COUNTER, "Syncs of a file to the disk." },
  [METRIC_STORE_BYTES_APPENDED]
  = { "hauspost_store_appended_bytes_total", COUNTER, "Bytes appended to segments." },
  [METRIC_STORE_ERRORS]
  = { "hauspost_store_errors_total", COUNTER, "Write jobs or syncs that failed." },
  [METRIC_STORE_QUEUE_LENGTH]
  = { "hauspost_store_waiting_jobs", GAUGE, "Write jobs that wait for the writer." },
  [METRIC_SEARCH_BACKLOG]
  = { "hauspost_search_backlog", GAUGE, "Messages that the search indexes do not know yet." },
  [METRIC_DIGEST_DEATHS]
  = { "hauspost_digest_deaths_total", COUNTER, "Messages that were too much for their reader." },
  [METRIC_STORE_CHECKPOINTS]
  = { "hauspost_store_checkpoints_total", COUNTER, "Checkpoints of the database." },
  [METRIC_TRACE_LOST]
  = { "hauspost_trace_lost_total", COUNTER, "Lines that the trace of mails does not have." },
  [METRIC_DISK_RESERVE_REACHED]
  = { "hauspost_disk_reserve_reached", GAUGE, "1 while new mail is refused to keep space free." },
};

static gint64 values[METRIC_COUNT]; /* atomic */

void
metric_add (Metric metric, gint64 amount)
{
  __atomic_fetch_add (&values[metric], amount, __ATOMIC_RELAXED);
}

void
metric_set (Metric metric, gint64 value)
{
  __atomic_store_n (&values[metric], value, __ATOMIC_RELAXED);
}

gint64
metric_get (Metric metric)
{
  return __atomic_load_n (&values[metric], __ATOMIC_RELAXED);
}

char *
metrics_print (void)
{
  GString *text = g_string_sized_new (4096);

  for (guint i = 0; i < METRIC_COUNT; i++)
    g_string_append_printf (text, "# HELP %s %s\n# TYPE %s %s\n%s %" G_GINT64_FORMAT "\n",
                            table[i].name, table[i].help, table[i].name,
                            table[i].type == COUNTER ? "counter" : "gauge", table[i].name,
                            metric_get (i));
  return g_string_free (text, FALSE);
}
