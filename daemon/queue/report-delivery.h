/* Where a report goes: to whoever the mail that it is about was from. */
#pragma once
#include "queue/queue-mail.h"
#include "store/prepared.h"
#include "store/store.h"

/* In the job that ends MAIL's rows: REPORT into the INBOXes behind the sender's address (of the
 * account itself when nobody has the address any more), or into the queue when that is elsewhere;
 * adds the queue's destinations (char *) to DESTINATIONS. A sender who cannot be told is no
 * failure. */
gboolean report_deliver (StoreTransaction *transaction, const QueueMail *mail,
                         PreparedMessage *report, GPtrArray *destinations, GError **error);
