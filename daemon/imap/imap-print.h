/* Writes IMAP's words into an answer, by hand: no printf for each message. */
#pragma once
#include "store/mailbox.h"

void imap_print_number (GString *out, guint64 number);
/* Quoted when it can be, else a literal. TEXT NULL: NIL. */
void imap_print_string (GString *out, const char *text);
/* A mailbox name: as UTF-8 for who has enabled that (imap_session_names_are_utf8), otherwise as
 * modified UTF-7. */
void imap_print_mailbox (GString *out, const char *name, gboolean utf8);
/* "\Seen $Forwarded" without parentheses; RECENT adds \Recent. KEYWORDS as in Mailbox. */
void imap_print_flags (GString *out, guint64 flags, gboolean recent, const GPtrArray *keywords);

/* The bit of a system flag ("\Seen", without case), 0: none of ours. */
guint64 imap_flag_bit (const char *name);
/* A keyword that a flag list may hold (an atom of sane length). */
gboolean imap_keyword_is_valid (const char *name);
