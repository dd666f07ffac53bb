/* HMAC over the message and the variables of its record. */
#include "net/tsig.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define HEADER 12
#define TYPE_TSIG 250
#define CLASS_ANY 255
#define LABEL_MAX 63
#define NAME_MAX_LENGTH 255
#define RECORDS_MAX 64 /* of an answer to an update; it has one or two */

/* RFC 8945 §6. */
static const struct {
  const char *name;
  const EVP_MD *(*digest) (void);
} algorithms[] = {
  { "hmac-sha256", EVP_sha256 }, { "hmac-sha512", EVP_sha512 }, { "hmac-sha384", EVP_sha384 },
  { "hmac-sha224", EVP_sha224 }, { "hmac-sha1", EVP_sha1 },
};

void
dns_wire_append_16 (GByteArray *bytes, guint number)
{
  const guint8 big[] = { (guint8)(number >> 8), (guint8)number };
  g_byte_array_append (bytes, big, sizeof big);
}

void
dns_wire_append_32 (GByteArray *bytes, guint32 number)
{
  dns_wire_append_16 (bytes, number >> 16);
  dns_wire_append_16 (bytes, number & 0xffff);
}

gboolean
dns_wire_append_name (GByteArray *bytes, const char *name)
{
  const guint start = bytes->len;

  while (*name) {
    const gsize length = strcspn (name, ".");
    const guint8 octet = (guint8)length;
    g_autofree char *label = g_ascii_strdown (name, (gssize)length);
    if (length == 0 || length > LABEL_MAX)
      return FALSE;
    g_byte_array_append (bytes, &octet, 1);
    g_byte_array_append (bytes, (const guint8 *)label, (guint)length);
    name += length + (name[length] == '.');
  }
  g_byte_array_append (bytes, (const guint8 *)"", 1);
  return bytes->len - start <= NAME_MAX_LENGTH;
}

gsize
dns_wire_skip_name (const guint8 *message, gsize length, gsize at)
{
  const gsize start = at;

  while (at < length && at - start < NAME_MAX_LENGTH) {
    if (message[at] == 0)
      return at + 1;
    if ((message[at] & 0xc0) == 0xc0)
      return at + 2 <= length ? at + 2 : 0;
    if (message[at] > LABEL_MAX)
      return 0;
    at += 1 + message[at];
  }
  return 0;
}

static const EVP_MD *
find_digest (const char *name, const char **constant)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (g_ascii_strcasecmp (algorithms[i].name, name) == 0) {
      if (constant)
        *constant = algorithms[i].name;
      return algorithms[i].digest ();
    }
  return NULL;
}

void
tsig_key_free (TsigKey *key)
{
  if (key == NULL)
    return;
  g_free (key->name);
  g_clear_pointer (&key->secret, g_bytes_unref);
  g_free (key);
}

static GBytes *
decode_secret (const char *text)
{
  gsize length;
  const gsize size = strlen (text);

  if (size == 0 || size % 4 != 0 || size > 1024
      || strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != size)
    return NULL;
  guint8 *bytes = g_base64_decode (text, &length);
  return g_bytes_new_take (bytes, length);
}

TsigKey *
tsig_key_parse (const char *text, GError **error)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  const guint count = g_strv_length (parts);
  const guint first = count == 3 ? 1 : 0;
  g_autoptr (TsigKey) key = g_new0 (TsigKey, 1);
  g_autoptr (GByteArray) name = g_byte_array_new ();

  if ((count == 2 || count == 3)
      && find_digest (count == 3 ? parts[0] : "hmac-sha256", &key->algorithm) && *parts[first]
      && dns_wire_append_name (name, parts[first])
      && (key->secret = decode_secret (parts[first + 1])) != NULL) {
    key->name_length = name->len;
    key->name = g_byte_array_free (g_steal_pointer (&name), FALSE);
    return g_steal_pointer (&key);
  }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                       "write ALGORITHM:NAME:SECRET, the secret in Base64");
  return NULL;
}

