/* What a LIST asks for: RFC 9051 §6.3.9, RFC 5258, with the options of RFC 5819 (STATUS), RFC 6154
 * (SPECIAL-USE) and RFC 8440 (MYRIGHTS). Pure. */
#pragma once
#include "imap/imap-parser.h"

#define IMAP_LIST_PATTERNS_MAX 32
#define IMAP_LIST_PATTERN_BYTES_MAX 4000 /* together; matching costs the product of the lengths */

typedef enum {
  IMAP_LIST_SUBSCRIBED = 1 << 0,
  IMAP_LIST_SPECIAL_USE = 1 << 1,
  IMAP_LIST_RECURSIVE = 1 << 2, /* selection only */
  IMAP_LIST_REMOTE = 1 << 3, /* selection only: all mailboxes are here, so it changes nothing */
  IMAP_LIST_CHILDREN = 1 << 4, /* return only, from here on */
  IMAP_LIST_STATUS = 1 << 5,
  IMAP_LIST_MYRIGHTS = 1 << 6,
} ImapListOption;

typedef struct {
  gboolean extended; /* has options, or more than one pattern */
  gboolean utf8; /* how names are read and written (ImapParser) */
  guint select, return_; /* ImapListOption bits */
  guint status; /* items, of imap_status_parse */
  char *reference; /* as it came */
  GPtrArray *patterns; /* char *: as they came, the reference before each */
} ImapListRequest;
void imap_list_request_free (ImapListRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapListRequest, imap_list_request_free)

/* The whole of the arguments, from the SP on; PLAIN: without options (LSUB, XLIST). NULL:
 * malformed. Names are not decoded yet. */
ImapListRequest *imap_list_request_parse (ImapParser *parser, gboolean plain);
