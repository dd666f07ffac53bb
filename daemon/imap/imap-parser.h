/* Reads the words of one whole command (RFC 9051 §9), literals already inside. Pure: a cursor over
 * bytes. Every function answers FALSE or NULL, and leaves the cursor where it was, when what it is
 * asked for is not there. */
#pragma once
#include <glib.h>

typedef struct {
  const guint8 *bytes;
  gsize length, position;
  gboolean utf8; /* the client has enabled UTF-8: names are not in modified UTF-7, and quoted
                    strings that are no UTF-8 are malformed (RFC 9051 §5.1, RFC 9755 §3) */
} ImapParser;

ImapParser imap_parser (const void *bytes, gsize length);
gboolean imap_parser_at_end (const ImapParser *parser);
/* The next byte, 0 at the end. */
guint8 imap_parser_peek (const ImapParser *parser);
gboolean imap_parser_take (ImapParser *parser, char expected);
gboolean imap_parser_space (ImapParser *parser);
/* WORD without case, ended by something that cannot go on with an atom. */
gboolean imap_parser_word (ImapParser *parser, const char *word);

/* Texts are NUL-terminated copies, free with g_free; a string with a NUL inside is refused. */
char *imap_parser_tag (ImapParser *parser);
char *imap_parser_atom (ImapParser *parser);
char *imap_parser_string (ImapParser *parser); /* quoted or literal */
char *imap_parser_astring (ImapParser *parser);
char *imap_parser_list_mailbox (ImapParser *parser); /* atom with wildcards, or string */
char *imap_parser_flag (ImapParser *parser); /* "\Seen" or a keyword */
/* A mailbox name in UTF-8, composed (NFC); INBOX in upper case. */
char *imap_parser_mailbox (ImapParser *parser);
/* The same of a name (or a pattern of names) that was read already; NULL when it cannot be one.
 * Without UTF8 it is modified UTF-7, but 8-bit names are taken as UTF-8 then too (RFC 9755 §3). */
char *imap_mailbox_decode (const char *wire, gboolean utf8);
gboolean imap_parser_nstring (ImapParser *parser, char **text); /* NIL gives NULL */

/* nstring or literal8, of any bytes: NIL gives NULL. */
gboolean imap_parser_value (ImapParser *parser, GBytes **value);

gboolean imap_parser_number (ImapParser *parser, guint32 *number);
gboolean imap_parser_number64 (ImapParser *parser, guint64 *number);
/* date: "24-Nov-2026", with or without quotes: seconds at midnight. */
gboolean imap_parser_date (ImapParser *parser, gint64 *day);
/* date-time in quotes, as APPEND has it. */
gboolean imap_parser_date_time (ImapParser *parser, gint64 *seconds, gint16 *zone);

/* "(" item *(SP item) ")" or "()": calls ITEM for each. FALSE: malformed, or ITEM said so. */
gboolean imap_parser_list (ImapParser *parser, gboolean (*item) (ImapParser *parser, gpointer data),
                           gpointer data);
