/* Mail from the server to its administrators: what all such notices have in common. */
#pragma once
#include "accounts/recipient.h"
#include "mail/address.h"
#include "store/message.h"
#include "store/store.h"

/* A whole mail to RECIPIENT in the server's language; SUBJECT and BODY in UTF-8, BODY with CR LF
 * (letter.h). */
GBytes *notice_compose (const char *hostname, const char *recipient, const char *subject,
                        const char *body);
/* Adds a line with "hauspost COMMAND", which is in no language. */
void notice_command (GString *body, const char *command);
/* In the job that also notes that it was told: into mailboxes, and into the queue where it is read
 * elsewhere; adds the queue's destinations (char *) to DESTINATIONS. FALSE with ERROR. */
gboolean notice_deliver (StoreTransaction *transaction, PreparedMessage *notice,
                         const Recipient *recipient, GPtrArray *destinations, GError **error);
