/* Access control lists (RFC 4314): who else may use a mailbox. Inside store jobs. An identifier is
 * a user's address or "anyone"; with '-' before it the rights are taken away. */
#pragma once
#include "accounts/place.h"

typedef struct {
  char *identifier;
  guint rights;
} AclEntry;
void acl_entry_free (AclEntry *entry);

/* The owner first: GPtrArray of AclEntry. */
GPtrArray *acl_list (Database *database, const Mailbox *mailbox, GError **error);

typedef enum { ACL_REPLACE, ACL_ADD, ACL_REMOVE } AclChange;
/* STORE_ERROR_NOT_FOUND: nobody is called IDENTIFIER; _INVALID: the owner's rights stay whole. An
 * entry that is left without rights goes. Sessions that have the mailbox open are told. */
gboolean acl_change (StoreTransaction *transaction, const Mailbox *mailbox, const char *identifier,
                     AclChange change, guint rights, GError **error);
/* "anna@example.com" → as it is kept; free with g_free. NULL: cannot be an identifier. */
char *acl_normalize (const char *identifier);
