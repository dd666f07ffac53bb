/* The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, 7677): messages in, messages
 * out, without Base64. Pure, but for the server's nonce. */
#pragma once
#include <glib.h>

#define SCRAM_DIGEST 32
#define SCRAM_SALT 16
#define SCRAM_ITERATIONS 10000 /* RFC 7677 §4 asks for 4096 or more; clients pay too */
#define SCRAM_BINDING_MAX 64

/* What is kept of a password. */
typedef struct {
  guint8 stored_key[SCRAM_DIGEST], server_key[SCRAM_DIGEST];
} ScramKeys;

/* Slow on purpose: workers only. Takes PASSWORD through SASLprep when that is possible. FALSE: the
 * cryptographic library failed. */
gboolean scram_derive (const char *password, const guint8 *salt, gsize salt_length,
                       guint iterations, ScramKeys *keys);

/* What binds the exchange to the TLS connection (RFC 5929, 9266). */
typedef struct {
  const char *type; /* "tls-exporter" */
  guint8 data[SCRAM_BINDING_MAX];
  gsize length;
} ScramBinding;

typedef struct _Scram Scram;
/* PLUS: the mechanism's name has it. BINDINGS (copied): what this connection has; none: -PLUS is
 * not offered here. */
Scram *scram_new (gboolean plus, const ScramBinding *bindings, guint count);
void scram_free (Scram *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Scram, scram_free)

/* The client's first message; FALSE: malformed, or its channel binding cannot be. */
gboolean scram_take_first (Scram *self, const char *message);
const char *scram_user (const Scram *self);
/* The server's first message. NONCE: NULL, a random one. Belongs to SELF. */
const char *scram_challenge (Scram *self, const guint8 *salt, gsize salt_length, guint iterations,
                             const char *nonce);
const char *scram_last_challenge (const Scram *self);
/* The client's final message; FALSE: malformed, another nonce, or another channel. */
gboolean scram_take_final (Scram *self, const char *message);
/* The client knows the password of KEYS. Takes the same time either way. */
gboolean scram_is_proved (const Scram *self, const ScramKeys *keys);
/* The server's final message; free with g_free. */
char *scram_signature (const Scram *self, const ScramKeys *keys);
