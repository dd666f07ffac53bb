/* Reads signature fields and holds them against RFC 6376 §6.1.1. */
#include "policy/dkim-signature.h"
#include "mail/address.h"
#include "policy/answers.h"
#include "policy/tag-list.h"
#include <string.h>

#define SIGNATURE_MAX 1024 /* bytes: RSA with 8192 bits */
#define HINT_LENGTH 8

static const struct {
  const char *name;
  DkimAlgorithm algorithm;
} algorithms[] = {
  { "rsa-sha256", DKIM_RSA_SHA256 },
  { "ed25519-sha256", DKIM_ED25519_SHA256 },
};

void
dkim_signature_free (DkimSignature *self)
{
  g_clear_pointer (&self->signature, g_bytes_unref);
  g_clear_pointer (&self->body_hash, g_bytes_unref);
  g_free (self->domain);
  g_free (self->selector);
  g_free (self->identity);
  g_strfreev (self->fields);
  g_free (self->hint);
  g_free (self);
}

gboolean
dkim_algorithm_parse (const char *name, DkimAlgorithm *algorithm)
{
  for (guint i = 0; i < G_N_ELEMENTS (algorithms); i++)
    if (strcmp (algorithms[i].name, name) == 0) {
      *algorithm = algorithms[i].algorithm;
      return TRUE;
    }
  return FALSE;
}

const char *
dkim_algorithm_name (DkimAlgorithm algorithm)
{
  return algorithms[algorithm].name;
}

static gboolean
read_canon (const char *text, DkimCanon *canon)
{
  *canon = strcmp (text, "relaxed") == 0 ? DKIM_RELAXED : DKIM_SIMPLE;
  return *canon == DKIM_RELAXED || strcmp (text, "simple") == 0;
}

/* c=header/body; the body's is simple unless it is said (§3.5). */
static const char *
read_canons (DkimSignature *self, const TagList *tags)
{
  const char *value = tag_list_find (tags, "c");
  g_auto (GStrv) parts = g_strsplit (value ? value : "simple", "/", 2);

  if (parts[0] == NULL || !read_canon (parts[0], &self->header_canon)
      || !read_canon (parts[1] ? parts[1] : "simple", &self->body_canon))
    return "unknown canonical form";
  return NULL;
}

/* §3.5, §5.4: From must be signed; what is not there may be. */
static const char *
read_fields (DkimSignature *self, const TagList *tags)
{
  const char *value = tag_list_find (tags, "h");
  gboolean has_from = FALSE;

  if (value == NULL)
    return "h= is missing";
  self->fields = g_strsplit (value, ":", DKIM_SIGNED_FIELDS_MAX + 1);
  if (g_strv_length (self->fields) > DKIM_SIGNED_FIELDS_MAX)
    return "too many fields in h=";
  for (guint i = 0; self->fields[i]; i++) {
    if (*g_strstrip (self->fields[i]) == '\0')
      return "an empty name in h=";
    has_from |= g_ascii_strcasecmp (self->fields[i], "From") == 0;
  }
  return has_from ? NULL : "From is not signed";
}

static const char *
read_time (const TagList *tags, const char *name, gint64 *time)
{
  const char *value = tag_list_find (tags, name);
  guint64 number;

  *time = -1;
  if (value == NULL)
    return NULL;
  if (!tag_number_parse (value, &number))
    return "a time is no number";
  *time = (gint64)number;
  return NULL;
}

static const char *
read_times (DkimSignature *self, const TagList *tags)
{
  const char *problem = read_time (tags, "t", &self->timestamp);

  if (problem == NULL)
    problem = read_time (tags, "x", &self->expiration);
  if (problem == NULL && self->expiration >= 0 && self->expiration <= self->timestamp)
    problem = "it expires before it was made"; /* §3.5: x= is greater than t= */
  return problem;
}

/* Up to 76 digits (§3.5); what does not fit is more than any body. */
static const char *
read_length (DkimSignature *self, const TagList *tags)
{
  const char *value = tag_list_find (tags, "l");

  self->length = G_MAXUINT64;
  if (value == NULL)
    return NULL;
  if (*value == '\0' || strlen (value) > 76 || value[strspn (value, "0123456789")])
    return "l= is no number";
  self->length = g_ascii_strtoull (value, NULL, 10);
  return NULL;
}

static const char *
read_mark (DkimSignature *self, const TagList *tags)
{
  const char *signature = tag_list_find (tags, "b");

  if (signature == NULL || !(self->signature = tag_base64_decode (signature, SIGNATURE_MAX)))
    return "b= is missing or no Base64";
  return NULL;
}

static const char *
read_body_hash (DkimSignature *self, const TagList *tags)
{
  const char *hash = tag_list_find (tags, "bh");

  if (hash == NULL || !(self->body_hash = tag_base64_decode (hash, 32))
      || g_bytes_get_size (self->body_hash) != 32)
    return "bh= is missing or no SHA-256";
  return NULL;
}

