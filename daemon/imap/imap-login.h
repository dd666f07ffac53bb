/* What LOGIN and AUTHENTICATE have in common. */
#pragma once
#include "imap/imap-state.h"

/* Verifies the password in a worker, then says OK or NO. */
void imap_log_in (ImapSession *self, const char *user, const char *password);
/* How it ended: ACCOUNT, or ERROR as of authenticate_finish. */
void imap_logged_in (ImapSession *self, const Account *account, const GError *error);
