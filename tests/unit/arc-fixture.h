/* Seals mails as forwarders do (RFC 8617 §5.1), with one key that all of them have. */
#pragma once
#include "policy/arc.h"
#include "dkim-fixture.h"
#include <string.h>

/* The Ed25519 signature over DATA in Base64 (RFC 8463 §3). */
static inline char *
arc_fixture_sign (const DkimFixtureKey *key, const GString *data)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 digest[32], signature[64];
  gsize length = sizeof signature;

  EVP_Digest (data->str, data->len, digest, NULL, EVP_sha256 (), NULL);
  g_assert_cmpint (EVP_DigestSignInit (context, NULL, NULL, NULL, key->key), ==, 1);
  g_assert_cmpint (EVP_DigestSign (context, signature, &length, digest, sizeof digest), ==, 1);
  EVP_MD_CTX_free (context);
  return g_base64_encode (signature, length);
}

static inline char *
arc_fixture_message_signature (const DkimFixtureKey *key, const char *text, guint instance,
                               const char *domain)
{
  static const char *const names[] = { "From", "Subject", NULL };
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  guint64 total;
  g_autofree char *hash
      = g_base64_encode (dkim_message_body_hash (message, DKIM_RELAXED, G_MAXUINT64, &total), 32);
  g_autofree char *field = g_strdup_printf (
      "ARC-Message-Signature: i=%u; a=ed25519-sha256; c=relaxed/relaxed; d=%s; s=k;\r\n"
      "\th=From:Subject; bh=%s; b=",
      instance, domain, hash);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *signature = NULL;

  dkim_header_append (dkim_message_header (message), data, names, DKIM_RELAXED, -1);
  dkim_append_unsigned (data, (const guint8 *)field, strlen (field), DKIM_RELAXED);
  signature = arc_fixture_sign (key, data);
  return g_strconcat (field, signature, "\r\n", NULL);
}

/* The ARC fields of TEXT in the order of RFC 8617 §5.1.1, each as it stands there. */
static inline void
arc_fixture_append_sets (GString *data, const char *text, guint count)
{
  static const char *const kinds[]
      = { "ARC-Authentication-Results", "ARC-Message-Signature", "ARC-Seal" };
  g_autoptr (DkimHeader) header = dkim_header_read ((const guint8 *)text, strlen (text));

  for (guint i = 1; i <= count; i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++) {
      g_autofree char *begin = g_strdup_printf ("%s: i=%u;", kinds[k], i);

      for (guint f = 0; f < header->fields->len; f++) {
        const ByteRange *whole = &g_array_index (header->fields, HeaderField, f).whole;
        if (g_str_has_prefix (text + whole->offset, begin))
          dkim_canon_field (data, (const guint8 *)text + whole->offset, whole->length,
                            DKIM_RELAXED);
      }
    }
}

/* TEXT with another set on top. */
static inline char *
arc_fixture_seal (const DkimFixtureKey *key, const char *text, guint instance, const char *domain,
                  const char *state, const char *results)
{
  g_autofree char *signature = arc_fixture_message_signature (key, text, instance, domain);
  g_autofree char *inner = g_strdup_printf ("%sARC-Authentication-Results: i=%u; %s; %s\r\n%s",
                                            signature, instance, domain, results, text);
  g_autofree char *field = g_strdup_printf (
      "ARC-Seal: i=%u; a=ed25519-sha256; cv=%s; d=%s; s=k; t=1700000000;\r\n\tb=", instance, state,
      domain);
  g_autoptr (GString) data = g_string_new (NULL);
  g_autofree char *mark = NULL;

  arc_fixture_append_sets (data, inner, instance);
  dkim_append_unsigned (data, (const guint8 *)field, strlen (field), DKIM_RELAXED);
  mark = arc_fixture_sign (key, data);
  return g_strconcat (field, mark, "\r\n", inner, NULL);
}

/* What becomes of TEXT when the DNS is ZONE. */
static inline ArcVerdict *
arc_fixture_check (const char *text, const ZoneRecord *zone, gint64 now)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  ArcVerdict *verdict;

  while (!(verdict = arc_check (message, answers, now)))
    g_assert_cmpuint (zone_answer (answers, zone), >, 0);
  return verdict;
}
