/* The table of open challenges: few, short-lived, behind one lock. */
#include "tls/acme-challenges.h"

/* Most requests come when nothing is open: they take no lock. */
static gint open; /* atomic */
static GMutex lock;
static GHashTable *answers; /* token to key authorization */
static GHashTable *contexts; /* name in lower case to SSL_CTX */

/* With the lock. */
static void
begin (void)
{
  if (answers)
    return;
  answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  contexts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)SSL_CTX_free);
}

static void
count (void)
{
  g_atomic_int_set (&open, (gint)(g_hash_table_size (answers) + g_hash_table_size (contexts)));
}

char *
acme_challenges_http (const char *token)
{
  char *answer = NULL;

  if (g_atomic_int_get (&open) == 0)
    return NULL;
  g_mutex_lock (&lock);
  answer = g_strdup (g_hash_table_lookup (answers, token));
  g_mutex_unlock (&lock);
  return answer;
}

SSL_CTX *
acme_challenges_tls (const char *name)
{
  SSL_CTX *context;

  if (g_atomic_int_get (&open) == 0)
    return NULL;
  g_autofree char *lower = g_ascii_strdown (name, -1);
  g_mutex_lock (&lock);
  context = g_hash_table_lookup (contexts, lower);
  if (context)
    SSL_CTX_up_ref (context);
  g_mutex_unlock (&lock);
  return context;
}

void
acme_challenges_add_http (const char *token, const char *authorization)
{
  g_mutex_lock (&lock);
  begin ();
  g_hash_table_insert (answers, g_strdup (token), g_strdup (authorization));
  count ();
  g_mutex_unlock (&lock);
}

void
acme_challenges_add_tls (const char *name, SSL_CTX *context)
{
  g_mutex_lock (&lock);
  begin ();
  SSL_CTX_up_ref (context);
  g_hash_table_insert (contexts, g_ascii_strdown (name, -1), context);
  count ();
  g_mutex_unlock (&lock);
}

void
acme_challenges_remove_http (const char *token)
{
  g_mutex_lock (&lock);
  begin ();
  g_hash_table_remove (answers, token);
  count ();
  g_mutex_unlock (&lock);
}

void
acme_challenges_remove_tls (const char *name)
{
  g_autofree char *lower = g_ascii_strdown (name, -1);

  g_mutex_lock (&lock);
  begin ();
  g_hash_table_remove (contexts, lower);
  count ();
  g_mutex_unlock (&lock);
}