/* RFC 8945 §4.3.3: of the record, what is not in the MAC itself. */
static void
append_variables (GByteArray *bytes, const TsigKey *key, gint64 time, guint fudge, guint code,
                  const guint8 *other, gsize other_length)
{
  g_byte_array_append (bytes, key->name, (guint)key->name_length);
  dns_wire_append_16 (bytes, CLASS_ANY);
  dns_wire_append_32 (bytes, 0); /* TTL */
  dns_wire_append_name (bytes, key->algorithm);
  dns_wire_append_16 (bytes, (guint)(time >> 32));
  dns_wire_append_32 (bytes, (guint32)time);
  dns_wire_append_16 (bytes, fudge);
  dns_wire_append_16 (bytes, code);
  dns_wire_append_16 (bytes, (guint)other_length);
  if (other_length)
    g_byte_array_append (bytes, other, (guint)other_length);
}

static void
compute (const TsigKey *key, const GByteArray *bytes, TsigMac *mac)
{
  gsize size;
  const void *secret = g_bytes_get_data (key->secret, &size);
  unsigned int length = sizeof mac->bytes;

  HMAC (find_digest (key->algorithm, NULL), secret, (int)size, bytes->data, bytes->len, mac->bytes,
        &length);
  mac->length = length;
}

static guint
read_16 (const guint8 *at)
{
  return (guint)at[0] << 8 | at[1];
}

static void
write_16 (guint8 *at, guint number)
{
  at[0] = (guint8)(number >> 8);
  at[1] = (guint8)number;
}

void
tsig_sign (const TsigKey *key, GByteArray *message, gint64 now, TsigMac *mac)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) data = g_byte_array_new ();

  g_byte_array_append (bytes, message->data, message->len);
  append_variables (bytes, key, now, TSIG_FUDGE, 0, NULL, 0);
  compute (key, bytes, mac);

  dns_wire_append_name (data, key->algorithm);
  dns_wire_append_16 (data, (guint)(now >> 32));
  dns_wire_append_32 (data, (guint32)now);
  dns_wire_append_16 (data, TSIG_FUDGE);
  dns_wire_append_16 (data, (guint)mac->length);
  g_byte_array_append (data, mac->bytes, (guint)mac->length);
  dns_wire_append_16 (data, read_16 (message->data)); /* original ID */
  dns_wire_append_16 (data, 0); /* error */
  dns_wire_append_16 (data, 0); /* other data */

  g_byte_array_append (message, key->name, (guint)key->name_length);
  dns_wire_append_16 (message, TYPE_TSIG);
  dns_wire_append_16 (message, CLASS_ANY);
  dns_wire_append_32 (message, 0);
  dns_wire_append_16 (message, data->len);
  g_byte_array_append (message, data->data, data->len);
  write_16 (message->data + 10, read_16 (message->data + 10) + 1); /* ARCOUNT */
}

/* The record of an answer. */
typedef struct {
  gsize start; /* where it begins in the message */
  gint64 time;
  guint fudge, original_id, code;
  const guint8 *mac, *other;
  gsize mac_length, other_length;
} Signature;

/* Behind the name at AT: type, class, TTL, length of the data. 0: it does not fit. */
static gsize
skip_record (const guint8 *message, gsize length, gsize at)
{
  const gsize fixed = dns_wire_skip_name (message, length, at);

  if (fixed == 0 || length - fixed < 10)
    return 0;
  const gsize data = read_16 (message + fixed + 8);
  return length - fixed - 10 >= data ? fixed + 10 + data : 0;
}

/* Where the last record begins, when it is the last thing of the message; 0: there is none. */
static gsize
find_last_record (const guint8 *message, gsize length)
{
  gsize at = HEADER, last = 0;
  guint records = 0;

  if (length < HEADER)
    return 0;
  for (guint i = read_16 (message + 4); i > 0 && at; i--) {
    at = dns_wire_skip_name (message, length, at);
    at = at && length - at >= 4 ? at + 4 : 0;
  }
  for (guint i = 6; i < HEADER; i += 2)
    records += read_16 (message + i);
  if (records > RECORDS_MAX || read_16 (message + 10) == 0)
    return 0;
  for (; records > 0 && at; records--) {
    last = at;
    at = skip_record (message, length, at);
  }
  return at == length ? last : 0;
}

