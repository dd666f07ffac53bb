/* From what became of a mail to the store: the sender's notifications and the rows' end are one
 * commit. A report about forwarded mail goes out by SCHEDULE. */
#pragma once
#include "queue/queue-mail.h"
#include "queue/schedule.h"
#include "store/store.h"

/* Takes MAIL over, all of whose recipients are settled. The callback comes in the caller's
 * GMainContext. */
void settlement_write_async (Store *store, const char *hostname, Schedule *schedule,
                             QueueMail *mail, GAsyncReadyCallback callback, gpointer data);
gboolean settlement_write_finish (GAsyncResult *result, GError **error);

/* MAIL (taken over) goes back to its sender as an administrator wants it, with STATUS (RFC 3463).
 * Waits: for a worker. */
gboolean settlement_return_sync (Store *store, const char *hostname, Schedule *schedule,
                                 QueueMail *mail, const char *status, GError **error);
