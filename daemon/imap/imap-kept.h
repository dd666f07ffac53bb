/* Fields of messages that can be searched without opening them, read ahead in runs: a mailbox
 * mostly holds neighbours. Used inside a read job. */
#pragma once
#include "mail/sort-keys.h"
#include "store/store.h"

typedef struct _ImapKept ImapKept;

ImapKept *imap_kept_new (void);
void imap_kept_free (ImapKept *kept);
/* The text stays until the next call. NULL without an ERROR: nothing is kept of it, the header must
 * be read. */
const SortText *imap_kept_field (ImapKept *kept, Database *database, gint64 message,
                                 SearchField field, GError **error);
