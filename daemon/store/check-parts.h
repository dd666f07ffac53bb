/* What the files of the check share. */
#pragma once
#include "store/check.h"
#include "store/mailbox.h"
#include "store/parts.h"

typedef struct {
  Store *store;
  gboolean repair;
  CheckProgress progress;
  gpointer data;
  CheckReport *report;
  GArray *lost; /* gint64: messages whose bytes cannot be read any more */
} Check;

CheckReport *check_report_new (void);
/* A problem, in words for a person. */
void check_report_add (CheckReport *report, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Worth a line, but nothing is wrong. */
void check_report_note (CheckReport *report, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Each looks at one kind of thing in batches; FALSE with ERROR only when looking is impossible. */
gboolean check_database (Check *check, GError **error);
gboolean check_messages (Check *check, GError **error);
gboolean check_segments (Check *check, GError **error);
gboolean check_mailboxes (Check *check, GError **error);
gboolean check_accounts (Check *check, GError **error);
gboolean check_search (Check *check, GError **error);
gboolean check_lost (Check *check, GError **error);
/* Complete messages in the tails that were kept aside and that the database does not know. With
 * REPAIR they go where their records say. */
gboolean check_tails (Check *check, GError **error);
