/* A table of HMACs of account, stored hash and password. */
#include "accounts/verified.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define LIFETIME (15 * 60 * (gint64)G_USEC_PER_SEC)
#define ENTRIES_MAX 10000 /* one an account */
#define DIGEST_LENGTH 32

typedef struct {
  gint64 account; /* the table's key */
  gint64 expires;
  guint8 digest[DIGEST_LENGTH];
} Entry;

struct _Verified {
  GMutex lock;
  GHashTable *entries; /* Entry.account → Entry */
  guint8 key[DIGEST_LENGTH];
};

Verified *
verified_new (void)
{
  Verified *self = g_new0 (Verified, 1);

  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  if (RAND_bytes (self->key, sizeof self->key) != 1)
    g_error ("The system gives no random bytes");
  return self;
}

void
verified_free (Verified *self)
{
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  OPENSSL_cleanse (self->key, sizeof self->key);
  g_free (self);
}

/* Each part's length comes first, so that no two triples read alike. */
static gboolean
digest_of (Verified *self, gint64 account, const char *hash, const char *password,
           guint8 digest[DIGEST_LENGTH])
{
  gsize lengths[2] = { strlen (hash), strlen (password) };
  gsize total = sizeof account + sizeof lengths + lengths[0] + lengths[1];
  g_autofree guint8 *text = g_malloc (total);
  guint8 *at = text;
  gboolean done;

  memcpy (at, &account, sizeof account);
  at += sizeof account;
  memcpy (at, lengths, sizeof lengths);
  at += sizeof lengths;
  memcpy (at, hash, lengths[0]);
  memcpy (at + lengths[0], password, lengths[1]);
  done = HMAC (EVP_sha256 (), self->key, sizeof self->key, text, total, digest, NULL) != NULL;
  OPENSSL_cleanse (text, total);
  return done;
}

gboolean
verified_is_known (Verified *self, gint64 account, const char *hash, const char *password,
                   gint64 now)
{
  guint8 digest[DIGEST_LENGTH];
  g_autoptr (GMutexLocker) locker = NULL;
  Entry *entry;

  if (!digest_of (self, account, hash, password, digest))
    return FALSE;
  locker = g_mutex_locker_new (&self->lock);
  entry = g_hash_table_lookup (self->entries, &account);
  return entry && now < entry->expires && CRYPTO_memcmp (entry->digest, digest, sizeof digest) == 0;
}

static gboolean
is_over (gpointer key, gpointer value, gpointer now)
{
  return ((Entry *)value)->expires <= *(gint64 *)now;
}

void
verified_remember (Verified *self, gint64 account, const char *hash, const char *password,
                   gint64 now)
{
  g_autofree Entry *entry = g_new0 (Entry, 1);
  g_autoptr (GMutexLocker) locker = NULL;

  entry->account = account;
  entry->expires = now + LIFETIME;
  if (!digest_of (self, account, hash, password, entry->digest))
    return; /* the next sign-on pays for a hash */
  locker = g_mutex_locker_new (&self->lock);
  if (g_hash_table_size (self->entries) >= ENTRIES_MAX
      && g_hash_table_foreach_remove (self->entries, is_over, &now) == 0)
    g_hash_table_remove_all (self->entries);
  g_hash_table_replace (self->entries, &entry->account, entry);
  g_steal_pointer (&entry);
}
