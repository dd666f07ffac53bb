/* Return paths that hold other ones, signed with the key of SETTING_SRS_KEY. */
#include "accounts/srs.h"
#include "mail/address.h"
#include "settings.h"
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#define SIGNATURE 8 /* letters, 40 bits; mail systems may change their case */
#define DAY_SECONDS (24 * 3600)
#define DAYS 1024 /* two letters */
#define DAYS_VALID 21
#define PREFIX 5 /* "SRS0=" */
#define ADDRESS_MOST 254 /* RFC 5321 §4.5.3.1.3, without the angle brackets */

static const char letters[] = "abcdefghijklmnopqrstuvwxyz234567";

/* Of TEXT behind "SRS" and KIND, whatever the case of its letters: what others have written into an
 * SRS1 must not be one of our SRS0. */
static void
sign (char kind, const char *text, char signature[SIGNATURE + 1])
{
  g_autofree char *key = setting_text (SETTING_SRS_KEY);
  g_autofree char *whole = g_strdup_printf ("%c=%s", kind, text);
  g_autofree char *lower = g_ascii_strdown (whole, -1);
  guint8 digest[EVP_MAX_MD_SIZE] = { 0 };

  HMAC (EVP_sha256 (), key, (int)strlen (key), (const guint8 *)lower, strlen (lower), digest, NULL);
  for (guint i = 0; i < SIGNATURE; i++)
    signature[i] = letters[digest[i] & 31];
  signature[SIGNATURE] = '\0';
}

/* A server without a key must not take the signatures of an empty one for its own. */
static gboolean
is_signed (char kind, const char *signature, const char *text)
{
  g_autofree char *key = setting_text (SETTING_SRS_KEY);
  g_autofree char *lower = g_ascii_strdown (signature, SIGNATURE);
  char expected[SIGNATURE + 1];

  sign (kind, text, expected);
  return *key && CRYPTO_memcmp (lower, expected, SIGNATURE) == 0;
}

/* The part before the '@', without the quotes of a quoted string, which stand around the whole of
 * the new one; NULL: there is none. */
static char *
unquoted_local (const char *address, gboolean *is_quoted)
{
  const char *at = strrchr (address, '@');
  const gsize length = at ? (gsize)(at - address) : 0;

  *is_quoted = length > 2 && address[0] == '"' && at[-1] == '"';
  if (length == 0)
    return NULL;
  return *is_quoted ? g_strndup (address + 1, length - 2) : g_strndup (address, length);
}

static char *
with_quotes (const char *address)
{
  const char *at = strrchr (address, '@');

  return g_strdup_printf ("\"%.*s\"%s", (int)(at - address), address, at);
}

static char *
encode_first (const char *local, const char *domain, const char *ours, gint64 now)
{
  const guint day = (guint)(now / DAY_SECONDS % DAYS);
  g_autofree char *rest
      = g_strdup_printf ("%c%c=%s=%s", letters[day >> 5], letters[day & 31], domain, local);
  char signature[SIGNATURE + 1];

  sign ('0', rest, signature);
  return g_strdup_printf ("SRS0=%s=%s@%s", signature, rest, ours);
}

static char *
encode_again (const char *rest, const char *ours)
{
  char signature[SIGNATURE + 1];

  sign ('1', rest, signature);
  return g_strdup_printf ("SRS1=%s=%s@%s", signature, rest, ours);
}

/* "SRS0" or "SRS1" and a separator, of which there are three. */
static gboolean
has_prefix (const char *local, char kind)
{
  return g_ascii_strncasecmp (local, "SRS", 3) == 0 && local[3] == kind && local[4]
      && strchr ("=+-", local[4]);
}

static gboolean
is_encoded (const char *local)
{
  return has_prefix (local, '0') || has_prefix (local, '1');
}

gboolean
srs_is_encoded (const char *address)
{
  return is_encoded (address + (*address == '"'));
}

static char *
encode_local (const char *local, const char *host, const char *domain, gint64 now)
{
  g_autofree char *rest = NULL;
  const char *first;

  if (has_prefix (local, '0')) {
    rest = g_strdup_printf ("%s=%s", host, local + PREFIX - 1);
    return encode_again (rest, domain);
  }
  /* The signature of the server before us makes place for ours. */
  if (has_prefix (local, '1') && (first = strchr (local + PREFIX, '=')))
    return encode_again (first + 1, domain);
  return encode_first (local, host, domain, now);
}

char *
srs_encode (const char *sender, const char *domain, gint64 now)
{
  gboolean is_quoted;
  g_autofree char *local = unquoted_local (sender, &is_quoted);
  g_autofree char *plain
      = local ? encode_local (local, strrchr (sender, '@') + 1, domain, now) : NULL;
  g_autofree char *path = plain && is_quoted ? with_quotes (plain) : g_steal_pointer (&plain);

  if (path == NULL || strlen (path) > ADDRESS_MOST)
    return g_strdup (sender);
  return g_steal_pointer (&path);
}

static int
letter_value (char letter)
{
  const char *found = letter ? strchr (letters, g_ascii_tolower (letter)) : NULL;

  return found ? (int)(found - letters) : -1;
}

/* "ab=example.net=anna" */
static char *
decode_first (const char *rest, gint64 now)
{
  const int high = letter_value (rest[0]), low = high < 0 ? -1 : letter_value (rest[1]);
  const char *local = low < 0 || rest[2] != '=' ? NULL : strchr (rest + 3, '=');
  const gint64 age = (now / DAY_SECONDS - (high << 5 | low) + DAYS) % DAYS;

  if (local == NULL || local == rest + 3 || local[1] == '\0' || age > DAYS_VALID)
    return NULL;
  return g_strdup_printf ("%s@%.*s", local + 1, (int)(local - rest - 3), rest + 3);
}

/* "first.example==…": what is behind the first "=" is what that server made. */
static char *
decode_again (const char *rest)
{
  const char *made = strchr (rest, '=');

  if (made == NULL || made == rest || made[1] == '\0' || made[2] == '\0')
    return NULL;
  return g_strdup_printf ("SRS0%s@%.*s", made + 1, (int)(made - rest), rest);
}

char *
srs_decode (const char *address, gint64 now)
{
  gboolean is_quoted;
  g_autofree char *local = unquoted_local (address, &is_quoted);
  g_autofree char *plain = NULL, *normalized = NULL;
  const char *rest;

  if (local == NULL || !is_encoded (local) || strlen (local) < PREFIX + SIGNATURE + 2
      || local[PREFIX + SIGNATURE] != '=')
    return NULL;
  rest = local + PREFIX + SIGNATURE + 1;
  if (!is_signed (local[3], local + PREFIX, rest))
    return NULL;
  plain = local[3] == '0' ? decode_first (rest, now) : decode_again (rest);
  g_autofree char *decoded = plain && is_quoted ? with_quotes (plain) : g_steal_pointer (&plain);
  normalized = decoded ? address_normalize (decoded) : NULL;
  return normalized ? g_steal_pointer (&decoded) : NULL;
}
