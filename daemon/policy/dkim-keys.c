/* Makes, keeps and rotates the keys of our domains. */
#include "policy/dkim-keys.h"
#include "accounts/domain.h"
#include "language.h"
#include <gio/gio.h>
#include <openssl/crypto.h>
#include <string.h>

static const char *const states[] = { "next", "active", "old" };
static const char *const letters[] = { [DKIM_RSA_SHA256] = "r", [DKIM_ED25519_SHA256] = "e" };

static void
key_free (gpointer data)
{
  DkimStoredKey *key = data;

  if (key->pem)
    OPENSSL_cleanse (key->pem, strlen (key->pem));
  g_free (key->pem);
  g_free (key->domain);
  g_free (key->selector);
  g_free (key);
}

const char *
dkim_key_state_name (DkimKeyState state)
{
  return states[state];
}

/* A row's name is "dkim/DOMAIN/SELECTOR", its value "ALGORITHM STATE CREATED", a line end, the PEM.
 */
static DkimStoredKey *
key_parse (const char *domain, const char *name, const char *value)
{
  const char *end = strchr (value, '\n');
  g_autofree char *line = end ? g_strndup (value, end - value) : g_strdup ("");
  g_auto (GStrv) words = g_strsplit (line, " ", 3);
  DkimStoredKey *key;
  DkimAlgorithm algorithm;
  guint state = 0;

  if (g_strv_length (words) != 3 || !dkim_algorithm_parse (words[0], &algorithm))
    return NULL;
  while (state < G_N_ELEMENTS (states) && strcmp (states[state], words[1]) != 0)
    state++;
  if (state == G_N_ELEMENTS (states))
    return NULL;
  key = g_new0 (DkimStoredKey, 1);
  key->domain = g_strdup (domain);
  key->selector = g_strdup (strrchr (name, '/') + 1);
  key->algorithm = algorithm;
  key->state = state;
  key->created = g_ascii_strtoll (words[2], NULL, 10);
  key->pem = g_strdup (end + 1);
  return key;
}

GPtrArray *
dkim_keys_list (Database *database, const char *domain, GError **error)
{
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (key_free);
  g_autofree char *first = g_strdup_printf ("dkim/%s/", domain);
  g_autofree char *behind = g_strdup_printf ("dkim/%s0", domain); /* '0' follows '/' */
  GError *failure = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT name, value FROM secret WHERE name >= ?1 AND name < ?2 ORDER BY name", "tt", first,
      behind);

  if (row == NULL)
    return NULL;
  while (statement_next (row, &failure)) {
    gsize length;
    const void *bytes = statement_blob (row, 1, &length);
    g_autofree char *value = g_strndup (bytes, length);
    DkimStoredKey *key = key_parse (domain, statement_text (row, 0), value);

    OPENSSL_cleanse (value, strlen (value));
    if (key)
      g_ptr_array_add (keys, key);
  }
  statement_done (row);
  if (failure == NULL)
    return g_steal_pointer (&keys);
  g_propagate_error (error, failure);
  return NULL;
}

typedef struct {
  const char *domain;
  GPtrArray *keys;
} KeysQuestion;

static gboolean
read_keys (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  KeysQuestion *question = data;
  Database *database = store_snapshot_database (snapshot);

  g_clear_pointer (&question->keys, g_ptr_array_unref);
  if (domain_find (database, question->domain, error))
    question->keys = dkim_keys_list (database, question->domain, error);
  return question->keys != NULL;
}

GPtrArray *
dkim_keys_read (Store *store, const char *domain, GError **error)
{
  KeysQuestion question = { .domain = domain };

  if (!store_read_sync (store, read_keys, &question, error))
    g_clear_pointer (&question.keys, g_ptr_array_unref);
  return question.keys;
}

char *
dkim_stored_key_name (const DkimStoredKey *key)
{
  return g_strdup_printf ("%s._domainkey.%s", key->selector, key->domain);
}

char *
dkim_stored_key_record (const DkimStoredKey *key)
{
  EVP_PKEY *private = dkim_key_read_private (key->pem, key->algorithm);
  char *record = private ? dkim_key_record (private, key->algorithm) : NULL;

  EVP_PKEY_free (private);
  return record;
}

static gboolean
save (StoreTransaction *transaction, const DkimStoredKey *key, GError **error)
{
  g_autofree char *name = g_strdup_printf ("dkim/%s/%s", key->domain, key->selector);
  g_autofree char *value
      = g_strdup_printf ("%s %s %" G_GINT64_FORMAT "\n%s", dkim_algorithm_name (key->algorithm),
                         states[key->state], key->created, key->pem);
  const gboolean saved
      = database_run (store_transaction_database (transaction), error,
                      "INSERT OR REPLACE INTO secret (name, value) VALUES (?1, ?2)", "ts", name,
                      value, strlen (value));

  OPENSSL_cleanse (value, strlen (value));
  return saved;
}

static gboolean
forget (StoreTransaction *transaction, const DkimStoredKey *key, GError **error)
{
  g_autofree char *name = g_strdup_printf ("dkim/%s/%s", key->domain, key->selector);

  return database_run (store_transaction_database (transaction), error,
                       "DELETE FROM secret WHERE name = ?1", "t", name);
}

static const DkimStoredKey *
find_selector (const GPtrArray *keys, const char *selector)
{
  for (guint i = 0; i < keys->len; i++)
    if (strcmp (((DkimStoredKey *)keys->pdata[i])->selector, selector) == 0)
      return keys->pdata[i];
  return NULL;
}

