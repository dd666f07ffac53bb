/* The full-text index of one account, search/ACCOUNT.db: which messages may hold a word. It is
 * filled after the commit and can be thrown away at any time; what it does not know is scanned.
 *
 * A message first is a leaf: its grams in a row. Many leaves become a block: for each gram the
 * messages that hold it, so that a word costs a few small reads a block. Of each mailbox is known
 * up to which UID everything is in the index. */
#pragma once
#include "store/search-grams.h"
#include "store/store.h"

#define SEARCH_LEAVES_MAX 4096 /* messages of a block, */
#define SEARCH_LEAF_BYTES (2 * 1024 * 1024) /* and what their grams take */

/* For the thread that fills it. */
typedef struct _SearchIndex SearchIndex;
/* Makes it when it is not there; throws one away that is damaged, of another store or version, or
 * knows of the future. */
SearchIndex *search_index_open (Store *store, gint64 account, GError **error);
void search_index_close (SearchIndex *index);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchIndex, search_index_close)

/* Everything up to this UID of MAILBOX is known. */
gboolean search_index_uid (SearchIndex *index, gint64 mailbox, guint32 *uid, GError **error);
gboolean search_index_has (SearchIndex *index, gint64 message, gboolean *has, GError **error);
/* Between begin and commit. GRAMS NULL: it cannot be known what MESSAGE holds, every search looks.
 */
gboolean search_index_begin (SearchIndex *index, GError **error);
gboolean search_index_add (SearchIndex *index, gint64 message, const Grams *grams, GError **error);
gboolean search_index_set_uid (SearchIndex *index, gint64 mailbox, guint32 uid, GError **error);
gboolean search_index_commit (SearchIndex *index, GError **error);
void search_index_roll_back (SearchIndex *index);
/* Makes a block when there are leaves enough. */
gboolean search_index_settle (SearchIndex *index, GError **error);
/* Forgets what no mailbox of the account holds any more. A block that is a quarter dead goes; what
 * lives in it is added anew by the next rounds: AGAIN (GArray of gint64). */
gboolean search_index_sweep (SearchIndex *index, GArray *again, GError **error);

/* Removes the files of ACCOUNT. */
gboolean search_index_remove (Store *store, gint64 account, GError **error);
char *search_index_path (Store *store, gint64 account);
