/* A mailbox as an account names it, and what the account may do there. Inside store jobs.
 *
 * An account's own mailboxes have plain names. "Other Users/ADDRESS" is another user's INBOX and
 * "Other Users/ADDRESS/NAME" another mailbox, as far as their owner has shared them;
 * "Shared/ADDRESS" is the mailbox of a role, in the same way. Flags belong to the mailbox: what one
 * has read (\Seen) the others see as read. */
#pragma once
#include "accounts/rights.h"
#include "store/mailbox.h"

#define PLACE_USERS "Other Users/"
#define PLACE_ROLES "Shared/"

typedef struct {
  char *name; /* as ACCOUNT says it */
  Mailbox *mailbox; /* its own NAME is the owner's; id 0: subscribed, but not there */
  guint rights; /* Right bits of the account */
  gboolean own; /* the account's own */
} Place;
void place_free (Place *place);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Place, place_free)

/* STORE_ERROR_NOT_FOUND also when ACCOUNT may not know of it; STORE_ERROR_DENIED when it lacks one
 * of NEEDED. */
Place *place_find (Database *database, gint64 account, const char *name, guint needed,
                   GError **error);
/* All that ACCOUNT may see, own ones first: GPtrArray of Place. */
GPtrArray *place_list (Database *database, gint64 account, GError **error);

/* Whose mailbox NAME is or would be, and how the owner says it (*LOCAL; free with g_free). */
gboolean place_locate (Database *database, gint64 account, const char *name, gint64 *owner,
                       char **local, GError **error);
/* What ACCOUNT may do with MAILBOX; for its own no question is asked. FALSE with ERROR. */
gboolean place_rights (Database *database, gint64 account, const Mailbox *mailbox, guint *rights,
                       GError **error);
/* FALSE with STORE_ERROR_DENIED, or _NOT_FOUND for who may not even know of it. */
gboolean place_require (guint rights, guint needed, GError **error);

/* The directory changes of mailbox.h for names of ACCOUNT, judged by its rights (RFC 4314 §4). What
 * is made below a shared mailbox is shared alike. */
gint64 place_create (StoreTransaction *transaction, gint64 account, const char *name,
                     GError **error);
gboolean place_rename (StoreTransaction *transaction, gint64 account, const char *from,
                       const char *to, GError **error);
gboolean place_delete (StoreTransaction *transaction, gint64 account, const char *name,
                       GError **error);
