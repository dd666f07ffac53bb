/* Blocks of a search index: for each gram, which of up to SEARCH_LEAVES_MAX messages hold it.
 *
 * A page holds BLOCK_PAGE_GRAMS neighbouring grams: for each that some message holds, its place in
 * the page (one byte), how many messages, and their indexes in the block as differences (LEB128).
 * The block's row lists its messages, as differences. */
#pragma once
#include "store/database.h"
#include "store/search-grams.h"

#define BLOCK_PAGE_GRAMS 64

/* Turns the leaves into a block if there are enough of them. */
gboolean search_block_make (Database *database, GError **error);
/* Removes blocks a quarter of whose messages are not in DOC any more; the others of them become
 * leaves without grams, and AGAIN (GArray of gint64) names them. */
gboolean search_block_drop_sparse (Database *database, GArray *again, GError **error);

/* The messages of a block: GArray of gint64; NULL: damaged. */
GArray *search_block_docs (const guint8 *bytes, gsize length);
/* The messages (indexes, ascending, GArray of guint32) that hold GRAM by its PAGE; FALSE: damaged.
 */
gboolean search_block_find (const guint8 *page, gsize length, guint32 gram, GArray *indexes);
