/* News of the selected mailbox: what has changed since the session last spoke becomes EXPUNGE,
 * EXISTS, RECENT, FLAGS and FETCH responses. */
#pragma once
#include "imap/imap-state.h"

/* Announces, then runs NEXT (also when the connection has ended). Rearms the watch. */
void imap_sync (ImapSession *self, gboolean with_expunges, ImapContinuation next, gpointer data);
/* Flags that one's own changes left with these MODSEQs (GArray of guint64) are not announced at the
 * running command's end, except of messages that somebody else had changed before and the client
 * has not heard of it: FOREIGN, GArray of UidRange. */
void imap_sync_skip (ImapSession *self, GArray *modseqs, GArray *foreign);
/* "* FLAGS (…)" and PERMANENTFLAGS, when there are keywords the client has not heard of. */
void imap_sync_keywords (ImapSession *self, const GPtrArray *keywords);
void imap_print_flags_responses (GString *out, const ImapSelected *selected,
                                 const GPtrArray *keywords);
