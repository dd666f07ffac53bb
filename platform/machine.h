/* What this machine calls itself. */
#pragma once

/* The full DNS name ("mail.example.com") as the system knows it, or the short one when it knows no
 * more; NULL when it has none. May ask the DNS, so it can take seconds. Free with g_free. */
char *machine_name (void);
