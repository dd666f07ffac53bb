/* Our own MTA-STS policy: what other servers may rely on when they send mail to us (RFC 8461). */
#pragma once
#include <glib.h>

/* The text for https://mta-sts.DOMAIN/.well-known/mta-sts.txt (§3.2), with the mode that
 * SETTING_MTA_STS says; free with g_free. */
char *sts_policy_write (const char *hostname);
/* What the DNS record says of it: changes with it (§3.1). */
char *sts_policy_id (const char *hostname);
