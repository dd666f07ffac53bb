/* What has changed beside what a client was told (imap-notify-known.h), as responses. Inside a read
 * job, except where it says otherwise. */
#pragma once
#include "imap/imap-notify-known.h"
#include "store/notes.h"

typedef struct {
  /* What is asked. */
  ImapKnown *known; /* lent to the job; no other thread looks at it meanwhile */
  gint64 account;
  gboolean utf8; /* names */
  gboolean modseq; /* the client has enabled CONDSTORE */
  gint64 selected; /* mailbox, 0: none: nothing is said of its messages here, */
  gboolean selected_is_told; /* as the client hears of them otherwise */
  guint kinds; /* WatchKind bits: what to look at */
  GArray *accounts; /* gint64: whose messages have changed */
  GPtrArray *notes; /* ImapNotifyNote */
  /* What comes of it. */
  GString *out;
  GArray *owners; /* gint64: whose mailboxes can be seen; after WATCH_NAMES */
  gboolean overflow; /* too much to watch */
} ImapNotifyNews;

typedef struct {
  NoteKind kind;
  gint64 mailbox;
  char *text;
} ImapNotifyNote;

ImapNotifyNews *imap_notify_news_new (ImapKnown *known, gint64 account);
void imap_notify_news_free (ImapNotifyNews *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotifyNews, imap_notify_news_free)
/* Takes those after *SERIAL which concern the account and are not ORIGIN's. Any thread. FALSE: some
 * were missed. */
gboolean imap_notify_news_take_notes (ImapNotifyNews *news, Store *store, guint64 *serial,
                                      guint64 origin);

/* The first look, of NOTIFY SET: fills KNOWN; says which mailboxes cannot be watched, and STATUS if
 * it was asked for (RFC 5465 §3.1). */
gboolean imap_notify_news_begin (ImapNotifyNews *news, Database *database, GError **error);
/* Every further look. */
gboolean imap_notify_news_read (ImapNotifyNews *news, Database *database, GError **error);
