/* Which UIDs a session has announced, and so which message has which sequence number: ranges with
 * the count of messages before each. Lookups are binary searches; memory follows the number of
 * gaps, not of messages. */
#pragma once
#include "imap/imap-set.h"

typedef struct _ImapSequence ImapSequence;

/* Messages FIRST … LAST, all announced, the first of them has the number NUMBER. */
typedef struct {
  guint32 first, last, number;
} ImapRun;

/* UIDS: GArray of UidRange, ascending; not kept. */
ImapSequence *imap_sequence_new (const GArray *uids);
void imap_sequence_free (ImapSequence *sequence);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapSequence, imap_sequence_free)

guint32 imap_sequence_count (const ImapSequence *sequence);
guint32 imap_sequence_last_uid (const ImapSequence *sequence); /* 0: no messages */
guint32 imap_sequence_uid (const ImapSequence *sequence, guint32 number); /* 0: none */
guint32 imap_sequence_number (const ImapSequence *sequence, guint32 uid); /* 0: none */

/* Adds a message with a UID greater than all. */
void imap_sequence_append (ImapSequence *sequence, guint32 uid);
/* Removes messages (GArray of UidRange, resolved; those that are not there do not matter) in one
 * pass. */
void imap_sequence_remove (ImapSequence *sequence, const GArray *uids);

/* The messages of a set as written in a command, ascending: GArray of ImapRun. BY_UID: UIDs that
 * are not there are left out. Else NULL when a number is greater than the count (BAD). */
GArray *imap_sequence_select (const ImapSequence *sequence, const GArray *set, gboolean by_uid);
/* All that are announced: GArray of UidRange. */
GArray *imap_sequence_uids (const ImapSequence *sequence);
/* What of RUNS lies in UIDS (GArray of UidRange, resolved): GArray of ImapRun. */
GArray *imap_runs_within (const GArray *runs, const GArray *uids);
/* The UIDs of RUNS (GArray of ImapRun): GArray of UidRange. */
GArray *imap_runs_uids (const GArray *runs);
