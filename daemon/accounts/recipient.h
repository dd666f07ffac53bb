/* Where mail for an address goes, and who may send as an address. */
#pragma once
#include "store/store.h"

typedef enum {
  RECIPIENT_LOCAL, /* mailboxes are filled in */
  RECIPIENT_REMOTE, /* the domain is not ours */
  RECIPIENT_UNKNOWN, /* our domain, nobody there: 550 5.1.1 */
  RECIPIENT_OVER_QUOTA, /* 452 4.2.2 */
  RECIPIENT_DISABLED, /* 550 5.2.1 */
  RECIPIENT_CLOSED, /* a group to which the sender may not write: 550 5.7.2 */
} RecipientKind;

typedef struct {
  RecipientKind kind;
  GArray *mailboxes; /* gint64 ids of the INBOXes, each once; aliases are followed (at most 10 deep,
                        loops end) */
  GPtrArray *remote; /* char *: targets of an alias outside, or where a report goes back to */
  gboolean is_return_path; /* of forwarded mail (srs.h): only reports may go there */
} Recipient;
void recipient_free (Recipient *recipient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recipient, recipient_free)

/* Inside a read job. SIZE: the declared size or 0. SENDER: the account that has signed on, or 0; a
 * group says who may write to it, and is not asked when the mail comes through another group.
 * postmaster@ and abuse@ of every domain of ours (and bare "postmaster") go to the administrators
 * unless an alias or a user has that address. An alias delivers to those of its targets that can
 * take mail; only when none can it is refused. Nobody has the name: what stands behind
 * SETTING_DETAIL_SEPARATOR is left out, and then the domain's catch-all gets it. */
Recipient *recipient_resolve (Database *database, const char *address, gint64 size, gint64 sender,
                              GError **error);
/* Inside a read job: may ACCOUNT send as ADDRESS (its own, an alias whose only target it is, a
 * role or a group that lets it; each also with a detail)? A catch-all gives no right. A device
 * (device.h) may only send as those that are listed for it. */
gboolean account_may_send_as (Database *database, gint64 account, const char *address);
