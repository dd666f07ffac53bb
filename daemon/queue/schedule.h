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

/* There is mail for DOMAIN that is due at DUE, committed. Any thread. */
void schedule_announce_at (Schedule *schedule, const char *domain, gint64 due);
/* What was read ahead is not sent: some of it is held now. Any thread. */
void schedule_look_again (Schedule *schedule);
/* There is mail for DOMAIN (queue_domain) now, committed. RETRY: whatever failed before does not
 * count. Any thread. */
void schedule_announce (Schedule *schedule, const char *domain, gboolean retry);
