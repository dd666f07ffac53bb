/* Keys, and a DNS that has them, for tests of what is signed. */
#pragma once
#include "policy/dkim-sign.h"
#include "zone-fixture.h"

typedef struct {
  DkimAlgorithm algorithm;
  EVP_PKEY *key;
  char *record;
} DkimFixtureKey;

static inline DkimFixtureKey
dkim_fixture_key (DkimAlgorithm algorithm)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = dkim_key_generate (algorithm, &error);
  DkimFixtureKey self = { .algorithm = algorithm };

  g_assert_no_error (error);
  self.key = dkim_key_read_private (pem, algorithm);
  g_assert_nonnull (self.key);
  self.record = dkim_key_record (self.key, algorithm);
  return self;
}

static inline void
dkim_fixture_key_clear (DkimFixtureKey *self)
{
  EVP_PKEY_free (self->key);
  g_free (self->record);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (DkimFixtureKey, dkim_fixture_key_clear)

/* MAIL with a signature of example.com before it. */
static inline char *
dkim_fixture_sign (const char *mail, const char *selector, const DkimFixtureKey *key, gint64 now)
{
  g_autoptr (GBytes) bytes = g_bytes_new (mail, strlen (mail));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autofree char *field
      = dkim_sign (message, "example.com", selector, key->key, key->algorithm, now);

  g_assert_nonnull (field);
  return g_strconcat (field, mail, NULL);
}
