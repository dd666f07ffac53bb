/* Tells the administrators, by mail, of users whom the brake holds (accounts/brake.h). */
#pragma once
#include "queue/schedule.h"

/* Of all of whom nobody has been told yet: right after the brake has tripped, and at the start, in
 * case a restart came in between. Each is told once. In a thread with a GMainContext; SCHEDULE may
 * be NULL: nothing is held up then. */
void brake_notice_send (Store *store, const char *hostname, Schedule *schedule);
