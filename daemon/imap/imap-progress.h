/* Tells a client that its long command still runs, and how far it is (RFC 9585). */
#pragma once
#include "imap/imap-state.h"

typedef struct {
  gint64 told; /* monotonic time */
} ImapProgress;

void imap_progress_begin (ImapProgress *progress);
/* Between two responses, never within one. Says something when the last word is as long ago as
 * SETTING_IMAP_PROGRESS says. GOAL 0: unknown. */
void imap_progress_tell (ImapProgress *progress, ImapSession *session, guint64 done, guint64 goal);
