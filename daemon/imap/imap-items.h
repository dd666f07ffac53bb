/* What a FETCH asks for: fetch-att of RFC 9051 §9 and its macros. */
#pragma once
#include "imap/imap-section.h"

#define IMAP_SECTIONS_MAX 100 /* of one FETCH */

typedef enum {
  IMAP_ITEM_UID = 1 << 0,
  IMAP_ITEM_FLAGS = 1 << 1,
  IMAP_ITEM_DATE = 1 << 2, /* INTERNALDATE */
  IMAP_ITEM_SIZE = 1 << 3, /* RFC822.SIZE */
  IMAP_ITEM_ENVELOPE = 1 << 4,
  IMAP_ITEM_BODY = 1 << 5,
  IMAP_ITEM_STRUCTURE = 1 << 6, /* BODYSTRUCTURE */
  IMAP_ITEM_SAVE_DATE = 1 << 12, /* SAVEDATE */
  IMAP_ITEM_EMAIL_ID = 1 << 13, /* EMAILID */
  IMAP_ITEM_THREAD_ID = 1 << 14, /* THREADID */
  IMAP_ITEM_PREVIEW = 1 << 15,
  IMAP_ITEM_LAZY = 1 << 16, /* PREVIEW only where it is there already */
  IMAP_ITEM_MODSEQ = 1 << 17,
} ImapItem;

typedef struct {
  guint what; /* ImapItem bits */
  GPtrArray *sections; /* ImapSection */
} ImapItems;

ImapItems *imap_items_new (guint what);
void imap_items_free (ImapItems *items);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapItems, imap_items_free)

/* One item, a macro, or a list in parentheses. NULL: malformed. */
ImapItems *imap_items_parse (ImapParser *parser);
gboolean imap_items_mark_seen (const ImapItems *items);
/* Needs the summary of each message. */
gboolean imap_items_need_summary (const ImapItems *items);
