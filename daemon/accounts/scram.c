/* Parses and answers the messages of SCRAM, and does its arithmetic. */
#include "accounts/scram.h"

#include "accounts/saslprep.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#define MESSAGE_MAX 4096
#define NONCE_BYTES 18

struct _Scram {
  gboolean plus;
  ScramBinding *bindings;
  guint binding_count;
  const ScramBinding *binding; /* the one that the client chose, or NULL */
  char *header; /* the client's GS2 header */
  char *first_bare; /* its first message without it */
  char *user;
  char *nonce; /* the client's, then both */
  char *challenge;
  char *final_bare; /* its final message without the proof */
  guint8 proof[SCRAM_DIGEST];
};

static gboolean
hmac (const guint8 *key, const char *text, gsize length, guint8 digest[SCRAM_DIGEST])
{
  return HMAC (EVP_sha256 (), key, SCRAM_DIGEST, (const guint8 *)text, length, digest, NULL)
      != NULL;
}

static gboolean
sha256 (const guint8 *bytes, gsize length, guint8 digest[SCRAM_DIGEST])
{
  return EVP_Digest (bytes, length, digest, NULL, EVP_sha256 (), NULL) == 1;
}

gboolean
scram_derive (const char *password, const guint8 *salt, gsize salt_length, guint iterations,
              ScramKeys *keys)
{
  g_autofree char *prepared = saslprep (password);
  const char *text = prepared ? prepared : password;
  guint8 salted[SCRAM_DIGEST], client_key[SCRAM_DIGEST];
  const gboolean done = PKCS5_PBKDF2_HMAC (text, (int)strlen (text), salt, (int)salt_length,
                                           (int)iterations, EVP_sha256 (), SCRAM_DIGEST, salted)
          == 1
      && hmac (salted, "Client Key", 10, client_key)
      && sha256 (client_key, SCRAM_DIGEST, keys->stored_key)
      && hmac (salted, "Server Key", 10, keys->server_key);

  OPENSSL_cleanse (salted, sizeof salted);
  OPENSSL_cleanse (client_key, sizeof client_key);
  if (prepared)
    OPENSSL_cleanse (prepared, strlen (prepared));
  return done;
}

Scram *
scram_new (gboolean plus, const ScramBinding *bindings, guint count)
{
  Scram *self = g_new0 (Scram, 1);

  self->plus = plus;
  self->bindings = g_memdup2 (bindings, count * sizeof *bindings);
  self->binding_count = count;
  return self;
}

void
scram_free (Scram *self)
{
  g_free (self->bindings);
  g_free (self->header);
  g_free (self->first_bare);
  g_free (self->user);
  g_free (self->nonce);
  g_free (self->challenge);
  g_free (self->final_bare);
  g_free (self);
}

/* The value of attribute NAME at *TEXT, which moves past it and its comma; NULL: something else
 * stands there. */
static char *
take_attribute (const char **text, char name)
{
  const char *value = *text + 2;
  gsize length;

  if ((*text)[0] != name || (*text)[1] != '=')
    return NULL;
  length = strcspn (value, ",");
  *text = value + length + (value[length] == ',');
  return g_strndup (value, length);
}

/* =2C and =3D stand for comma and equals sign (RFC 5802 §5.1). */
static char *
decode_name (const char *text)
{
  g_autoptr (GString) name = g_string_new (NULL);

  for (; *text != '\0'; text++) {
    if (*text != '=') {
      g_string_append_c (name, *text);
      continue;
    }
    if (!g_str_has_prefix (text, "=2C") && !g_str_has_prefix (text, "=3D"))
      return NULL;
    g_string_append_c (name, text[1] == '2' ? ',' : '=');
    text += 2;
  }
  return saslprep (name->str);
}

static gboolean
choose_binding (Scram *self, const char *type)
{
  for (guint i = 0; i < self->binding_count; i++)
    if (strcmp (self->bindings[i].type, type) == 0)
      self->binding = &self->bindings[i];
  return self->plus && self->binding != NULL;
}

/* RFC 5802 §6: "y" says that the client would bind, had the server offered it; when it was offered,
 * somebody between them took it away. */
static gboolean
take_flag (Scram *self, const char **text)
{
  g_autofree char *type = take_attribute (text, 'p');

  if (type != NULL)
    return choose_binding (self, type);
  if (!g_str_has_prefix (*text, "n,") && !g_str_has_prefix (*text, "y,"))
    return FALSE;
  if (self->plus || (**text == 'y' && self->binding_count > 0))
    return FALSE;
  *text += 2;
  return TRUE;
}

/* An authorization identity can only repeat the user: nobody may act as somebody else. */
static gboolean
take_identity (const char **text, char **identity)
{
  g_autofree char *encoded = take_attribute (text, 'a');

  if (encoded != NULL) {
    *identity = decode_name (encoded);
    return *identity != NULL;
  }
  if (**text != ',')
    return FALSE;
  ++*text;
  return TRUE;
}

