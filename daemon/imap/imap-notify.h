/* NOTIFY (RFC 5465) in a session: what the client wants to hear, the watches behind it, and when it
 * is told: between commands and in IDLE. Hint and pull: a wake-up says that there is something, a
 * read job finds out what (imap-notify-news.h). */
#pragma once
#include "imap/imap-notify-known.h"
#include "imap/imap-state.h"

struct _ImapNotify {
  ImapKnown *known;
  GHashTable *watches; /* gint64 account → Watch; empty when only the selected mailbox matters */
  gboolean pending; /* one of them has fired */
  gboolean missed; /* a watch is new: what came before it was not seen */
  guint64 serial; /* notes (store/notes.h) up to here were told */
};

/* Registers the watches; REQUEST is given away. Takes effect as session->notify. */
ImapNotify *imap_notify_new (ImapSession *self, ImapNotifyRequest *request);
/* Wakes nobody from here on; what a running job holds stays. */
void imap_notify_stop (ImapNotify *notify);
void imap_notify_free (ImapNotify *notify);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotify, imap_notify_free)
/* Gives NOTIFY's place to this one; NULL: as if the client had never used it. */
void imap_notify_replace (ImapSession *self, ImapNotify *notify);

/* What of the selected mailbox is told, as ImapNotifyEvent bits. */
guint imap_notify_selected_events (const ImapSession *self);
/* What new messages are shown with, or NULL. */
ImapItems *imap_notify_items (const ImapSession *self);

/* Looks at other mailboxes if something has fired, then at the selected one; then NEXT runs (also
 * when the connection has ended). The input waits. */
void imap_notify_bring (ImapSession *self, gboolean with_expunges, ImapContinuation next,
                        gpointer data);
/* A watch has fired. */
void imap_notify_wake (ImapSession *self);
/* There is something for other mailboxes. */
gboolean imap_notify_is_pending (const ImapSession *self);
/* No command runs: tells what is due, then takes input. */
void imap_notify_rest (ImapSession *self, gpointer data);

/* Watches whose mailboxes the session can see, besides its own. OWNERS: GArray of gint64. */
void imap_notify_watch_owners (ImapSession *self, ImapNotify *notify, const GArray *owners);
