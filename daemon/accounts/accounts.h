/* Domains, users, aliases: their rows (inside store jobs) and what protocols ask of them
 * (asynchronously). Addresses are given in any form and normalized here (address_normalize). */
#pragma once
#include "store/mailbox.h"

typedef struct {
  gint64 id;
  char *address; /* normalized */
  char *display_name;
  gboolean enabled;
  gint64 quota; /* bytes, 0: none */
  gint64 used; /* bytes of live entries */
  gboolean administrator;
} Account;
void account_free (Account *account);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Account, account_free)

/* Inside jobs. Every function answers STORE_ERROR_EXISTS, _NOT_FOUND or _INVALID with a sentence a
 * person understands. */
gboolean domain_add (StoreTransaction *transaction, const char *name, GError **error);
gboolean domain_remove (StoreTransaction *transaction, const char *name,
                        GError **error); /* refused while it has users */
GPtrArray *domain_list (Database *database, GError **error); /* char * */
/* HASH: password_hash, or NULL (no login). Creates INBOX, Drafts, Sent, Junk, Trash, Archive,
 * subscribed, with SPECIAL-USE. */
gint64 account_add (StoreTransaction *transaction, const char *address, const char *hash,
                    const char *display_name, gint64 quota, gboolean administrator, GError **error);
gboolean account_set_password (StoreTransaction *transaction, const char *address, const char *hash,
                               GError **error);
gboolean account_set_enabled (StoreTransaction *transaction, const char *address, gboolean enabled,
                              GError **error);
gboolean account_set_quota (StoreTransaction *transaction, const char *address, gint64 quota,
                            GError **error);
/* A bulk job's slice: removes the user and all mail (freed after the tombstones' retention). DATA:
 * char *address. */
gboolean account_remove (StoreTransaction *transaction, gpointer address, gboolean *done,
                         GError **error);
Account *account_find (Database *database, const char *address, GError **error);
GPtrArray *account_list (Database *database, GError **error);
gboolean alias_add (StoreTransaction *transaction, const char *address, const char *const *targets,
                    GError **error);
gboolean alias_remove (StoreTransaction *transaction, const char *address, GError **error);
typedef struct {
  char *address;
  GPtrArray *targets;
} Alias;
GPtrArray *alias_list (Database *database, GError **error);

/* Where mail for an address goes. */
typedef enum {
  RECIPIENT_LOCAL, /* mailboxes are filled in */
  RECIPIENT_REMOTE, /* the domain is not ours */
  RECIPIENT_UNKNOWN, /* our domain, nobody there: 550 5.1.1 */
  RECIPIENT_OVER_QUOTA, /* 452 4.2.2 */
  RECIPIENT_DISABLED, /* 550 5.2.1 */
} RecipientKind;
typedef struct {
  RecipientKind kind;
  GArray *mailboxes; /* gint64 ids of the INBOXes, each once; aliases are followed (at most 10 deep,
                        loops end) */
  GPtrArray *remote; /* char *: targets of an alias outside */
} Recipient;
void recipient_free (Recipient *recipient);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Recipient, recipient_free)
/* Inside a read job. SIZE: the declared size or 0. postmaster@ and abuse@ of every domain of ours
 * (and bare "postmaster") go to the administrators unless an alias says otherwise. */
Recipient *recipient_resolve (Database *database, const char *address, gint64 size, GError **error);
/* Inside a read job: may ACCOUNT send as ADDRESS (its own, or an alias whose only target it is)? */
gboolean account_may_send_as (Database *database, gint64 account, const char *address);

/* Signing on. */
typedef struct _Authenticator Authenticator;
Authenticator *authenticator_new (Store *store);
void authenticator_free (Authenticator *authenticator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Authenticator, authenticator_free)
/* Verifies in a worker; slowed down per user + address after failures; unknown users cost the same
 * time. Logs. CHANNEL_ID and PEER are for the log line. NULL with G_IO_ERROR_PERMISSION_DENIED
 * (wrong, told alike for unknown user), G_IO_ERROR_BUSY (try later). */
void authenticate_async (Authenticator *authenticator, const char *user, const char *password,
                         const char *protocol, const char *channel_id, const char *peer,
                         GAsyncReadyCallback callback, gpointer data);
Account *authenticate_finish (GAsyncResult *result, GError **error);
