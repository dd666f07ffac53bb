/* Role mailboxes (info@, sales@): an address, its mailboxes, its members and who of them may send
 * as it. A role is an account without a password, so mail comes in, is counted and is kept as
 * everybody's; members find it under PLACE_ROLES. Inside store jobs; addresses are normalized
 * inside. */
#pragma once
#include "store/store.h"

typedef struct {
  char *address;
  gboolean send_as;
} RoleMember;

typedef struct {
  char *address;
  char *display_name;
  gint64 quota, used;
  GPtrArray *members; /* RoleMember, by address */
} Role;
void role_free (Role *role);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Role, role_free)

gint64 role_add (StoreTransaction *transaction, const char *address, const char *display_name,
                 gint64 quota, GError **error);
/* An admitted member who is one already gets SEND_AS as given. */
gboolean role_admit (StoreTransaction *transaction, const char *address, const char *member,
                     gboolean send_as, GError **error);
gboolean role_dismiss (StoreTransaction *transaction, const char *address, const char *member,
                       GError **error);
/* With all its mail; removed-role.h is the way back, until the mail's retention is over. */
gboolean role_remove (StoreTransaction *transaction, const char *address, GError **error);
Role *role_find (Database *database, const char *address, GError **error);
GPtrArray *role_list (Database *database, GError **error); /* Role, by address */
