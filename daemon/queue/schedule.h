/* Which destination's mail is sent when. Destinations are kept in memory, their mail is not: a
 * hundred thousand queued mails cost what their domains cost. One thread sends all mail. */
#pragma once
#include "net/dns.h"
#include "store/store.h"

typedef struct _Schedule Schedule;

typedef struct {
  Store *store;
  Dns *dns;
  const char *hostname; /* how we call ourselves; outlives the schedule */
} ScheduleOptions;

/* Reads which destinations have mail, and starts. */
Schedule *schedule_new (const ScheduleOptions *options, GError **error);
/* Ends: connections finish the mail that they are sending, for some seconds. */
void schedule_free (Schedule *schedule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Schedule, schedule_free)

/* There is mail for DESTINATION that is due at DUE, committed. Any thread. */
void schedule_announce_at (Schedule *schedule, const char *destination, gint64 due);
/* What was read ahead is not sent: some of it is held now. Any thread. */
void schedule_look_again (Schedule *schedule);
/* There is mail for DESTINATION (queue_destination) now, committed. RETRY: whatever failed before
 * does not count. Any thread. */
void schedule_announce (Schedule *schedule, const char *destination, gboolean retry);

/* For changes of the queue by hand: no mail is begun until schedule_resume. Returns what is being
 * sent or settled at this moment all the same, which must not be changed: lines "MESSAGE
 * DESTINATION", after a line end each. Free with g_free. Any thread but the queue's own. */
char *schedule_pause (Schedule *schedule);
void schedule_resume (Schedule *schedule);
