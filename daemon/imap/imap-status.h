/* The items of STATUS and of LIST's RETURN (STATUS …). */
#pragma once
#include "accounts/place.h"
#include "imap/imap-parser.h"

/* "(" item *(SP item) ")" as bits; 0: malformed. To add an item, add a line in imap-status.c. */
guint imap_status_parse (ImapParser *parser);
/* Asking for HIGHESTMODSEQ enables CONDSTORE (RFC 7162 §3.1). */
gboolean imap_status_has_modseq (guint wanted);
/* "* STATUS name (…)" of PLACE, from DATABASE's snapshot; UTF8: of imap_print_mailbox. */
gboolean imap_status_print (GString *out, Database *database, const Place *place, guint wanted,
                            gboolean utf8, GError **error);
