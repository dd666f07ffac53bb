/* Who is connected: asked of the I/O threads, so that no session pays for it. */
#pragma once
#include "net/io-thread.h"

typedef struct {
  char *id; /* channel_id */
  const char *protocol; /* of its listener */
  char *user; /* NULL: nobody has logged in */
  char *address;
  char *client; /* what it says of itself, or NULL */
  gint64 since; /* seconds, UTC */
  gboolean secure;
} Session;

/* The answers of several threads on their way to a worker. */
typedef struct _Survey Survey;
Survey *survey_new (void);
Survey *survey_ref (Survey *survey);
void survey_unref (Survey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Survey, survey_unref)

/* Asks COUNT threads; once. Whoever may end the threads calls it. */
void survey_ask (Survey *survey, IoThread *const *threads, guint count);
/* Waits until all have answered, or MILLISECONDS have passed (a thread that is late is left out).
 * GPtrArray of Session, the newest first; once. */
GPtrArray *survey_wait (Survey *survey, guint milliseconds);

/* Ends the session ID at once, wherever it is. Returns before that; whoever may end the threads
 * calls it. */
void sessions_end (IoThread *const *threads, guint count, const char *id);
