/* The queue as an administrator sees it, and what can be done with a mail in it. */
#pragma once
#include "queue/queue-mail.h"
#include "queue/schedule.h"

typedef struct {
  gint64 id;
  const char *sender, *recipient, *domain;
  QueueTls tls;
  gint64 size, created, due, expires; /* bytes; seconds, UTC */
  guint attempts;
  gint64 held; /* QueueHold */
  const char *reply; /* of the last attempt, or NULL */
  gint64 released; /* it waits until then, as its sender wishes; 0: it does not */
  gint64 account; /* who handed it in; 0: nobody here */
} QueueItem;

/* Inside a read job: FUNC for each row (of ID alone when it is not 0), in the order in which they
 * came, LIMIT at most. */
typedef void (*QueueItemFunc) (const QueueItem *item, gpointer data);
gboolean queue_list (Database *database, gint64 id, guint limit, QueueItemFunc func, gpointer data,
                     GError **error);

typedef enum {
  QUEUE_RETRY, /* now */
  QUEUE_HOLD, /* until it is released */
  QUEUE_RELEASE,
  QUEUE_REMOVE, /* nobody is told */
} QueueAction;

/* Returns a mail to its sender now, as one that was given up: the row's end and the notification
 * are one commit. Waits for the store; errors as below. */
gboolean queue_bounce (Store *store, Schedule *schedule, const char *hostname, gint64 id,
                       GError **error);
/* Waits for the store. ID 0: all. STORE_ERROR_NOT_FOUND when there is no such row;
 * G_IO_ERROR_BUSY when it is to be held or removed and is being sent (of all, those that are being
 * sent are left alone). */
gboolean queue_act (Store *store, Schedule *schedule, gint64 id, QueueAction action,
                    GError **error);
