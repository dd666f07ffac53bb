/* sequence-set (RFC 9051 §9): "1:3,7,10:*". */
#pragma once
#include "imap/imap-parser.h"
#include "store/mailbox.h"

#define IMAP_SET_STAR G_MAXUINT32

/* GArray of UidRange as written, '*' is IMAP_SET_STAR; NULL when malformed. */
GArray *imap_set_parse (ImapParser *parser);
/* Puts STAR for '*', turns reversed ranges, sorts, merges. A new array. STAR 0 (nothing is there):
 * what '*' stands in selects nothing. */
GArray *imap_set_resolve (const GArray *set, guint32 star);
gboolean imap_set_contains (const GArray *resolved, guint32 number);
/* Adds a number greater than all in RANGES (GArray of UidRange). */
void imap_set_add (GArray *ranges, guint32 number);
/* Sorts UIDS (GArray of guint32): GArray of UidRange, resolved. */
GArray *imap_set_of_uids (GArray *uids);
/* Of resolved sets: a new one. */
GArray *imap_set_intersect (const GArray *left, const GArray *right);
GArray *imap_set_subtract (const GArray *from, const GArray *what);
guint64 imap_set_count (const GArray *resolved);
/* "4:6,9" of a resolved set. */
void imap_set_print_ranges (GString *out, const GArray *resolved);
/* Writes numbers (GArray of guint32) in their order, joining those that follow each other:
 * "4:6,9". */
void imap_set_print (GString *out, const GArray *numbers);