/* "h20261129r", and with a number behind it when that day has one. */
static char *
free_selector (const GPtrArray *keys, DkimAlgorithm algorithm, gint64 now)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now);
  g_autofree char *day = g_date_time_format (time, "h%Y%m%d");
  char *selector = g_strconcat (day, letters[algorithm], NULL);

  for (guint number = 2; find_selector (keys, selector); number++) {
    g_free (selector);
    selector = g_strdup_printf ("%s%s%u", day, letters[algorithm], number);
  }
  return selector;
}

static gboolean
has_state (const GPtrArray *keys, DkimKeyState state)
{
  for (guint i = 0; i < keys->len; i++)
    if (((DkimStoredKey *)keys->pdata[i])->state == state)
      return TRUE;
  return FALSE;
}

/* A write job; MADE are the PEMs by algorithm. */
typedef struct {
  const char *domain;
  char *made[2];
  gboolean only_first; /* nothing to do when the domain has keys */
} Preparation;

static gboolean
add_keys (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Preparation *preparation = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GPtrArray) keys = NULL;
  const gint64 now = store_transaction_now (transaction);

  if (!domain_find (database, preparation->domain, error)
      || !(keys = dkim_keys_list (database, preparation->domain, error)))
    return FALSE;
  if (preparation->only_first && keys->len > 0)
    return TRUE;
  if (has_state (keys, DKIM_KEY_NEXT)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_EXISTS,
                 _ ("There are new keys for %s already: publish their records, then rotate."),
                 preparation->domain);
    return FALSE;
  }
  for (DkimAlgorithm algorithm = DKIM_RSA_SHA256; algorithm <= DKIM_ED25519_SHA256; algorithm++) {
    g_autofree char *selector = free_selector (keys, algorithm, now);
    const DkimStoredKey key
        = { .domain = (char *)preparation->domain,
            .selector = selector,
            .algorithm = algorithm,
            .state = has_state (keys, DKIM_KEY_ACTIVE) ? DKIM_KEY_NEXT : DKIM_KEY_ACTIVE,
            .created = now,
            .pem = preparation->made[algorithm] };
    if (!save (transaction, &key, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
prepare (Store *store, const char *domain, gboolean only_first, GError **error)
{
  Preparation preparation = { .domain = domain, .only_first = only_first };
  gboolean done = TRUE;

  for (guint i = 0; done && i < 2; i++)
    done = (preparation.made[i] = dkim_key_generate (i, error)) != NULL;
  done = done && store_write_sync (store, add_keys, &preparation, error);
  for (guint i = 0; i < 2; i++) {
    if (preparation.made[i])
      OPENSSL_cleanse (preparation.made[i], strlen (preparation.made[i]));
    g_free (preparation.made[i]);
  }
  return done;
}

gboolean
dkim_keys_prepare (Store *store, const char *domain, GError **error)
{
  return prepare (store, domain, FALSE, error);
}

static gboolean
rotate (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (GPtrArray) keys
      = dkim_keys_list (store_transaction_database (transaction), data, error);

  if (keys == NULL)
    return FALSE;
  if (!has_state (keys, DKIM_KEY_NEXT)) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                 _ ("There are no new keys for %s: prepare some first."), (const char *)data);
    return FALSE;
  }
  for (guint i = 0; i < keys->len; i++) {
    DkimStoredKey *key = keys->pdata[i];

    if (key->state == DKIM_KEY_OLD ? !forget (transaction, key, error)
                                   : (key->state++, !save (transaction, key, error)))
      return FALSE;
  }
  return TRUE;
}

gboolean
dkim_keys_rotate (Store *store, const char *domain, GError **error)
{
  return store_write_sync (store, rotate, (gpointer)domain, error);
}

gboolean
dkim_keys_remove (StoreTransaction *transaction, const char *domain, GError **error)
{
  g_autoptr (GPtrArray) keys
      = dkim_keys_list (store_transaction_database (transaction), domain, error);

  for (guint i = 0; keys && i < keys->len; i++)
    if (!forget (transaction, keys->pdata[i], error))
      return FALSE;
  return keys != NULL;
}

static gboolean
list_bare_domains (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  GPtrArray *bare = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (GPtrArray) domains = domain_list (database, error);

  for (guint i = 0; domains && i < domains->len; i++) {
    g_autoptr (GPtrArray) keys = dkim_keys_list (database, domains->pdata[i], error);

    if (keys == NULL)
      return FALSE;
    if (keys->len == 0)
      g_ptr_array_add (bare, g_strdup (domains->pdata[i]));
  }
  return domains != NULL;
}

gboolean
dkim_keys_complete (Store *store, GError **error)
{
  g_autoptr (GPtrArray) bare = g_ptr_array_new_with_free_func (g_free);

  if (!store_read_sync (store, list_bare_domains, bare, error))
    return FALSE;
  for (guint i = 0; i < bare->len; i++)
    if (!prepare (store, bare->pdata[i], TRUE, error))
      return FALSE;
  return TRUE;
}

char *
dkim_keys_sign (const GPtrArray *keys, DkimMessage *message, gint64 now)
{
  GString *fields = g_string_new (NULL);

  for (guint i = 0; keys && i < keys->len; i++) {
    const DkimStoredKey *key = keys->pdata[i];
    EVP_PKEY *private
        = key->state == DKIM_KEY_ACTIVE ? dkim_key_read_private (key->pem, key->algorithm) : NULL;
    g_autofree char *field = private
        ? dkim_sign (message, key->domain, key->selector, private, key->algorithm, now)
        : NULL;

    if (field)
      g_string_append (fields, field);
    EVP_PKEY_free (private);
  }
  return g_string_free (fields, FALSE);
}
