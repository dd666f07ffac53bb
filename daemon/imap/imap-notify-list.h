/* The LIST responses that NOTIFY owes a client: each name once, in order, with right attributes. */
#pragma once
#include "imap/imap-notify-known.h"

typedef struct {
  char *name;
  char *old; /* it was renamed from; NULL: it was not. Free with g_free */
  gboolean no_access; /* \NoAccess besides what is known of it */
} ImapNotifyTelling;

typedef struct _ImapNotifyList ImapNotifyList;
ImapNotifyList *imap_notify_list_new (void);
void imap_notify_list_free (ImapNotifyList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotifyList, imap_notify_list_free)

/* NAME is to be told; the same again when it is already. Belongs to LIST. */
ImapNotifyTelling *imap_notify_list_add (ImapNotifyList *list, const char *name);
/* NOW: what is known of the mailboxes; PLACES: those that can be seen (place_list). */
void imap_notify_list_print (ImapNotifyList *list, const ImapKnown *now, const GPtrArray *places,
                             gboolean utf8, GString *out);
