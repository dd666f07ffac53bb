/* The server's side of SASL PLAIN and LOGIN: base64 responses in, a user and a password out. */
#include "accounts/sasl.h"

#include <openssl/crypto.h>
#include <string.h>

/* RFC 4616 §2: authzid, authcid and passwd have at most 255 characters each (of up to 4 bytes). */
#define FIELD_MAX 1020
#define RESPONSE_MAX (4 * (FIELD_MAX + 2))

struct _Sasl {
  SaslStep (*expect) (Sasl *self, const guint8 *bytes, gsize length, const char **challenge);
  const char *first_challenge; /* sent when there was no initial response */
  char *user;
  char *password;
};

static SaslStep expect_plain (Sasl *self, const guint8 *bytes, gsize length,
                              const char **challenge);
static SaslStep expect_login_user (Sasl *self, const guint8 *bytes, gsize length,
                                   const char **challenge);

/* To add a mechanism, add a line here and its steps below. */
static const struct {
  const char *name;
  const char *first_challenge;
  SaslStep (*expect) (Sasl *self, const guint8 *bytes, gsize length, const char **challenge);
} mechanisms[] = {
  { "PLAIN", "", expect_plain },
  /* Outlook compares the prompts: exactly "Username:" and "Password:". */
  { "LOGIN", "VXNlcm5hbWU6", expect_login_user },
};

/* One credential: UTF-8 without NUL, not empty, of bounded length. */
static char *
take_field (const guint8 *bytes, gsize length)
{
  if (length == 0 || length > FIELD_MAX || memchr (bytes, 0, length) != NULL
      || !g_utf8_validate ((const char *)bytes, length, NULL))
    return NULL;
  return g_strndup ((const char *)bytes, length);
}

static gboolean
same_bytes (const char *text, const guint8 *bytes, gsize length)
{
  return strlen (text) == length && memcmp (text, bytes, length) == 0;
}

/* [authzid] NUL authcid NUL passwd (RFC 4616 §2). */
static SaslStep
expect_plain (Sasl *self, const guint8 *bytes, gsize length, const char **challenge)
{
  const guint8 *end = bytes + length;
  const guint8 *user = memchr (bytes, 0, length);
  const guint8 *password = user ? memchr (user + 1, 0, end - user - 1) : NULL;
  gsize authzid_length;

  self->expect = NULL;
  if (password == NULL)
    return SASL_MALFORMED;
  authzid_length = user++ - bytes;
  self->user = take_field (user, password - user);
  password++;
  self->password = take_field (password, end - password);
  if (self->user == NULL || self->password == NULL)
    return SASL_MALFORMED;
  /* Nobody may act as somebody else, so an authorization identity can only repeat the user. */
  if (authzid_length > 0 && !same_bytes (self->user, bytes, authzid_length))
    return SASL_MALFORMED;
  return SASL_CREDENTIALS;
}

static SaslStep
expect_login_password (Sasl *self, const guint8 *bytes, gsize length, const char **challenge)
{
  self->expect = NULL;
  self->password = take_field (bytes, length);
  return self->password ? SASL_CREDENTIALS : SASL_MALFORMED;
}

static SaslStep
expect_login_user (Sasl *self, const guint8 *bytes, gsize length, const char **challenge)
{
  self->expect = NULL;
  self->user = take_field (bytes, length);
  if (self->user == NULL)
    return SASL_MALFORMED;
  self->expect = expect_login_password;
  *challenge = "UGFzc3dvcmQ6";
  return SASL_CONTINUE;
}

Sasl *
sasl_new (const char *mechanism)
{
  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++)
    if (g_ascii_strcasecmp (mechanism, mechanisms[i].name) == 0) {
      Sasl *self = g_new0 (Sasl, 1);

      self->expect = mechanisms[i].expect;
      self->first_challenge = mechanisms[i].first_challenge;
      return self;
    }
  return NULL;
}

void
sasl_free (Sasl *self)
{
  if (self->password)
    OPENSSL_cleanse (self->password, strlen (self->password));
  g_free (self->password);
  g_free (self->user);
  g_free (self);
}

static gboolean
is_base64 (const char *text, gsize length)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  gsize padding = 0;

  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  if (length % 4 != 0)
    return FALSE;
  for (gsize i = 0; i < length - padding; i++)
    if (text[i] == '\0' || strchr (alphabet, text[i]) == NULL)
      return FALSE;
  return TRUE;
}

char *
sasl_decode (const char *response, gsize length, gsize *length_out)
{
  g_autofree char *bytes = NULL;
  gsize decoded = 0;
  int state = 0;
  guint save = 0;

  if (length > RESPONSE_MAX)
    return NULL;
  bytes = g_malloc0 (length / 4 * 3 + 4);
  if (length != 1 || response[0] != '=') {
    if (!is_base64 (response, length))
      return NULL;
    decoded = g_base64_decode_step (response, length, (guint8 *)bytes, &state, &save);
  }
  if (length_out)
    *length_out = decoded;
  else if (memchr (bytes, '\0', decoded) != NULL)
    return NULL;
  return g_steal_pointer (&bytes);
}

SaslStep
sasl_step (Sasl *self, const char *response, gsize length, const char **challenge)
{
  guint8 bytes[RESPONSE_MAX / 4 * 3 + 3];
  int state = 0;
  guint save = 0;
  gsize decoded = 0;
  SaslStep step;

  *challenge = NULL;
  if (response == NULL && self->first_challenge) {
    *challenge = self->first_challenge;
    self->first_challenge = NULL;
    return SASL_CONTINUE;
  }
  self->first_challenge = NULL;
  if (response == NULL || self->expect == NULL || length > RESPONSE_MAX)
    return SASL_MALFORMED;
  if (length != 1 || response[0] != '=') {
    if (!is_base64 (response, length))
      return SASL_MALFORMED;
    decoded = g_base64_decode_step (response, length, bytes, &state, &save);
  }
  step = self->expect (self, bytes, decoded, challenge);
  OPENSSL_cleanse (bytes, decoded);
  return step;
}

const char *
sasl_user (Sasl *self)
{
  return self->user;
}

const char *
sasl_password (Sasl *self)
{
  return self->password;
}

const char *
sasl_mechanisms (void)
{
  return "PLAIN LOGIN";
}
