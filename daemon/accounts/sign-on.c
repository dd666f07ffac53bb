/* Chooses the mechanism and walks through its messages. */
#include "accounts/sign-on.h"

#include "accounts/external-login.h"
#include "accounts/sasl.h"
#include "accounts/scram-login.h"
#include "settings.h"

#include <string.h>

typedef enum {
  EXPECT_FIRST,
  EXPECT_FINAL,
  EXPECT_NOTHING, /* but the empty answer to the server's final message */
  EXPECT_END,
} ScramState;

struct _SignOn {
  guint references;
  Authenticator *authenticator;
  Channel *channel;
  char *protocol;
  Sasl *sasl; /* PLAIN and LOGIN */
  Scram *scram; /* SCRAM; none of both: EXTERNAL */
  ScramState state;
  char *fingerprint; /* of the client's certificate, for EXTERNAL */
  ScramLogin *login;
  char *challenge;
  Account *account;
};

#define SCRAM_NAME "SCRAM-SHA-256"
#define EXTERNAL_NAME "EXTERNAL"

gboolean
sign_on_is_safe (Channel *channel)
{
  const PlaintextPasswords allowed = setting_number (SETTING_PLAINTEXT_PASSWORDS);

  return channel_is_secure (channel) || allowed == PLAINTEXT_ALWAYS
      || (allowed == PLAINTEXT_LOOPBACK && channel_peer_is_loopback (channel));
}

/* What EXTERNAL would be about; NULL: it is not offered. */
static char *
external_fingerprint (Channel *channel)
{
  return setting_number (SETTING_CLIENT_CERTIFICATES) ? channel_tls_peer_fingerprint (channel)
                                                      : NULL;
}

char *
sign_on_mechanisms (Channel *channel)
{
  g_autofree char *fingerprint = external_fingerprint (channel);
  const char *external = fingerprint ? EXTERNAL_NAME " " : "";

  if (setting_number (SETTING_SCRAM) == SCRAM_OFF)
    return g_strconcat (external, sasl_mechanisms (), NULL);
  return g_strconcat (external, channel_is_secure (channel) ? SCRAM_NAME "-PLUS " : "",
                      SCRAM_NAME " ", sasl_mechanisms (), NULL);
}

/* RFC 9266 for TLS 1.3, RFC 5929 §4 for every version. */
static Scram *
make_scram (Channel *channel, gboolean plus)
{
  ScramBinding bindings[2];
  guint count = 0;

  if (channel_is_secure (channel)) {
    ScramBinding *binding = &bindings[count];
    binding->type = "tls-exporter";
    binding->length = 32;
    if (channel_tls_exporter (channel, binding->data))
      binding = &bindings[++count];
    binding->type = "tls-server-end-point";
    binding->length = channel_tls_end_point (channel, binding->data);
    if (binding->length > 0)
      count++;
  }
  return plus && count == 0 ? NULL : scram_new (plus, bindings, count);
}

static Scram *
scram_for (Channel *channel, const char *mechanism)
{
  if (setting_number (SETTING_SCRAM) == SCRAM_OFF)
    return NULL;
  if (g_ascii_strcasecmp (mechanism, SCRAM_NAME) == 0)
    return make_scram (channel, FALSE);
  return g_ascii_strcasecmp (mechanism, SCRAM_NAME "-PLUS") == 0 ? make_scram (channel, TRUE)
                                                                 : NULL;
}

SignOn *
sign_on_new (Authenticator *authenticator, Channel *channel, const char *protocol,
             const char *mechanism)
{
  Scram *scram = scram_for (channel, mechanism);
  Sasl *sasl = scram ? NULL : sasl_new (mechanism);
  char *fingerprint
      = g_ascii_strcasecmp (mechanism, EXTERNAL_NAME) == 0 ? external_fingerprint (channel) : NULL;
  SignOn *self;

  if (scram == NULL && sasl == NULL && fingerprint == NULL)
    return NULL;
  self = g_new0 (SignOn, 1);
  self->references = 1;
  self->authenticator = authenticator;
  self->channel = channel_ref (channel);
  self->protocol = g_strdup (protocol);
  self->sasl = sasl;
  self->scram = scram;
  self->fingerprint = fingerprint;
  return self;
}

SignOn *
sign_on_ref (SignOn *self)
{
  self->references++;
  return self;
}

void
sign_on_unref (SignOn *self)
{
  if (--self->references > 0)
    return;
  g_clear_pointer (&self->sasl, sasl_free);
  g_clear_pointer (&self->scram, scram_free);
  g_clear_pointer (&self->login, scram_login_free);
  g_clear_pointer (&self->account, account_free);
  g_free (self->fingerprint);
  g_free (self->challenge);
  g_free (self->protocol);
  channel_unref (self->channel);
  g_free (self);
}

static void
end (GTask *task, SignOnStep step)
{
  g_task_return_int (task, step);
}

