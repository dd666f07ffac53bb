/* What has changed in the selected mailbox since a MODSEQ: FETCH with CHANGEDSINCE and VANISHED
 * (RFC 7162 §3.1.4.1, §3.2.6). Costs as much as there are changes, not messages. */
#pragma once
#include "imap/imap-fetch.h"

/* Fetches ITEMS of those of RUNS (ImapRun) that changed after MODSEQ. VANISHED (UidRange, as a
 * command writes a set), when not NULL: first names those of these UIDs whose messages went after
 * MODSEQ. RUNS, VANISHED and ITEMS are given away; DONE always runs. */
void imap_fetch_changes (ImapSession *self, GArray *runs, guint64 modseq, GArray *vanished,
                         ImapItems *items, ImapFetchDone done, gpointer data);
