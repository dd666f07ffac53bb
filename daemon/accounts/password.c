/* Turns passwords into scrypt hashes (RFC 7914) and checks them, with the parameters in the text.
 */
#include "accounts/password.h"
#include "language.h"
#include "accounts/saslprep.h"

#include <gio/gio.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <string.h>

#define LOG_N 15
#define BLOCK_SIZE 8
#define PARALLEL 1
#define SALT_LENGTH 16
#define HASH_LENGTH 32
/* A hash comes from the store or an import: bound what it can make a worker spend. */
#define LOG_N_MAX 20
#define BLOCK_SIZE_MAX 32
#define PARALLEL_MAX 16
#define TEXT_MAX 256
#define MEMORY_MAX (G_GUINT64_CONSTANT (1) << 30)

typedef struct {
  guint log_n, block_size, parallel;
  guint8 salt[64];
  gsize salt_length;
  guint8 hash[64];
  gsize hash_length;
} ScryptHash;

static gboolean
derive (const ScryptHash *parameters, const char *password, guint8 *out, gsize length)
{
  guint64 memory = (G_GUINT64_CONSTANT (128) << parameters->log_n) * parameters->block_size;

  if (memory > MEMORY_MAX)
    return FALSE;
  return EVP_PBE_scrypt (password, strlen (password), parameters->salt, parameters->salt_length,
                         G_GUINT64_CONSTANT (1) << parameters->log_n, parameters->block_size,
                         parameters->parallel, memory + (G_GUINT64_CONSTANT (8) << 20), out, length)
      == 1;
}

/* One base64 field into OUT; FALSE when it is damaged, empty or too long. */
static gboolean
decode_field (const char *text, guint8 *out, gsize room, gsize *length)
{
  g_autofree guint8 *bytes = NULL;
  g_autofree char *canonical = NULL;

  bytes = g_base64_decode (text, length);
  canonical = g_base64_encode (bytes, *length);
  if (*length == 0 || *length > room || strcmp (canonical, text) != 0)
    return FALSE;
  memcpy (out, bytes, *length);
  return TRUE;
}

static gboolean
parse_number (const char *text, const char *prefix, guint most, guint *number)
{
  guint64 value;

  if (!g_str_has_prefix (text, prefix)
      || !g_ascii_string_to_unsigned (text + strlen (prefix), 10, 1, most, &value, NULL))
    return FALSE;
  *number = value;
  return TRUE;
}

static gboolean
parse (const char *text, ScryptHash *hash)
{
  g_auto (GStrv) fields = NULL;
  g_auto (GStrv) numbers = NULL;

  if (text == NULL || strlen (text) > TEXT_MAX)
    return FALSE;
  fields = g_strsplit (text, "$", 6);
  if (g_strv_length (fields) != 5 || *fields[0] != '\0' || strcmp (fields[1], "scrypt") != 0)
    return FALSE;
  numbers = g_strsplit (fields[2], ",", 4);
  return g_strv_length (numbers) == 3 && parse_number (numbers[0], "ln=", LOG_N_MAX, &hash->log_n)
      && parse_number (numbers[1], "r=", BLOCK_SIZE_MAX, &hash->block_size)
      && parse_number (numbers[2], "p=", PARALLEL_MAX, &hash->parallel)
      && decode_field (fields[3], hash->salt, sizeof hash->salt, &hash->salt_length)
      && decode_field (fields[4], hash->hash, sizeof hash->hash, &hash->hash_length)
      && hash->hash_length >= 16;
}

/* The form in which every keyboard's "é" is the same (RFC 4013), as SCRAM has it; a password that
 * has none is taken as it is. */
static char *
prepare (const char *password)
{
  char *prepared = saslprep (password);

  return prepared ? prepared : g_strdup (password);
}

static void
wipe (char *password)
{
  OPENSSL_cleanse (password, strlen (password));
  g_free (password);
}

char *
password_hash (const char *password, GError **error)
{
  ScryptHash hash = { .log_n = LOG_N, .block_size = BLOCK_SIZE, .parallel = PARALLEL };
  g_autofree char *salt = NULL;
  g_autofree char *value = NULL;
  char *prepared = prepare (password);
  gboolean done;

  hash.salt_length = SALT_LENGTH;
  done = RAND_bytes (hash.salt, SALT_LENGTH) == 1
      && derive (&hash, prepared, hash.hash, HASH_LENGTH);
  wipe (prepared);
  if (!done) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("Cannot hash the password: the cryptographic library failed"));
    return NULL;
  }
  salt = g_base64_encode (hash.salt, SALT_LENGTH);
  value = g_base64_encode (hash.hash, HASH_LENGTH);
  return g_strdup_printf ("$scrypt$ln=%d,r=%d,p=%d$%s$%s", LOG_N, BLOCK_SIZE, PARALLEL, salt,
                          value);
}

static gboolean
fits (const ScryptHash *stored, const char *password)
{
  guint8 derived[sizeof stored->hash];
  gboolean same;

  if (!derive (stored, password, derived, stored->hash_length))
    return FALSE;
  same = CRYPTO_memcmp (derived, stored->hash, stored->hash_length) == 0;
  OPENSSL_cleanse (derived, sizeof derived);
  return same;
}

gboolean
password_verify (const char *hash, const char *password)
{
  ScryptHash stored;
  char *prepared;
  gboolean same;

  if (!parse (hash, &stored))
    return FALSE;
  prepared = prepare (password);
  same = fits (&stored, prepared);
  /* Hashes from elsewhere, or from before, may be of the bytes as they were typed. */
  if (!same && strcmp (prepared, password) != 0)
    same = fits (&stored, password);
  wipe (prepared);
  return same;
}

gboolean
password_is_dated (const char *hash)
{
  ScryptHash stored;

  return !parse (hash, &stored) || stored.log_n < LOG_N || stored.block_size < BLOCK_SIZE
      || stored.salt_length < SALT_LENGTH || stored.hash_length < HASH_LENGTH;
}