static void
did_verify (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SignOn *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->account = authenticate_finish (result, &error);
  if (self->account)
    end (task, SIGN_ON_DONE);
  else
    g_task_return_error (task, error);
}

static void
challenge_with (SignOn *self, GTask *task, const char *text)
{
  g_free (self->challenge);
  self->challenge = g_base64_encode ((const guint8 *)text, strlen (text));
  end (task, SIGN_ON_CHALLENGE);
}

static void
step_sasl (SignOn *self, GTask *task, const char *response, gsize length)
{
  const char *challenge = NULL;

  switch (sasl_step (self->sasl, response, length, &challenge)) {
  case SASL_CONTINUE:
    g_free (self->challenge);
    self->challenge = g_strdup (challenge);
    end (task, SIGN_ON_CHALLENGE);
    break;
  case SASL_MALFORMED:
    end (task, SIGN_ON_MALFORMED);
    break;
  case SASL_CREDENTIALS:
    authenticate_async (self->authenticator, sasl_user (self->sasl), sasl_password (self->sasl),
                        self->protocol, channel_id (self->channel),
                        channel_peer_text (self->channel), did_verify, g_object_ref (task));
    break;
  }
}

static void
did_begin (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SignOn *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->login = scram_login_begin_finish (result, &error);
  if (self->login == NULL) {
    g_task_return_error (task, error);
    return;
  }
  self->state = EXPECT_FINAL;
  challenge_with (self, task, scram_last_challenge (self->scram));
}

static void
take_final (SignOn *self, GTask *task, const char *message)
{
  g_autofree char *signature = NULL;
  GError *error = NULL;

  if (!scram_take_final (self->scram, message))
    scram_login_refuse (self->login, &error);
  else
    self->account = scram_login_end (self->login, self->scram, &signature, &error);
  if (self->account == NULL) {
    g_task_return_error (task, error);
    return;
  }
  self->state = EXPECT_NOTHING;
  challenge_with (self, task, signature);
}

static void
step_scram (SignOn *self, GTask *task, const char *response, gsize length)
{
  g_autofree char *message = response ? sasl_decode (response, length, NULL) : NULL;
  const ScramState state = self->state;

  if (response == NULL && state == EXPECT_FIRST) { /* the client speaks first */
    challenge_with (self, task, "");
    return;
  }
  self->state = EXPECT_END;
  if (message == NULL)
    end (task, SIGN_ON_MALFORMED);
  else if (state == EXPECT_FIRST && scram_take_first (self->scram, message))
    scram_login_begin_async (self->authenticator, self->scram, self->protocol,
                             channel_id (self->channel), channel_peer_text (self->channel),
                             did_begin, g_object_ref (task));
  else if (state == EXPECT_FINAL)
    take_final (self, task, message);
  else if (state == EXPECT_NOTHING && *message == '\0')
    end (task, SIGN_ON_DONE);
  else
    end (task, SIGN_ON_MALFORMED);
}

static void
did_log_in (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  SignOn *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->account = external_login_finish (result, &error);
  if (self->account)
    end (task, SIGN_ON_DONE);
  else
    g_task_return_error (task, error);
}

/* One response, which is the authorization identity or empty (RFC 4422 appendix A.1). */
static void
step_external (SignOn *self, GTask *task, const char *response, gsize length)
{
  g_autofree char *identity = response ? sasl_decode (response, length, NULL) : NULL;
  const ScramState state = self->state;

  self->state = response ? EXPECT_END : EXPECT_FINAL;
  if (response == NULL && state == EXPECT_FIRST)
    challenge_with (self, task, "");
  else if (identity == NULL || state == EXPECT_END || !g_utf8_validate (identity, -1, NULL))
    end (task, SIGN_ON_MALFORMED);
  else
    external_login_async (self->authenticator, self->fingerprint, identity, self->protocol,
                          channel_id (self->channel), channel_peer_text (self->channel), did_log_in,
                          g_object_ref (task));
}

void
sign_on_step_async (SignOn *self, const char *response, gsize length, GAsyncReadyCallback callback,
                    gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);

  g_task_set_task_data (task, sign_on_ref (self), (GDestroyNotify)sign_on_unref);
  if (self->sasl)
    step_sasl (self, task, response, length);
  else if (self->scram)
    step_scram (self, task, response, length);
  else
    step_external (self, task, response, length);
}

SignOnStep
sign_on_step_finish (GAsyncResult *result, const char **challenge, Account **account,
                     GError **error)
{
  SignOn *self = g_task_get_task_data (G_TASK (result));
  const gssize step = g_task_propagate_int (G_TASK (result), error);

  if (step < 0)
    return SIGN_ON_REFUSED;
  if (step == SIGN_ON_CHALLENGE)
    *challenge = self->challenge;
  if (step == SIGN_ON_DONE)
    *account = g_steal_pointer (&self->account);
  return (SignOnStep)step;
}
