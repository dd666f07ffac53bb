/* Aliases: addresses that stand for others, here or elsewhere (accounts/group.h is for people who
 * get mail together). Inside store jobs. */
#pragma once
#include "store/store.h"

typedef struct {
  char *address;
  GPtrArray *targets; /* char * */
} Alias;
void alias_free (Alias *alias);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Alias, alias_free)

/* The domain must be ours and the address free. TARGETS: NULL-terminated, at least one. */
gboolean alias_add (StoreTransaction *transaction, const char *address, const char *const *targets,
                    GError **error);
gboolean alias_remove (StoreTransaction *transaction, const char *address, GError **error);
GPtrArray *alias_list (Database *database, GError **error); /* Alias, by address */
/* The targets of ADDRESS (normalized): char *, empty when it is no alias. NULL with ERROR. */
GPtrArray *alias_targets (Database *database, const char *address, GError **error);
/* STORE_ERROR_EXISTS when a user, an alias or a group has ADDRESS (normalized) already. */
gboolean address_require_free (Database *database, const char *address, GError **error);
