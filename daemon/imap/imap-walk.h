/* Goes over the entries of chosen messages in ascending UID, across read jobs. Near runs share one
 * query: a mailbox with a gap after every second message must not cost a query a message. */
#pragma once
#include "imap/imap-sequence.h"

typedef struct {
  GArray *runs; /* ImapRun, owned */
  guint run; /* index of the current one */
  guint32 uid; /* the next to be read */
  guint32 number; /* sequence number of the entry moved to */
} ImapWalk;

void imap_walk_begin (ImapWalk *walk, GArray *runs);
void imap_walk_clear (ImapWalk *walk);
gboolean imap_walk_is_over (const ImapWalk *walk);
/* The UID up to which one query may read from walk->uid on. */
guint32 imap_walk_reach (const ImapWalk *walk);
/* An entry was read: FALSE when it lies in a gap. */
gboolean imap_walk_move_to (ImapWalk *walk, guint32 uid);
/* All up to REACH was read. */
void imap_walk_pass (ImapWalk *walk, guint32 reach);
