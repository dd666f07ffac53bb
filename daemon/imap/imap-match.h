/* Does a message match a SEARCH program? Flags, dates and sizes are judged by the entry; only keys
 * that need it open the message. Used inside a read job. */
#pragma once
#include "imap/imap-search.h"
#include "policy/digest.h"
#include "store/message.h"
#include "store/search-hits.h"

typedef struct _ImapMatcher ImapMatcher;

/* MAILBOX is for its keywords; the program is bound to its sequence numbers already. DIGEST reads
 * what people wrote. NULL with ERROR when the store fails. */
ImapMatcher *imap_matcher_new (StoreSnapshot *snapshot, Digest *digest, ImapKey *program,
                               const Mailbox *mailbox, guint32 recent_from, GError **error);
void imap_matcher_free (ImapMatcher *matcher);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapMatcher, imap_matcher_free)
/* What the search index says of the words (imap_search_words): spares most messages. HITS outlives
 * the matcher. */
void imap_matcher_set_hits (ImapMatcher *matcher, const SearchHits *hits);
/* FALSE with ERROR when the message cannot be read. */
gboolean imap_matcher_test (ImapMatcher *matcher, const Entry *entry, guint32 number,
                            gboolean *matches, GError **error);
/* Of the message that matched last: 1 to 100, how relevant it is (RFC 6203 §4). */
guint imap_matcher_score (const ImapMatcher *matcher);
/* Message bytes read so far, for bounding a batch. */
guint64 imap_matcher_bytes (const ImapMatcher *matcher);
