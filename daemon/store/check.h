/* Verifies every digest and every reference; repairs what can be; rebuilds store.db from the
 * segments. */
#pragma once
#include "store/store.h"

typedef struct {
  guint64 messages, bytes, segments, entries;
  guint64 problems, repaired;
  guint64 recovered; /* messages that were brought back from tails */
  GPtrArray *lines; /* char *: one line a problem, for a person */
} CheckReport;
void check_report_free (CheckReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CheckReport, check_report_free)

/* FALSE: it is to end now, with G_IO_ERROR_CANCELLED. */
typedef gboolean (*CheckProgress) (guint64 done, guint64 total, gpointer data);
/* On an open store, beside its work (a worker or main-less thread; waits). */
CheckReport *store_check (Store *store, gboolean repair, CheckProgress progress, gpointer data,
                          GError **error);
/* On a folder whose store.db is gone or broken (kept aside as store.db.broken-N): reads every
 * record of every segment and makes accounts (without passwords), mailboxes and entries anew, with
 * new UIDVALIDITY. */
CheckReport *store_rebuild (const char *folder, CheckProgress progress, gpointer data,
                            GError **error);