static gboolean
is_nonce (const char *text)
{
  if (text == NULL || *text == '\0')
    return FALSE;
  for (; *text != '\0'; text++)
    if (!g_ascii_isgraph (*text))
      return FALSE;
  return TRUE;
}

gboolean
scram_take_first (Scram *self, const char *message)
{
  const char *at = message;
  g_autofree char *identity = NULL;
  g_autofree char *name = NULL;

  if (strlen (message) > MESSAGE_MAX || self->header != NULL || !take_flag (self, &at)
      || !take_identity (&at, &identity))
    return FALSE;
  self->header = g_strndup (message, (gsize)(at - message));
  self->first_bare = g_strdup (at);
  name = take_attribute (&at, 'n'); /* "m=", an extension we must know, is none of ours */
  self->user = name ? decode_name (name) : NULL;
  self->nonce = take_attribute (&at, 'r');
  return self->user != NULL && is_nonce (self->nonce)
      && (identity == NULL || strcmp (identity, self->user) == 0);
}

const char *
scram_user (const Scram *self)
{
  return self->user;
}

static char *
random_nonce (void)
{
  guint8 bytes[NONCE_BYTES];

  if (RAND_bytes (bytes, sizeof bytes) != 1)
    g_error ("The system gives no random bytes");
  return g_base64_encode (bytes, sizeof bytes);
}

const char *
scram_challenge (Scram *self, const guint8 *salt, gsize salt_length, guint iterations,
                 const char *nonce)
{
  g_autofree char *own = nonce ? g_strdup (nonce) : random_nonce ();
  g_autofree char *both = g_strconcat (self->nonce, own, NULL);
  g_autofree char *text = g_base64_encode (salt, salt_length);

  g_free (self->nonce);
  self->nonce = g_steal_pointer (&both);
  g_free (self->challenge);
  self->challenge = g_strdup_printf ("r=%s,s=%s,i=%u", self->nonce, text, iterations);
  return self->challenge;
}

const char *
scram_last_challenge (const Scram *self)
{
  return self->challenge;
}

/* The header again, and with -PLUS what the client's end of the channel says. */
static gboolean
is_same_channel (const Scram *self, const char *encoded)
{
  const gsize header = strlen (self->header);
  const gsize bound = self->binding ? self->binding->length : 0;
  g_autofree guint8 *wanted = g_malloc (header + bound);
  g_autofree char *text = NULL;

  memcpy (wanted, self->header, header);
  if (bound > 0)
    memcpy (wanted + header, self->binding->data, bound);
  text = g_base64_encode (wanted, header + bound);
  return strlen (text) == strlen (encoded) && CRYPTO_memcmp (text, encoded, strlen (text)) == 0;
}

static gboolean
take_proof (Scram *self, const char *encoded)
{
  gsize length;
  g_autofree guint8 *bytes = g_base64_decode (encoded, &length);
  g_autofree char *canonical = g_base64_encode (bytes, length);

  if (length != SCRAM_DIGEST || strcmp (canonical, encoded) != 0)
    return FALSE;
  memcpy (self->proof, bytes, SCRAM_DIGEST);
  return TRUE;
}

gboolean
scram_take_final (Scram *self, const char *message)
{
  const char *at = message;
  const char *proof = g_strrstr (message, ",p=");
  g_autofree char *binding = NULL;
  g_autofree char *nonce = NULL;

  if (strlen (message) > MESSAGE_MAX || self->challenge == NULL || self->final_bare != NULL
      || proof == NULL)
    return FALSE;
  self->final_bare = g_strndup (message, (gsize)(proof - message));
  binding = take_attribute (&at, 'c');
  nonce = binding ? take_attribute (&at, 'r') : NULL;
  return nonce != NULL && strcmp (nonce, self->nonce) == 0 && is_same_channel (self, binding)
      && take_proof (self, proof + 3);
}

static char *
auth_message (const Scram *self)
{
  return g_strjoin (",", self->first_bare, self->challenge, self->final_bare, NULL);
}

gboolean
scram_is_proved (const Scram *self, const ScramKeys *keys)
{
  g_autofree char *message = auth_message (self);
  guint8 key[SCRAM_DIGEST], digest[SCRAM_DIGEST];

  if (!hmac (keys->stored_key, message, strlen (message), key))
    return FALSE;
  for (guint i = 0; i < SCRAM_DIGEST; i++)
    key[i] ^= self->proof[i];
  return sha256 (key, SCRAM_DIGEST, digest)
      && CRYPTO_memcmp (digest, keys->stored_key, SCRAM_DIGEST) == 0;
}

char *
scram_signature (const Scram *self, const ScramKeys *keys)
{
  g_autofree char *message = auth_message (self);
  g_autofree char *text = NULL;
  guint8 signature[SCRAM_DIGEST];

  if (!hmac (keys->server_key, message, strlen (message), signature))
    return g_strdup ("e=other-error");
  text = g_base64_encode (signature, sizeof signature);
  return g_strconcat ("v=", text, NULL);
}
