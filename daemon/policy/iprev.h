/* The client's name: does its PTR record lead back to it (RFC 8601 §3)? */
#pragma once
#include "policy/answers.h"
#include <gio/gio.h>

#define IPREV_NAMES_MAX 10 /* that are looked up (RFC 7208 §4.6.4) */

typedef enum { IPREV_PASS, IPREV_FAIL, IPREV_TEMPERROR, IPREV_PERMERROR } IprevResult;

/* IPv4 in IPv6 becomes IPv4, as the DNS knows it. */
GInetAddress *address_unmapped (GInetAddress *address);
gboolean address_is_inside (GInetAddress *address, GInetAddress *network, guint length);
/* ADDRESS is one of the answer's, in its first LENGTH bits. */
gboolean address_is_among (GInetAddress *address, const Answer *answer, guint length);

/* The names that lead back to ADDRESS, borrowed from ANSWERS, each as the DNS wrote it. NULL:
 * ANSWERS has questions first. */
GPtrArray *iprev_names (GInetAddress *address, Answers *answers, IprevResult *result);
const char *iprev_result_name (IprevResult result);
