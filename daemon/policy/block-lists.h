/* The block lists of the administrator's choice: tested at the start and every hour. A list that
 * fails its test, or refuses to answer in between, is not asked until a test says otherwise; the
 * log and the status tell. */
#pragma once
#include "policy/block-list.h"

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

/* For those who ask (block-listing.h). Any thread: char *, the zones that passed their tests. */
GPtrArray *block_lists_good (BlockLists *lists, gboolean is_ipv4);
/* Any thread: ZONE answers as no list should; the next test decides over it. */
void block_lists_switch_off (BlockLists *lists, const char *zone, BlockListState state);
Dns *block_lists_dns (BlockLists *lists);
