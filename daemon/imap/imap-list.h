/* Which mailboxes a LIST, LSUB or XLIST names, and with what attributes. */
#pragma once
#include "accounts/place.h"
#include "imap/imap-list-request.h"

/* '*' is anything, '%' anything but '/'. Time: at most the product of the lengths. */
gboolean imap_list_matches (const char *pattern, const char *name);

typedef enum { IMAP_LIST, IMAP_LSUB, IMAP_XLIST } ImapListKind;

/* Called after the line of each mailbox that was asked for and is there. */
typedef gboolean (*ImapListed) (GString *out, const Place *place, gpointer data, GError **error);

/* Writes the responses. PLACES as place_list gives them; REQUEST's patterns are decoded. Time: that
 * of the places times that of a match. */
gboolean imap_list_print (GString *out, ImapListKind kind, const ImapListRequest *request,
                          const GPtrArray *places, ImapListed listed, gpointer data,
                          GError **error);
