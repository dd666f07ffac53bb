/* What a NOTIFY asks for (RFC 5465 §8). Pure. */
#pragma once
#include "imap/imap-items.h"

#define IMAP_NOTIFY_GROUPS_MAX 100
#define IMAP_NOTIFY_NAMES_MAX 1000 /* of all groups together */

typedef enum {
  IMAP_NOTIFY_MESSAGE_NEW = 1 << 0,
  IMAP_NOTIFY_MESSAGE_EXPUNGE = 1 << 1,
  IMAP_NOTIFY_FLAG_CHANGE = 1 << 2,
  IMAP_NOTIFY_ANNOTATION_CHANGE = 1 << 3, /* not ours */
  IMAP_NOTIFY_MAILBOX_NAME = 1 << 4,
  IMAP_NOTIFY_SUBSCRIPTION_CHANGE = 1 << 5,
  IMAP_NOTIFY_MAILBOX_METADATA_CHANGE = 1 << 6,
  IMAP_NOTIFY_SERVER_METADATA_CHANGE = 1 << 7,
} ImapNotifyEvent;
#define IMAP_NOTIFY_MESSAGE_EVENTS                                                                 \
  (IMAP_NOTIFY_MESSAGE_NEW | IMAP_NOTIFY_MESSAGE_EXPUNGE | IMAP_NOTIFY_FLAG_CHANGE                 \
   | IMAP_NOTIFY_ANNOTATION_CHANGE)

typedef enum {
  IMAP_NOTIFY_SELECTED,
  IMAP_NOTIFY_SELECTED_DELAYED,
  IMAP_NOTIFY_INBOXES,
  IMAP_NOTIFY_PERSONAL,
  IMAP_NOTIFY_SUBSCRIBED,
  IMAP_NOTIFY_SUBTREE,
  IMAP_NOTIFY_MAILBOXES,
} ImapNotifyFilter;

typedef struct {
  ImapNotifyFilter filter; /* of the ones that mean other mailboxes than the selected */
  guint events; /* ImapNotifyEvent bits */
  GHashTable *names; /* set of char *, of SUBTREE and MAILBOXES; otherwise NULL */
} ImapNotifyGroup;

typedef struct {
  gboolean status; /* STATUS responses are wanted before the answer */
  gboolean unsupported; /* names an event that we do not know: not to be kept */
  gboolean has_selected, delayed; /* SELECTED-DELAYED */
  guint selected; /* message events of the selected mailbox */
  GBytes *attributes; /* "(" fetch-att … ")" for its new messages, or NULL */
  gboolean utf8; /* how they are read (ImapParser) */
  GArray *groups; /* ImapNotifyGroup */
  guint all_events; /* of any group */
} ImapNotifyRequest;
void imap_notify_request_free (ImapNotifyRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotifyRequest, imap_notify_request_free)

/* SP "SET" … or SP "NONE", to the end. NULL: malformed, or against §5 (events that must come
 * together) or §6.1. */
ImapNotifyRequest *imap_notify_request_parse (ImapParser *parser);
/* Nothing: NOTIFY NONE. */
ImapNotifyRequest *imap_notify_request_new (void);
/* The attributes anew, as imap_fetch takes them away; NULL: none. */
ImapItems *imap_notify_request_items (const ImapNotifyRequest *request);
/* The events of a mailbox that is not selected. NAME as the client knows it, OWN: in its own
 * namespace, EXISTS: it can be opened, if the rights are there. */
guint imap_notify_request_events (const ImapNotifyRequest *request, const char *name, gboolean own,
                                  gboolean exists, gboolean subscribed);
/* Mailboxes of others can be meant. */
gboolean imap_notify_request_reaches_shared (const ImapNotifyRequest *request);
/* "MessageNew MessageExpunge …": what BADEVENT lists. */
void imap_notify_print_events (GString *out);
