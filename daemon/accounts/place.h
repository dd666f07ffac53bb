/* A mailbox as an account names it, and what the account may do there. Inside store jobs. */
#pragma once
#include "accounts/rights.h"
#include "store/mailbox.h"

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
/* All that ACCOUNT may see, sorted by name, INBOX first: GPtrArray of Place. */
GPtrArray *place_list (Database *database, gint64 account, GError **error);
