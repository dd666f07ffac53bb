/* The order of messages by the criteria of SORT (RFC 5256 §3, RFC 5957). Pure. */
#pragma once
#include "imap/imap-find.h"
#include "mail/sort-keys.h"

#define IMAP_CRITERIA_MAX 20

typedef enum {
  IMAP_ORDER_ARRIVAL,
  IMAP_ORDER_DATE,
  IMAP_ORDER_SIZE,
  IMAP_ORDER_RELEVANCY, /* the highest score comes first (RFC 6203 §6) */
  IMAP_ORDER_TEXT,
} ImapOrderKind;

typedef struct {
  ImapOrderKind kind;
  SortTextKind text; /* IMAP_ORDER_TEXT */
  gboolean reverse;
} ImapCriterion;

/* "(" sort-criterion *(SP sort-criterion) ")": GArray of ImapCriterion, NULL: malformed. */
GArray *imap_order_parse (ImapParser *parser);
gboolean imap_order_contains (const GArray *criteria, ImapOrderKind kind);
/* They look at the entries alone: no keys are needed. */
gboolean imap_order_is_plain (const GArray *criteria);

typedef struct _ImapOrder ImapOrder;
ImapOrder *imap_order_new (const GArray *criteria, guint count);
void imap_order_free (ImapOrder *order);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapOrder, imap_order_free)
/* What is known of message number INDEX; each must be told of. KEYS may be NULL when the criteria
 * are plain. */
void imap_order_add (ImapOrder *order, guint index, const ImapFound *found, const SortKeys *keys);
/* The indexes in order: GArray of guint32. Equal ones stay in the mailbox's order. */
GArray *imap_order_run (const ImapOrder *order);