/* The domain of i= is that of d= or below it (§3.5). */
static gboolean
is_identity (const char *identity, const char *domain)
{
  const char *at = strrchr (identity, '@');
  g_autofree char *host = at ? domain_normalize (at + 1) : NULL;

  return host && domain_is_below (host, domain);
}

/* Some are no host names, which nobody minds. */
static char *
read_selector (const char *text)
{
  if (!g_str_is_ascii (text))
    return domain_normalize (text);
  return dns_name_is_valid (text) ? g_ascii_strdown (text, -1) : NULL;
}

static const char *
read_names (DkimSignature *self, const TagList *tags, gboolean arc)
{
  const char *domain = tag_list_find (tags, "d"), *selector = tag_list_find (tags, "s");
  const char *identity = arc ? NULL : tag_list_find (tags, "i");

  self->domain = domain ? domain_normalize (domain) : NULL;
  self->selector = selector ? read_selector (selector) : NULL;
  if (self->domain == NULL)
    return "d= is missing or no domain";
  self->identity = identity ? tag_strip (identity) : g_strconcat ("@", self->domain, NULL);
  if (self->selector == NULL)
    return "s= is missing or no selector";
  return is_identity (self->identity, self->domain) ? NULL : "the domain of i= is not that of d=";
}

static const char *
read_algorithm (DkimSignature *self, const TagList *tags, gboolean arc)
{
  const char *algorithm = tag_list_find (tags, "a"), *query = tag_list_find (tags, "q");

  if (!arc && !tag_list_begins (tags, "v", "1") && g_strcmp0 (tag_list_find (tags, "v"), "1") != 0)
    return "unknown version";
  if (algorithm == NULL || !dkim_algorithm_parse (algorithm, &self->algorithm))
    return "unknown or weak algorithm";
  return query && !tag_words_contain (query, "dns/txt") ? "unknown query method" : NULL;
}

DkimSignature *
dkim_signature_parse (const char *value, gboolean arc, const char **problem)
{
  DkimSignature *self = g_new0 (DkimSignature, 1);
  g_autoptr (TagList) tags = tag_list_parse (value);
  g_autofree char *signature = NULL;

  self->length = G_MAXUINT64;
  if (tags == NULL) {
    *problem = "broken syntax";
    return self;
  }
  signature = tag_list_find (tags, "b") ? tag_strip (tag_list_find (tags, "b")) : NULL;
  self->hint = signature ? g_strndup (signature, HINT_LENGTH) : NULL;
  *problem = read_names (self, tags, arc);
  if (*problem == NULL)
    *problem = read_algorithm (self, tags, arc);
  if (*problem == NULL)
    *problem = read_canons (self, tags);
  if (*problem == NULL)
    *problem = read_fields (self, tags);
  if (*problem == NULL)
    *problem = read_times (self, tags);
  if (*problem == NULL)
    *problem = read_length (self, tags);
  if (*problem == NULL)
    *problem = read_mark (self, tags);
  if (*problem == NULL)
    *problem = read_body_hash (self, tags);
  return self;
}

DkimSignature *
dkim_seal_parse (const char *value, char **state, const char **problem)
{
  DkimSignature *self = g_new0 (DkimSignature, 1);
  g_autoptr (TagList) tags = tag_list_parse (value);

  self->length = G_MAXUINT64;
  self->timestamp = self->expiration = -1;
  *state = tags ? g_strdup (tag_list_find (tags, "cv")) : NULL;
  *problem = tags ? NULL : "broken syntax";
  if (tags && tag_list_find (tags, "h"))
    *problem = "a seal has h=";
  if (*problem == NULL)
    *problem = read_names (self, tags, TRUE);
  if (*problem == NULL)
    *problem = read_algorithm (self, tags, TRUE);
  if (*problem == NULL)
    *problem = read_mark (self, tags);
  return self;
}

/* Where the value of the tag b= begins, and where it ends; LENGTH when there is none. */
static gsize
find_value (const guint8 *field, gsize length, gsize *end)
{
  const guint8 *colon = memchr (field, ':', length);
  gsize at = colon ? (gsize)(colon - field) + 1 : length;

  while (at < length) {
    const guint8 *semicolon = memchr (field + at, ';', length - at);
    const gsize stop = semicolon ? (gsize)(semicolon - field) : length;

    while (at < stop && g_ascii_isspace (field[at]))
      at++;
    if (at < stop && field[at] == 'b') {
      gsize equals = at + 1;
      while (equals < stop && g_ascii_isspace (field[equals]))
        equals++;
      if (equals < stop && field[equals] == '=') {
        *end = stop;
        return equals + 1;
      }
    }
    at = stop + 1;
  }
  *end = length;
  return length;
}

void
dkim_append_unsigned (GString *out, const guint8 *field, gsize length, DkimCanon canon)
{
  g_autoptr (GString) without = g_string_sized_new (length);
  gsize start, end;

  start = find_value (field, length, &end);
  g_string_append_len (without, (const char *)field, start);
  g_string_append_len (without, (const char *)field + end, length - end);
  dkim_canon_field (out, (const guint8 *)without->str, without->len, canon);
  g_string_truncate (out, out->len - 2);
}
