/* The mail of users whom the brake holds (accounts/brake.h): it waits in the queue, none of it is
 * lost, and goes on, goes back or goes away with one command. */
#pragma once
#include "queue/schedule.h"

/* Inside a write job: what ACCOUNT has in the queue is held from now on. ROWS are filled with it.
 */
gboolean queue_brake (StoreTransaction *transaction, gint64 account, GPtrArray *rows,
                      GError **error);
GPtrArray *queue_brake_rows_new (void);
/* After the commit: `hauspost trace` tells it. */
void queue_brake_trace (const GPtrArray *rows);
/* How many rows of ACCOUNT the brake holds. */
gboolean queue_count_braked (Database *database, gint64 account, gint64 *count, GError **error);

typedef enum {
  BRAKE_RELEASE, /* it is sent; what was counted is usual from now on */
  BRAKE_LOCK, /* nobody can log in */
  BRAKE_REMOVE, /* the mail; nobody is told */
  BRAKE_BOUNCE, /* the mail, to its sender's mailbox */
} BrakeAction;
/* Waits for the store. STORE_ERROR_NOT_FOUND: the brake does not hold ADDRESS. SCHEDULE may be
 * NULL: nothing is sent. */
gboolean queue_brake_act (Store *store, Schedule *schedule, const char *hostname,
                          const char *address, BrakeAction action, GError **error);
