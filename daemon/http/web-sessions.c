/* The table of sessions, by the digest of their tokens. */
#include "http/web-sessions.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <string.h>

#define SESSIONS_MOST 2000
#define SESSIONS_OF_USER 10
#define LIFETIME (12 * 3600 * G_TIME_SPAN_SECOND) /* whatever it does */
#define TOKEN_BYTES 32
#define TOKEN_LENGTH 43 /* in base64url */

typedef struct {
  WebSession base;
  gint64 used;
} Entry;

struct _WebSessions {
  GMutex lock;
  GHashTable *entries; /* digest of the token to Entry */
};

static void
clear_session (WebSession *self)
{
  g_free (self->user);
  if (self->form_token != NULL)
    OPENSSL_cleanse (self->form_token, strlen (self->form_token));
  g_free (self->form_token);
}

void
web_session_free (WebSession *self)
{
  if (self == NULL)
    return;
  clear_session (self);
  g_free (self);
}

static void
entry_free (gpointer data)
{
  Entry *self = data;

  clear_session (&self->base);
  g_free (self);
}

static char *
random_token (void)
{
  guint8 bytes[TOKEN_BYTES];

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    return NULL;
  char *text = g_base64_encode (bytes, sizeof bytes);
  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  OPENSSL_cleanse (bytes, sizeof bytes);
  return text;
}

/* NULL: it has not even the form of one. */
static char *
digest_of (const char *token)
{
  if (token == NULL || strlen (token) != TOKEN_LENGTH)
    return NULL;
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, TOKEN_LENGTH);
}

WebSessions *
web_sessions_new (void)
{
  WebSessions *self = g_new0 (WebSessions, 1);

  g_mutex_init (&self->lock);
  self->entries = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, entry_free);
  return self;
}

void
web_sessions_free (WebSessions *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_over (const Entry *self, gint64 now)
{
  return now - self->base.begun > LIFETIME
      || now - self->used > setting_number (SETTING_WEB_SESSION_TIME) * G_TIME_SPAN_SECOND;
}

/* With the lock: takes out what is over. Of USER (NULL: of all), the one that was used longest ago.
 */
static const char *
find_oldest (WebSessions *self, const char *user, gint64 now, guint *count)
{
  GHashTableIter iter;
  gpointer digest, value;
  const char *oldest = NULL;
  gint64 used = G_MAXINT64;

  *count = 0;
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &digest, &value)) {
    const Entry *entry = value;
    if (is_over (entry, now)) {
      g_hash_table_iter_remove (&iter);
      continue;
    }
    if (user != NULL && strcmp (entry->base.user, user) != 0)
      continue;
    ++*count;
    if (entry->used < used) {
      used = entry->used;
      oldest = digest;
    }
  }
  return oldest;
}

/* With the lock. */
static void
make_room (WebSessions *self, const char *user, guint most, gint64 now)
{
  guint count;
  const char *oldest = find_oldest (self, user, now, &count);

  if (oldest != NULL && count >= most)
    g_hash_table_remove (self->entries, oldest);
}

char *
web_sessions_begin (WebSessions *self, const char *user, gint64 now)
{
  g_autofree char *token = random_token ();
  g_autofree char *form_token = random_token ();
  Entry *entry;

  if (token == NULL || form_token == NULL)
    return NULL;
  entry = g_new0 (Entry, 1);
  entry->base.user = g_strdup (user);
  entry->base.form_token = g_steal_pointer (&form_token);
  entry->base.begun = entry->used = now;

  g_mutex_lock (&self->lock);
  make_room (self, user, SESSIONS_OF_USER, now);
  make_room (self, NULL, SESSIONS_MOST, now);
  g_hash_table_insert (self->entries, digest_of (token), entry);
  g_mutex_unlock (&self->lock);
  return g_steal_pointer (&token);
}

WebSession *
web_sessions_find (WebSessions *self, const char *token, gint64 now)
{
  g_autofree char *digest = digest_of (token);
  WebSession *found = NULL;

  if (digest == NULL)
    return NULL;
  g_mutex_lock (&self->lock);
  Entry *entry = g_hash_table_lookup (self->entries, digest);
  if (entry != NULL && is_over (entry, now))
    g_hash_table_remove (self->entries, digest);
  else if (entry != NULL) {
    entry->used = now;
    found = g_new0 (WebSession, 1);
    found->user = g_strdup (entry->base.user);
    found->form_token = g_strdup (entry->base.form_token);
    found->begun = entry->base.begun;
  }
  g_mutex_unlock (&self->lock);
  return found;
}

void
web_sessions_end (WebSessions *self, const char *token)
{
  g_autofree char *digest = digest_of (token);

  if (digest == NULL)
    return;
  g_mutex_lock (&self->lock);
  g_hash_table_remove (self->entries, digest);
  g_mutex_unlock (&self->lock);
}

void
web_sessions_end_user (WebSessions *self, const char *user, const char *kept)
{
  g_autofree char *kept_digest = digest_of (kept);
  GHashTableIter iter;
  gpointer digest, entry;

  g_mutex_lock (&self->lock);
  g_hash_table_iter_init (&iter, self->entries);
  while (g_hash_table_iter_next (&iter, &digest, &entry))
    if (strcmp (((Entry *)entry)->base.user, user) == 0 && g_strcmp0 (digest, kept_digest) != 0)
      g_hash_table_iter_remove (&iter);
  g_mutex_unlock (&self->lock);
}

guint
web_sessions_count (WebSessions *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = g_hash_table_size (self->entries);
  g_mutex_unlock (&self->lock);
  return count;
}

gboolean
web_session_has_form_token (const WebSession *self, const char *given)
{
  const gsize length = strlen (self->form_token);

  return given != NULL && strlen (given) == length
      && CRYPTO_memcmp (self->form_token, given, length) == 0;
}
