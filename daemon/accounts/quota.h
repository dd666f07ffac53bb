/* How much an account may keep, and keeps: bytes (its own limit), messages and mailboxes (settings
 * for all). Inside store jobs. */
#pragma once
#include "store/store.h"

typedef struct {
  char *root; /* its name for IMAP: the account's address */
  gint64 storage, storage_limit; /* bytes; a limit of 0: none */
  gint64 messages, messages_limit;
  gint64 mailboxes, mailboxes_limit;
} Quota;
void quota_free (Quota *quota);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Quota, quota_free)

Quota *quota_read (Database *database, gint64 account, GError **error);
/* STORE_ERROR_QUOTA unless so much more fits. */
gboolean quota_require (Database *database, gint64 account, gint64 bytes, gint64 messages,
                        gint64 mailboxes, GError **error);
