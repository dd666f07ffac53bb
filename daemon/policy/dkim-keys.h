/* The keys with which a domain's mail is signed. They lie among the store's secrets, and so in its
 * backups. A domain has two that sign, RSA and Ed25519, as not every receiver knows the latter. New
 * ones are made first, for their records to be published, and sign only after the rotation; those
 * before them stay published for mail that is still under way, until the next rotation. */
#pragma once
#include "policy/dkim-sign.h"
#include "store/store.h"

typedef enum { DKIM_KEY_NEXT, DKIM_KEY_ACTIVE, DKIM_KEY_OLD } DkimKeyState;

typedef struct {
  char *domain, *selector;
  DkimAlgorithm algorithm;
  DkimKeyState state;
  gint64 created; /* seconds, UTC */
  char *pem; /* secret */
} DkimStoredKey;

/* DkimStoredKey, by selector; NULL with ERROR. DOMAIN is normalized. */
GPtrArray *dkim_keys_list (Database *database, const char *domain, GError **error);
const char *dkim_key_state_name (DkimKeyState state);
/* The TXT record for the key, and where it belongs: free both with g_free. NULL: the key is broken.
 */
char *dkim_stored_key_record (const DkimStoredKey *key);
char *dkim_stored_key_name (const DkimStoredKey *key);

/* The same for a domain of ours, whose name is normalized; for a worker thread.
 * STORE_ERROR_NOT_FOUND: it is none. */
GPtrArray *dkim_keys_read (Store *store, const char *domain, GError **error);

/* These wait for the store, and for keys to be made: for a worker thread. DOMAIN is one of ours. */
/* New keys, that are to be published; the first ones of a domain sign at once. STORE_ERROR_EXISTS:
 * some wait already. */
gboolean dkim_keys_prepare (Store *store, const char *domain, GError **error);
/* From now on the prepared ones sign. STORE_ERROR_NOT_FOUND: there are none. */
gboolean dkim_keys_rotate (Store *store, const char *domain, GError **error);
/* Makes keys for each domain that has none. */
gboolean dkim_keys_complete (Store *store, GError **error);

/* Inside a write job: the domain is not ours any more. */
gboolean dkim_keys_remove (StoreTransaction *transaction, const char *domain, GError **error);

/* The signature fields for MESSAGE with those of KEYS that sign, in one text; "" when there are
 * none. */
char *dkim_keys_sign (const GPtrArray *keys, DkimMessage *message, gint64 now);
