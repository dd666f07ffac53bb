/* Addresses: of header fields (RFC 5322 §3.4 with its obsolete forms) and of the envelope (local
 * part and domain). */
#pragma once
#include <glib.h>

typedef struct {
  char *name; /* display name as written (encoded words kept), or NULL */
  char *route; /* obsolete source route, or NULL */
  char *mailbox; /* local part; of a group's start: the group's name */
  char *host; /* domain; NULL: a group's start (mailbox set) or end (mailbox NULL), as RFC 9051
                 §7.5.2 shows groups */
} Address;
void address_free (Address *address);

/* VALUE: an unfolded field value. GPtrArray of Address; malformed parts are skipped; at most LIMIT
 * addresses. */
GPtrArray *address_parse_list (const char *value, guint limit);

/* An address for looking up: splits at the last '@', lower-cases both sides, turns an IDN domain
 * into its A-label, strips quotes that are not needed. NULL when it cannot be a mailbox address. */
char *address_normalize (const char *address);
/* The part behind the last '@' of a normalized address, or NULL. Points into ADDRESS. */
const char *address_domain (const char *address);
/* A domain in lower-case A-labels, or NULL when it cannot be one. */
char *domain_normalize (const char *domain);
