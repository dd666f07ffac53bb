/* Renames told one after the other (RFC 5465 §5.4): a client that hears "OLDNAME" moves the mailbox
 * and, as RENAME does (RFC 9051 §6.3.6), what is below it. Several may have happened since it was
 * told last, so each line must start from the names that the lines before it have made. */
#pragma once
#include "imap/imap-notify-list.h"

typedef struct _ImapNotifyRenames ImapNotifyRenames;

/* Puts the renames that lead from BEFORE to NOW into LIST. BEFORE must outlive it. */
ImapNotifyRenames *imap_notify_renames_tell (const ImapKnown *before, const ImapKnown *now,
                                             ImapNotifyList *list);
void imap_notify_renames_free (ImapNotifyRenames *renames);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotifyRenames, imap_notify_renames_free)

/* What the client calls the mailbox, or the mere name, of row OLD of BEFORE after these renames.
 * NULL: it cannot know it any more, since another took the name; it is to be told like a new one.
 */
const char *imap_notify_renames_name (const ImapNotifyRenames *renames, const ImapKnownRow *old);
/* The row of BEFORE that the client calls NAME after these renames; NULL: none. */
const ImapKnownRow *imap_notify_renames_find (const ImapNotifyRenames *renames, const char *name);
