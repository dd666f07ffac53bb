/* What a client that uses NOTIFY has been told of the mailboxes it can see: a row for each, of some
 * hundred bytes. News are the difference between that and the store, so nothing is queued for a
 * client, however slow it is. */
#pragma once
#include "accounts/place.h"
#include "imap/imap-notify-syntax.h"

/* More mailboxes than that cannot be watched by one session: NOTIFICATIONOVERFLOW. */
#define IMAP_KNOWN_MAX 20000

typedef struct {
  char *name; /* as the account says it */
  gint64 id; /* 0: no mailbox that the account can see */
  gint64 owner;
  gboolean own;
  guint rights;
  gboolean subscribed;
  gboolean no_access; /* it was said to be \NoAccess */
  gboolean silent; /* this client made it: it is no news */
  guint events; /* ImapNotifyEvent bits */
  MailboxNumbers numbers; /* as they were told */
} ImapKnownRow;

typedef struct {
  ImapNotifyRequest *request;
  GHashTable *by_name; /* char * → ImapKnownRow */
  GHashTable *by_id; /* gint64 → the same rows */
} ImapKnown;

/* REQUEST is given away. */
ImapKnown *imap_known_new (ImapNotifyRequest *request);
void imap_known_free (ImapKnown *known);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapKnown, imap_known_free)

ImapKnownRow *imap_known_row_new (const char *name);
/* ROW is given away; one of the same name goes. */
void imap_known_put (ImapKnown *known, ImapKnownRow *row);
ImapKnownRow *imap_known_find (const ImapKnown *known, const char *name);
ImapKnownRow *imap_known_find_id (const ImapKnown *known, gint64 id);

/* What the client has done itself is no news to it (RFC 5465 §5). */
void imap_known_did_create (ImapKnown *known, const char *name);
void imap_known_did_delete (ImapKnown *known, const char *name);
void imap_known_did_rename (ImapKnown *known, const char *from, const char *to);
void imap_known_did_subscribe (ImapKnown *known, const char *name, gboolean subscribed);
/* Its own change took a mailbox from BEFORE to AFTER. When the client has not heard of BEFORE,
 * others have changed something too, and the news will tell. */
void imap_known_did_change (ImapKnown *known, const MailboxNumbers *before,
                            const MailboxNumbers *after);
