/* The LIST responses that NOTIFY owes a client, with right attributes: renames in the order
 * in which they were added, then other names, once each and sorted. */
#pragma once
#include "imap/imap-notify-known.h"

typedef struct {
  char *name;
  char *old; /* it was renamed from; NULL: it was not. Free with g_free */
  guint turn; /* among the renames; G_MAXUINT: it is none, and comes after them */
  gboolean no_access; /* \NoAccess besides what is known of it */
} ImapNotifyTelling;

typedef struct _ImapNotifyList ImapNotifyList;
ImapNotifyList *imap_notify_list_new (void);
void imap_notify_list_free (ImapNotifyList *list);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapNotifyList, imap_notify_list_free)

/* NAME is to be told; the same again when it is already. Belongs to LIST. */
ImapNotifyTelling *imap_notify_list_add (ImapNotifyList *list, const char *name);
/* It was called OLD when all renames before this one are done. */
void imap_notify_list_add_renamed (ImapNotifyList *list, const char *name, const char *old);
/* NOW: what is known of the mailboxes; PLACES: those that can be seen (place_list). */
void imap_notify_list_print (ImapNotifyList *list, const ImapKnown *now, const GPtrArray *places,
                             gboolean utf8, GString *out);
