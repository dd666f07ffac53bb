/* Users. Inside store jobs; errors are STORE_ERROR_EXISTS, _NOT_FOUND or _INVALID with a sentence a
 * person understands. */
#pragma once
#include "store/mailbox.h"

typedef enum {
  ADMIN_NOTHING,
  ADMIN_EVERYTHING,
  ADMIN_DOMAINS, /* some of them (administrator.h) */
  ADMIN_LOOKS, /* at everything, and changes nothing */
} AdminRole;

typedef struct {
  gint64 id;
  char *address; /* normalized */
  char *display_name;
  gboolean enabled;
  gint64 quota; /* bytes, 0: none */
  gint64 used; /* bytes of live entries */
  AdminRole admin_role;
  gboolean administrator; /* of everything */
  gint64 last_login; /* seconds, UTC, at most an hour late; 0: never */
  gboolean role; /* a role mailbox (role.h) */
  gboolean locked; /* nobody can log in, mail still comes (brake.h) */
  gboolean device; /* only hands in mail (device.h) */
  char *hidden; /* IMAP capabilities, separated by spaces, that its mail program must not see */
} Account;
void account_free (Account *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Account, account_free)

/* HASH: password_hash, or NULL (no login). Creates INBOX, Drafts, Sent, Junk, Trash, Archive,
 * subscribed, with SPECIAL-USE. 0 with ERROR. */
gint64 account_add (StoreTransaction *transaction, const char *address, const char *hash,
                    const char *display_name, gint64 quota, gboolean administrator, GError **error);
gboolean account_set_password (StoreTransaction *transaction, const char *address, const char *hash,
                               GError **error);
gboolean account_set_enabled (StoreTransaction *transaction, const char *address, gboolean enabled,
                              GError **error);
gboolean account_set_quota (StoreTransaction *transaction, const char *address, gint64 quota,
                            GError **error);
gboolean account_set_display_name (StoreTransaction *transaction, const char *address,
                                   const char *name, GError **error);
/* CAPABILITIES: names, separated by spaces. */
gboolean account_set_hidden (StoreTransaction *transaction, const char *address,
                             const char *capabilities, GError **error);
/* The user ID has logged in now. */
gboolean account_note_login (StoreTransaction *transaction, gint64 id, const char *from,
                             GError **error);
/* Inside any job: whether the user ID is there, neither disabled nor locked. */
gboolean account_is_open (Database *database, gint64 id, gboolean *open, GError **error);
/* A bulk job's slice: removes the user and all mail (freed after the tombstones' retention). DATA:
 * char *address. */
gboolean account_remove (StoreTransaction *transaction, gpointer address, gboolean *done,
                         GError **error);
Account *account_find (Database *database, const char *address, GError **error);
GPtrArray *account_list (Database *database, GError **error); /* Account, by address */
/* As account_find, with a copy of the stored hash (NULL: no login). For the authenticator alone. */
Account *account_find_with_hash (Database *database, const char *address, char **hash,
                                 GError **error);
