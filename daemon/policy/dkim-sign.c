/* Signs messages, and makes the keys for it. */
#include "policy/dkim-sign.h"
#include <gio/gio.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#define RSA_BITS 2048

/* What a reader sees or answers to is named once more than it is there, so that nobody can add
 * another one (§8.15). Trace fields and what lists rewrite stay unsigned (§5.4.1). */
static const struct {
  const char *name;
  gboolean once_more;
} signed_fields[] = {
  { "From", TRUE },
  { "To", TRUE },
  { "Cc", TRUE },
  { "Subject", TRUE },
  { "Date", TRUE },
  { "Reply-To", TRUE },
  { "Message-ID", TRUE },
  { "Sender", FALSE },
  { "In-Reply-To", FALSE },
  { "References", FALSE },
  { "MIME-Version", TRUE },
  { "Content-Type", TRUE },
  { "Content-Transfer-Encoding", FALSE },
  { "Content-Language", FALSE },
  { "Autocrypt", FALSE },
  { "List-Unsubscribe", FALSE },
  { "List-Unsubscribe-Post", FALSE },
};

static EVP_PKEY *
generate (DkimAlgorithm algorithm)
{
  return algorithm == DKIM_RSA_SHA256 ? EVP_RSA_gen (RSA_BITS)
                                      : EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
}

char *
dkim_key_generate (DkimAlgorithm algorithm, GError **error)
{
  EVP_PKEY *key = generate (algorithm);
  BIO *memory = BIO_new (BIO_s_secmem ());
  char *pem = NULL, *bytes;
  long length;

  if (key && memory && PEM_write_bio_PrivateKey (memory, key, NULL, NULL, 0, NULL, NULL)) {
    length = BIO_get_mem_data (memory, &bytes);
    pem = g_strndup (bytes, length);
  } else {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot make a key for %s",
                 dkim_algorithm_name (algorithm));
  }
  BIO_free (memory);
  EVP_PKEY_free (key);
  return pem;
}

EVP_PKEY *
dkim_key_read_private (const char *pem, DkimAlgorithm algorithm)
{
  static const int types[]
      = { [DKIM_RSA_SHA256] = EVP_PKEY_RSA, [DKIM_ED25519_SHA256] = EVP_PKEY_ED25519 };
  BIO *memory = BIO_new_mem_buf (pem, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (memory, NULL, NULL, (void *)"");

  BIO_free (memory);
  if (key && EVP_PKEY_get_base_id (key) != types[algorithm])
    g_clear_pointer (&key, EVP_PKEY_free);
  return key;
}

char *
dkim_key_record (EVP_PKEY *key, DkimAlgorithm algorithm)
{
  g_autofree char *text = NULL;
  guint8 raw[32];
  gsize length = sizeof raw;
  guint8 *der = NULL;
  int size;

  if (algorithm == DKIM_ED25519_SHA256) {
    if (EVP_PKEY_get_raw_public_key (key, raw, &length) != 1)
      return NULL;
    text = g_base64_encode (raw, length);
    return g_strdup_printf ("v=DKIM1; k=ed25519; p=%s", text);
  }
  size = i2d_PUBKEY (key, &der);
  if (size <= 0)
    return NULL;
  text = g_base64_encode (der, size);
  OPENSSL_free (der);
  return g_strdup_printf ("v=DKIM1; k=rsa; p=%s", text);
}

static void
add_name (GPtrArray *names, const char *name, guint count)
{
  while (count-- > 0 && names->len < DKIM_SIGNED_FIELDS_MAX)
    g_ptr_array_add (names, (char *)name);
}

/* The names for h=: each field as often as it is there, some once more. */
static GPtrArray *
choose_fields (const DkimHeader *header, gboolean with_signatures)
{
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (signed_fields); i++)
    add_name (names, signed_fields[i].name,
              dkim_header_count (header, signed_fields[i].name) + signed_fields[i].once_more);
  if (with_signatures)
    add_name (names, "DKIM-Signature", dkim_header_count (header, "DKIM-Signature"));
  g_ptr_array_add (names, NULL);
  return names;
}

