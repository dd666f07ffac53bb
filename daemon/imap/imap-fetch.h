/* Answers with FETCH responses, in batches: a read job formats one, the channel takes it, and the
 * next is made when the client has read. */
#pragma once
#include "imap/imap-items.h"
#include "imap/imap-state.h"

/* UID for who has not asked for it; UIDFETCH has it before the items already (RFC 9586 §3.3). */
guint imap_session_uid_item (const ImapSession *session);
/* What a FETCH response about flags has besides, once the client knows of MODSEQ. */
guint imap_session_modseq_item (const ImapSession *session);

typedef struct {
  gboolean failed; /* some message could not be read */
  gboolean unknown_encoding; /* some part could not be decoded */
  const GArray *unseen; /* UidRange: messages without \Seen whose body was sent */
  const GArray *downgraded; /* UidRange: messages of which a surrogate was shown */
} ImapFetched;
typedef void (*ImapFetchDone) (ImapSession *self, const ImapFetched *fetched, gpointer data);

/* RUNS (GArray of ImapRun) and ITEMS are given away. DONE always runs. */
void imap_fetch (ImapSession *self, GArray *runs, ImapItems *items, ImapFetchDone done,
                 gpointer data);
