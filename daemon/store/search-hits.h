/* What the index of an account says of words: which messages may hold them. */
#pragma once
#include "store/store.h"

typedef struct _SearchHits SearchHits;

/* In a reader's thread. WORDS are folded, COUNT of them. NULL without an ERROR: there is no index,
 * or more than MOST messages may hold each of the words, so that looking at all is cheaper. */
SearchHits *search_hits_new (Store *store, gint64 account, gint64 mailbox, const char *const *words,
                             guint count, guint most, GError **error);
void search_hits_free (SearchHits *hits);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SearchHits, search_hits_free)

/* FALSE: MESSAGE does not hold WORD (its index), so it need not be looked at. */
gboolean search_hits_may_hold (const SearchHits *hits, gint64 message, guint word);
/* Up to this UID the mailbox's messages are all in the index. */
guint32 search_hits_uid (const SearchHits *hits);
/* The messages in the index that may hold WORD, ascending: GArray of gint64. NULL: more than MOST.
 */
GArray *search_hits_messages (const SearchHits *hits, guint word, guint most);