/* PREFIX and the words of LIST with SEPARATOR in between, on lines of bearable length. */
static void
append_folded (GString *out, const char *prefix, char **words, const char *separator)
{
  gsize line = 8 + strlen (prefix);

  g_string_append_printf (out, "\r\n\t%s", prefix);
  for (guint i = 0; words[i]; i++) {
    const gsize length = strlen (words[i]) + 1;

    if (line + length > 76 && i > 0) {
      g_string_append (out, "\r\n\t ");
      line = 9;
    }
    g_string_append_printf (out, "%s%s", words[i], words[i + 1] ? separator : "");
    line += length;
  }
}

static void
append_signature (GString *out, const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_base64_encode (bytes, length);

  for (gsize at = 0; at < strlen (text); at += 68)
    g_string_append_printf (out, at ? "\r\n\t %.68s" : "%.68s", text + at);
  g_string_append (out, "\r\n");
}

static guint8 *
make_signature (const GString *data, EVP_PKEY *key, DkimAlgorithm algorithm, gsize *length)
{
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  const guint8 *bytes = (const guint8 *)data->str;
  gsize count = data->len;
  guint8 digest[32];
  guint8 *signature;

  if (algorithm == DKIM_ED25519_SHA256) { /* RFC 8463 §3: the hash is what is signed */
    EVP_Digest (bytes, count, digest, NULL, EVP_sha256 (), NULL);
    bytes = digest;
    count = sizeof digest;
  }
  *length = EVP_PKEY_get_size (key);
  signature = g_malloc (*length);
  if (EVP_DigestSignInit (context, NULL, algorithm == DKIM_ED25519_SHA256 ? NULL : EVP_sha256 (),
                          NULL, key)
          != 1
      || EVP_DigestSign (context, signature, length, bytes, count) != 1)
    g_clear_pointer (&signature, g_free);
  EVP_MD_CTX_free (context);
  return signature;
}

gboolean
dkim_sign_data (GString *field, const GString *data, EVP_PKEY *key, DkimAlgorithm algorithm)
{
  gsize length;
  g_autofree guint8 *signature = make_signature (data, key, algorithm, &length);

  if (signature)
    append_signature (field, signature, length);
  return signature != NULL;
}

gboolean
dkim_sign_message (GString *field, DkimMessage *message, gboolean with_signatures, EVP_PKEY *key,
                   DkimAlgorithm algorithm)
{
  const DkimHeader *header = dkim_message_header (message);
  g_autoptr (GPtrArray) names = choose_fields (header, with_signatures);
  g_autoptr (GString) data = g_string_new (NULL);
  guint64 total;
  g_autofree char *hash
      = g_base64_encode (dkim_message_body_hash (message, DKIM_RELAXED, G_MAXUINT64, &total), 32);

  append_folded (field, "h=", (char **)names->pdata, ":");
  g_string_append_printf (field, ";\r\n\tbh=%s;\r\n\tb=", hash);
  dkim_header_append (header, data, (const char *const *)names->pdata, DKIM_RELAXED, -1);
  dkim_append_unsigned (data, (const guint8 *)field->str, field->len, DKIM_RELAXED);
  return dkim_sign_data (field, data, key, algorithm);
}

char *
dkim_sign (DkimMessage *message, const char *domain, const char *selector, EVP_PKEY *key,
           DkimAlgorithm algorithm, gint64 now)
{
  g_autoptr (GString) field = g_string_new (NULL);

  g_string_printf (field,
                   "DKIM-Signature: v=1; a=%s; c=relaxed/relaxed;\r\n\td=%s; s=%s;"
                   " t=%" G_GINT64_FORMAT ";",
                   dkim_algorithm_name (algorithm), domain, selector, now);
  return dkim_sign_message (field, message, FALSE, key, algorithm)
      ? g_string_free (g_steal_pointer (&field), FALSE)
      : NULL;
}