/* Whether the name at AT is the key's, in any case. Pointers only go back, so that they end. */
static gboolean
name_is (const TsigKey *key, const guint8 *message, gsize length, gsize at)
{
  const guint8 *expected = key->name;
  gsize limit = at;

  while (at < length) {
    if ((message[at] & 0xc0) == 0xc0) {
      const gsize target = at + 1 < length ? read_16 (message + at) & 0x3fff : length;
      if (target >= limit)
        return FALSE;
      limit = at = target;
      continue;
    }
    const gsize size = 1u + message[at];
    if (message[at] != *expected || length - at < size
        || g_ascii_strncasecmp ((const char *)message + at + 1, (const char *)expected + 1,
                                size - 1)
            != 0)
      return FALSE;
    if (*expected == 0)
      return TRUE;
    at += size;
    expected += size;
  }
  return FALSE;
}

/* The algorithm's name may not be compressed (§4.2), so that it can be compared. */
static gboolean
read_data (const TsigKey *key, const guint8 *data, gsize length, Signature *out)
{
  g_autoptr (GByteArray) algorithm = g_byte_array_new ();

  dns_wire_append_name (algorithm, key->algorithm);
  if (length < algorithm->len + 16
      || g_ascii_strncasecmp ((const char *)data, (const char *)algorithm->data, algorithm->len)
          != 0)
    return FALSE;
  data += algorithm->len;
  length -= algorithm->len;
  out->time = (gint64)read_16 (data) << 32 | (gint64)read_16 (data + 2) << 16 | read_16 (data + 4);
  out->fudge = read_16 (data + 6);
  out->mac_length = read_16 (data + 8);
  if (length - 16 < out->mac_length)
    return FALSE;
  out->mac = data + 10;
  data = out->mac + out->mac_length;
  out->original_id = read_16 (data);
  out->code = read_16 (data + 2);
  out->other_length = read_16 (data + 4);
  out->other = data + 6;
  return length - 16 - out->mac_length == out->other_length;
}

static TsigStatus
read_signature (const TsigKey *key, const guint8 *message, gsize length, Signature *out)
{
  const gsize start = find_last_record (message, length);
  const gsize fixed = start ? dns_wire_skip_name (message, length, start) : 0;

  if (start == 0 || read_16 (message + fixed) != TYPE_TSIG)
    return TSIG_NONE;
  out->start = start;
  if (!name_is (key, message, length, start) || read_16 (message + fixed + 2) != CLASS_ANY
      || read_16 (message + fixed + 4) != 0 || read_16 (message + fixed + 6) != 0 /* TTL */
      || !read_data (key, message + fixed + 10, read_16 (message + fixed + 8), out))
    return TSIG_FORGED;
  return TSIG_GOOD;
}

/* §5.3: the request's MAC, the message as it was before the record was added, the variables. */
static void
compute_answer (const TsigKey *key, const guint8 *message, const Signature *signature,
                const TsigMac *request, TsigMac *mac)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  dns_wire_append_16 (bytes, (guint)request->length);
  g_byte_array_append (bytes, request->bytes, (guint)request->length);
  const guint start = bytes->len;
  g_byte_array_append (bytes, message, (guint)signature->start);
  write_16 (bytes->data + start, signature->original_id);
  write_16 (bytes->data + start + 10, read_16 (message + 10) - 1);
  append_variables (bytes, key, signature->time, signature->fudge, signature->code,
                    signature->other, signature->other_length);
  compute (key, bytes, mac);
}

TsigStatus
tsig_verify (const TsigKey *key, const guint8 *message, gsize length, const TsigMac *request,
             gint64 now, guint *error_code)
{
  Signature signature = { 0 };
  const TsigStatus status = read_signature (key, message, length, &signature);
  TsigMac mac;

  *error_code = status == TSIG_GOOD ? signature.code : 0;
  if (status != TSIG_GOOD)
    return status;
  /* BADSIG and BADKEY come without a MAC (§5.3.2): a hint for a person, and no proof. */
  if (signature.mac_length == 0 && signature.code != 0)
    return TSIG_REFUSED;
  compute_answer (key, message, &signature, request, &mac);
  if (signature.mac_length != mac.length
      || CRYPTO_memcmp (signature.mac, mac.bytes, mac.length) != 0)
    return TSIG_FORGED;
  if (signature.code != 0)
    return TSIG_REFUSED;
  return ABS (now - signature.time) <= signature.fudge ? TSIG_GOOD : TSIG_FORGED;
}
