/* Orders that SORT has found, kept in memory: which place each message of a mailbox has under some
 * criteria. What is sorted by stays as it is while a message lies in its mailbox, and neither a UID
 * nor a mailbox's number is given twice: only a message that has come since makes an order useless.
 * Any thread. */
#pragma once
#include "imap/imap-order.h"

ImapRanks *imap_ranks_new (void);
ImapRanks *imap_ranks_ref (ImapRanks *ranks);
void imap_ranks_unref (ImapRanks *ranks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapRanks, imap_ranks_unref)

/* Whether orders by these criteria are kept at all: not by relevancy, and not those that are found
 * as fast as looked up. */
gboolean imap_ranks_keeps (const GArray *criteria);
/* As imap_order_run's, of FOUND (ImapFound, ascending by UID) in MAILBOX; NULL: it is not known of
 * all of them. */
GArray *imap_ranks_order (ImapRanks *ranks, gint64 mailbox, const GArray *criteria,
                          const GArray *found);
/* ORDER was found for FOUND. The number of messages that are remembered is bounded: what was not
 * asked for longest is forgotten. */
void imap_ranks_keep (ImapRanks *ranks, gint64 mailbox, const GArray *criteria, const GArray *found,
                      const GArray *order);
