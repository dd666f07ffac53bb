/* What the schedule and its destinations share. Everything happens in the queue's thread. */
#pragma once
#include "net/io-thread.h"
#include "queue/route.h"
#include "queue/schedule.h"

struct _Schedule {
  Store *store;
  Dns *dns;
  const char *hostname;
  IoThread *thread;
  GSource *timer;
  GHashTable *destinations; /* name to Destination */
  GSequence *waiting; /* Destination, the next one first */
  GSequence *failing; /* those that wait and failed the last time */
  guint active; /* destinations */
  /* Places for those that are active, but not for who is slow. */
  guint taken; /* destinations */
  guint connections; /* open, or being opened */
  guint taken_by_failing; /* destinations */
  GQueue trying; /* Destination: nobody has answered yet, in the order of `since` */
  GQueue slow; /* Destination: it takes long already, the longest first */
  GCancellable *cancellable; /* questions to the DNS end with it */
  gboolean stopping; /* no new mail is begun */
  guint pauses; /* the same, for now (pause.c) */
  guint changes; /* how many there were: what was read before one may be wrong */
  GMutex lock;
  GCond rests;
  gboolean at_rest; /* under the lock: stopping, and nothing is active */
};

typedef struct _Destination Destination;
typedef struct _Connection Connection;

struct _Destination {
  Schedule *schedule;
  char *name; /* queue_destination's */
  char *domain;
  QueueTls tls;
  gint64 due; /* seconds, UTC */
  GSequenceIter *place; /* in schedule->waiting or failing; NULL: active */

  /* While it is active. */
  gint64 since; /* microseconds, monotonic */
  GList link; /* in schedule->trying or slow; data NULL: in neither */
  gboolean is_slow, is_failing; /* in schedule->slow; in taken_by_failing */
  Route *route;
  GPtrArray *connections; /* Connection */
  GArray *busy; /* gint64: messages that are being sent or settled, or are in `ready` */
  GQueue ready; /* QueueMail: read ahead */
  gint64 ready_since; /* microseconds, monotonic */
  gboolean has_more; /* behind them */
  gboolean is_reading; /* ahead */
  GQueue waiters; /* connections that want a mail (destination.c) */
  guint work; /* answers that are still to come */
  gdouble limit; /* of connections; learnt */
  guint first_stop; /* of the route: those before it have failed */
  guint sent; /* mails since it became active */
  gboolean news; /* mail has been announced meanwhile */
  gint64 later; /* the same for mail that is due at this time; 0: none */
  guint fail_code; /* not 0: mail is settled with it, not sent */
  char fail_status[12];
  char *fail_reason;
  gboolean is_drained; /* all that was due has heard of the failure */
  gboolean is_retried; /* by hand, while it was asked: it is asked anew */
  gboolean was_paused; /* something was not sent because of an administrator's change */
  gboolean only_returns; /* it is too early for another attempt, but a mail's life is over */
  gboolean promise_failed, other_failed; /* servers without REQUIRETLS; those not to be had */

  /* Kept. */
  gint64 last_account; /* whose mail was sent last */
  guint failures; /* in a row */
  gint64 not_before; /* seconds, UTC: no attempt */
};

/* schedule.c */
gint64 schedule_now (void);
/* DESTINATION has become idle: it waits for DUE, or goes (DUE 0). */
void schedule_rest (Destination *destination, gint64 due);
void schedule_look (Schedule *schedule);
/* Whether mail may be begun. */
static inline gboolean
schedule_is_running (const Schedule *schedule)
{
  return !schedule->stopping && schedule->pauses == 0;
}
/* Somebody there takes mail: it has a place again, and may keep it. */
void schedule_answered (Destination *destination);
/* No place for one more connection is left. */
gboolean schedule_is_full (Schedule *schedule);

/* destination.c */
Destination *destination_new (Schedule *schedule, const char *name);
void destination_free (Destination *destination);
/* Finds the way and sends what is due, then calls schedule_rest. */
void destination_begin (Destination *destination);
/* One more connection, when it is worth one. */
void destination_grow (Destination *destination);
/* When its connections have ended, all that is due hears this. */
void destination_fail (Destination *destination, guint code, const char *status,
                       const char *reason);
/* Whether anything is still to come; if not it rests. */
void destination_check (Destination *destination);

/* destination-mail.c */
/* Takes the next mail and gives it to FUNC, perhaps within the call, with its message in `busy`;
 * NULL: none is due. */
typedef void (*DestinationNextFunc) (QueueMail *mail, gpointer data);
void destination_next (Destination *destination, DestinationNextFunc func, gpointer data);
/* MAIL, which was taken by destination_next, was not tried. */
void destination_give_back (Destination *destination, QueueMail *mail);
/* MAIL (taken over) is settled: writes it down. */
void destination_settle (Destination *destination, QueueMail *mail);
/* Forgets what was read ahead; calls FUNC for each message that is on its way all the same. */
void destination_pause (Destination *destination,
                        void (*func) (gint64 message, const char *name, gpointer data),
                        gpointer data);

/* local-delivery.c */
/* Mail for people here: the next of DESTINATION, which is QUEUE_HERE. */
void local_delivery_next (Destination *destination);

/* connection.c */
Connection *connection_begin (Destination *destination);
/* Ends when its mail is sent. */
void connection_dismiss (Connection *connection);
void connection_abort (Connection *connection);
/* Waits no longer for a server that has not greeted yet. FALSE: it waits for none. */
gboolean connection_hurry (Connection *connection);
