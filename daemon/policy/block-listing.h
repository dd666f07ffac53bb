/* Whether a block list knows a peer: all are asked at once, and nobody waits long. */
#pragma once
#include "policy/block-lists.h"

#define BLOCK_LIST_SECONDS 5 /* what a peer waits at most; who is not listed by then comes in */

typedef struct {
  char *list; /* the zone */
  char *address; /* what it answered: "127.0.0.4" */
  char *reason; /* its own words, printable ASCII, or NULL */
} BlockListing;
void block_listing_free (BlockListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BlockListing, block_listing_free)

/* Any thread; the answer comes in its thread-default GMainContext, never within the call. */
void block_listing_ask_async (BlockLists *lists, GInetAddress *peer, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer data);
/* NULL: nobody lists the peer (or ERROR: it was cancelled). */
BlockListing *block_listing_ask_finish (GAsyncResult *result, GError **error);
