/* Fills the search indexes after the commit, in a thread of its own: a mail is accepted without
 * waiting for it, and a search scans what it has not reached yet. */
#pragma once
#include "policy/digest.h"
#include "store/store.h"

typedef struct _Indexer Indexer;
/* DIGEST outlives it, and may be NULL. */
Indexer *indexer_new (Store *store, Digest *digest);
/* Ends within one message. Before the store closes. */
void indexer_free (Indexer *indexer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Indexer, indexer_free)
/* Messages have gone for good: the indexes forget them soon. Any thread. */
void indexer_sweep (Indexer *indexer);
/* Waits until all that was committed before is in the indexes; for tests. */
void indexer_catch_up (Indexer *indexer);
