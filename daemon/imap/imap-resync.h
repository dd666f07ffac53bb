/* A client comes back to a mailbox it knows (RFC 7162 §3.2.5): the QRESYNC parameter of SELECT and
 * EXAMINE. Pure. */
#pragma once
#include "imap/imap-sequence.h"

typedef struct {
  guint32 uid_validity;
  guint64 modseq; /* what the client knows goes up to here */
  GArray *known; /* UidRange, resolved: the UIDs it knows */
  GArray *numbers, *uids; /* UidRange: samples of its numbers and their UIDs, or NULL */
} ImapResync;

void imap_resync_free (ImapResync *resync);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapResync, imap_resync_free)

/* "(" uidvalidity SP mod-sequence [SP known-uids] [SP seq-match-data] ")". NULL: malformed. */
ImapResync *imap_resync_parse (ImapParser *parser);
/* The UIDs of which expunges are news to the client: KNOWN beyond the last sample that still fits
 * SEQUENCE. GArray of UidRange. */
GArray *imap_resync_unsure (const ImapResync *resync, const ImapSequence *sequence);
