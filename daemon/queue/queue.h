/* The queue's rows: mail for other domains. A row is made in the same commit that accepts the mail.
 * (Sending reads them.) */
#pragma once
#include "store/message.h"

/* One row for RECIPIENT of MESSAGE, due now, given up after five days. ENVID, ORCPT, NOTIFY, RET as
 * RFC 3461 gives them, or NULL. */
gboolean queue_add (StoreTransaction *transaction, gint64 message, gint64 account,
                    const char *sender, const char *recipient, const char *envid, const char *orcpt,
                    const char *notify, const char *ret, GError **error);
