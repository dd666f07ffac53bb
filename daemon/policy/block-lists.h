/* The block lists of the administrator's choice: tested at the start and every hour, asked for a
 * peer all at once. A list that fails its test, or refuses to answer in between, is not asked until
 * a test says otherwise; the log and the status tell. */
#pragma once
#include "policy/block-list.h"

#define BLOCK_LIST_SECONDS 5 /* what a peer waits at most; who is not listed by then comes in */

typedef struct {
  char *list; /* the zone */
  char *address; /* what it answered: "127.0.0.4" */
  char *reason; /* its own words, printable ASCII, or NULL */
} BlockListing;
void block_listing_free (BlockListing *listing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BlockListing, block_listing_free)

typedef struct {
  char *zone;
  BlockListState state;
} BlockListStatus;
void block_list_status_free (BlockListStatus *status);

typedef struct _BlockLists BlockLists;
/* Main thread; DNS outlives it. */
BlockLists *block_lists_new (Dns *dns);
/* Main thread, when no session asks any more. */
void block_lists_free (BlockLists *lists);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BlockLists, block_lists_free)
/* Any thread: whether there is a list to ask. */
gboolean block_lists_are_there (BlockLists *lists);
/* Any thread: GPtrArray of BlockListStatus. */
GPtrArray *block_lists_describe (BlockLists *lists);

/* Any thread; the answer comes in its thread-default GMainContext, never within the call. */
void block_lists_ask_async (BlockLists *lists, GInetAddress *peer, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer data);
/* NULL: nobody lists the peer (or ERROR: it was cancelled). */
BlockListing *block_lists_ask_finish (GAsyncResult *result, GError **error);
