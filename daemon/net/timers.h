/* The timeouts of thousands of channels on one GSource: a wheel of seconds. Setting, moving and
 * clearing a timer is O(1). One thread. */
#pragma once
#include <gio/gio.h>

typedef struct _Timers Timers;
Timers *timers_new (GMainContext *context);
/* Timers that wait are forgotten. */
void timers_free (Timers *timers);

/* Embedded in the struct it is about; zeroed memory is a timer that does not wait. */
typedef struct _Timer Timer;
struct _Timer {
  GList link; /* the wheel's; data is the timer itself while it waits */
  gint64 second; /* when it is due, see timers_now */
  void (*run) (Timer *timer);
};

/* Seconds of the monotonic clock. */
gint64 timers_now (void);
/* Runs TIMER once when timers_now () has reached SECOND (a second late at most). Moves a timer that
 * waits. */
void timers_set (Timers *timers, Timer *timer, gint64 second);
/* Must be called before the memory of a waiting timer is freed. */
void timers_clear (Timers *timers, Timer *timer);
