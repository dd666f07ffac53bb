/* Makes ARC sets. Other algorithms than RSA would do for the RFC, but few verifiers know them, and
 * an instance has one set only. */
#include "policy/arc-sign.h"
#include "policy/arc-chain.h"
#include <string.h>

static const DkimStoredKey *
find_key (const GPtrArray *keys)
{
  for (guint i = 0; keys && i < keys->len; i++) {
    const DkimStoredKey *key = keys->pdata[i];

    if (key->state == DKIM_KEY_ACTIVE && key->algorithm == DKIM_RSA_SHA256)
      return key;
  }
  return NULL;
}

/* A set while it is made. */
typedef struct {
  const ArcSealing *sealing;
  const DkimStoredKey *stored;
  EVP_PKEY *key;
  guint instance;
  gint64 now;
} Sealer;

static char *
write_results (const Sealer *self)
{
  return g_strdup_printf ("ARC-Authentication-Results: i=%u; %s\r\n", self->instance,
                          self->sealing->results);
}

/* §4.1.2 */
static char *
sign_message (const Sealer *self, DkimMessage *message)
{
  g_autoptr (GString) field = g_string_new (NULL);

  g_string_printf (field,
                   "ARC-Message-Signature: i=%u; a=%s; c=relaxed/relaxed;\r\n\td=%s; s=%s;"
                   " t=%" G_GINT64_FORMAT ";",
                   self->instance, dkim_algorithm_name (self->stored->algorithm),
                   self->stored->domain, self->stored->selector, self->now);
  return dkim_sign_message (field, message, TRUE, self->key, self->stored->algorithm)
      ? g_string_free (g_steal_pointer (&field), FALSE)
      : NULL;
}

/* §5.1.1; of a broken chain nothing is signed but the new set (§5.1.2). */
static void
append_chain (const Sealer *self, GString *data, const DkimHeader *header)
{
  g_autoptr (ArcChain) chain = NULL;

  if (self->sealing->chain != ARC_PASS)
    return;
  chain = arc_chain_read (header);
  for (guint i = 1; i <= chain->count; i++)
    g_string_free (arc_chain_sealed (chain, i, data), TRUE);
}

/* §4.1.3 */
static char *
seal (const Sealer *self, const DkimHeader *header, const char *results, const char *signature)
{
  g_autoptr (GString) field = g_string_new (NULL);
  g_autoptr (GString) data = g_string_new (NULL);

  g_string_printf (field,
                   "ARC-Seal: i=%u; a=%s; cv=%s;\r\n\td=%s; s=%s; t=%" G_GINT64_FORMAT ";\r\n\tb=",
                   self->instance, dkim_algorithm_name (self->stored->algorithm),
                   arc_result_name (self->sealing->chain), self->stored->domain,
                   self->stored->selector, self->now);
  append_chain (self, data, header);
  dkim_canon_field (data, (const guint8 *)results, strlen (results), DKIM_RELAXED);
  dkim_canon_field (data, (const guint8 *)signature, strlen (signature), DKIM_RELAXED);
  dkim_append_unsigned (data, (const guint8 *)field->str, field->len, DKIM_RELAXED);
  return dkim_sign_data (field, data, self->key, self->stored->algorithm)
      ? g_string_free (g_steal_pointer (&field), FALSE)
      : NULL;
}

static char *
make_set (const Sealer *self, DkimMessage *message)
{
  g_autofree char *results = write_results (self);
  g_autofree char *signature = sign_message (self, message);
  g_autofree char *sealed
      = signature ? seal (self, dkim_message_header (message), results, signature) : NULL;

  return sealed ? g_strconcat (sealed, signature, results, NULL) : NULL;
}

char *
arc_sign (DkimMessage *message, const ArcSealing *sealing, gint64 now)
{
  const DkimHeader *header = dkim_message_header (message);
  const DkimStoredKey *stored = find_key (sealing->keys);
  const guint highest = arc_chain_highest (header);
  Sealer self = { sealing, stored, NULL, highest + 1, now };
  char *set;

  if (stored == NULL || header->is_cut || highest == ARC_SETS_MAX
      || arc_chain_is_given_up (header, highest))
    return NULL;
  self.key = dkim_key_read_private (stored->pem, stored->algorithm);
  set = self.key ? make_set (&self, message) : NULL;
  EVP_PKEY_free (self.key);
  return set;
}
