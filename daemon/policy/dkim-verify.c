/* Holds the signatures of a message against its bytes and the keys in the DNS. */
#include "policy/dkim-verify.h"
#include "policy/dkim-key.h"
#include <string.h>

#define CLOCKS_APART (24 * 3600) /* seconds a signer's clock may be ahead */

typedef struct {
  DkimCanon canon;
  guint64 length, total;
  guint8 digest[32];
} BodyHash;

struct _DkimMessage {
  GBytes *message;
  DkimHeader *header;
  GPtrArray *hashes; /* BodyHash */
  GPtrArray *verdicts; /* DkimVerdict */
  GArray *positions; /* guint: the field of each verdict */
};

static void
verdict_free (gpointer data)
{
  DkimVerdict *verdict = data;

  dkim_signature_free (verdict->signature);
  g_free (verdict);
}

static const guint8 *
hash_body (DkimMessage *self, DkimCanon canon, guint64 length, guint64 *total)
{
  BodyHash *hash = g_new0 (BodyHash, 1);
  g_autoptr (DkimBody) body = dkim_body_new (canon, length);

  dkim_body_add (body, self->header->bytes + self->header->body,
                 self->header->length - self->header->body);
  dkim_body_finish (body, hash->digest, &hash->total);
  hash->canon = canon;
  hash->length = length;
  g_ptr_array_add (self->hashes, hash);
  *total = hash->total;
  return hash->digest;
}

const guint8 *
dkim_message_body_hash (DkimMessage *self, DkimCanon canon, guint64 length, guint64 *total)
{
  for (guint i = 0; i < self->hashes->len; i++) {
    const BodyHash *hash = self->hashes->pdata[i];

    if (hash->canon == canon && hash->length == length) {
      *total = hash->total;
      return hash->digest;
    }
  }
  return hash_body (self, canon, length, total);
}

static DkimSignature *
read_signature (const DkimHeader *header, guint field, const char **problem)
{
  g_autofree char *value
      = header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, field));

  return dkim_signature_parse (value, FALSE, problem);
}

static gboolean
is_signature (const DkimHeader *header, guint field)
{
  return dkim_header_is_named (header, field, "DKIM-Signature");
}

static void
fail (DkimVerdict *verdict, DkimResult result, const char *problem)
{
  verdict->result = result;
  verdict->problem = problem;
}

/* What can be said without the key (§6.1.1, §6.1.3 step 3): the body is hashed now. */
static void
judge_body (DkimMessage *self, DkimVerdict *verdict)
{
  const DkimSignature *signature = verdict->signature;
  guint64 total;
  const guint8 *digest
      = dkim_message_body_hash (self, signature->body_canon, signature->length, &total);

  if (signature->length != G_MAXUINT64 && signature->length > total)
    fail (verdict, DKIM_PERMERROR, "the body is shorter than l=");
  else if (memcmp (digest, g_bytes_get_data (signature->body_hash, NULL), 32) != 0)
    fail (verdict, DKIM_FAIL, "the body was changed");
}

static void
add_signature (DkimMessage *self, guint field)
{
  DkimVerdict *verdict = g_new0 (DkimVerdict, 1);

  verdict->signature = read_signature (self->header, field, &verdict->problem);
  g_ptr_array_add (self->verdicts, verdict);
  g_array_append_val (self->positions, field);
  if (verdict->problem == NULL && self->header->is_cut)
    verdict->problem = "the header section is too big";
  if (verdict->problem)
    verdict->result = DKIM_PERMERROR;
  else
    judge_body (self, verdict);
}

DkimMessage *
dkim_message_new (GBytes *message)
{
  DkimMessage *self = g_new0 (DkimMessage, 1);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);

  self->message = g_bytes_ref (message);
  self->header = dkim_header_read (bytes, length);
  self->hashes = g_ptr_array_new_with_free_func (g_free);
  self->verdicts = g_ptr_array_new_with_free_func (verdict_free);
  self->positions = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < self->header->fields->len && self->verdicts->len < DKIM_SIGNATURES_MAX; i++)
    if (is_signature (self->header, i))
      add_signature (self, i);
  return self;
}

void
dkim_message_free (DkimMessage *self)
{
  g_array_unref (self->positions);
  g_ptr_array_unref (self->verdicts);
  g_ptr_array_unref (self->hashes);
  dkim_header_free (self->header);
  g_bytes_unref (self->message);
  g_free (self);
}

const DkimHeader *
dkim_message_header (const DkimMessage *self)
{
  return self->header;
}

const Answer *
dkim_find_key (const DkimSignature *signature, Answers *answers)
{
  g_autofree char *name
      = g_strdup_printf ("%s._domainkey.%s", signature->selector, signature->domain);

  return answers_find (answers, QUESTION_TXT, name);
}

/* The first record that is a key; else the problem of the last (§3.6.2.2: there should be one). */
static DkimKey *
read_key (const Answer *answer, DkimAlgorithm algorithm, const char **problem)
{
  DkimKey *key = NULL;

  *problem = "there is no key";
  for (guint i = 0; key == NULL && answer->records[i] && i < 4; i++)
    key = dkim_key_parse (answer->records[i], algorithm, problem);
  return key;
}

/* §3.6.1 t=s: not even a name below the domain. */
static gboolean
is_too_loose (const DkimKey *key, const DkimSignature *signature)
{
  const char *at = strrchr (signature->identity, '@');

  return key->strict && (at == NULL || g_ascii_strcasecmp (at + 1, signature->domain) != 0);
}

gboolean
dkim_verify_data (DkimVerdict *verdict, const GString *data, Answers *answers)
{
  const DkimSignature *signature = verdict->signature;
  const Answer *answer = dkim_find_key (signature, answers);
  g_autoptr (DkimKey) key = NULL;
  const char *problem;

  if (answer == NULL)
    return FALSE;
  if (answer->status == ANSWER_FAILED) {
    fail (verdict, DKIM_TEMPERROR, "the DNS did not answer");
    return TRUE;
  }
  key = read_key (answer, signature->algorithm, &problem);
  if (key == NULL) {
    fail (verdict, DKIM_PERMERROR, problem);
    return TRUE;
  }
  verdict->testing = key->testing;
  verdict->bits = EVP_PKEY_get_bits (key->key);
  if (is_too_loose (key, signature))
    fail (verdict, DKIM_PERMERROR, "the key does not allow names below its domain");
  else if (!dkim_key_verify (key, (const guint8 *)data->str, data->len, signature->signature))
    fail (verdict, DKIM_FAIL, "the signature is wrong");
  else
    fail (verdict, DKIM_PASS, NULL);
  return TRUE;
}

/* What was signed: the selected fields, then the signature's own (§3.7). */
static GString *
signed_data (const DkimMessage *self, const DkimSignature *signature, guint field)
{
  GString *data = g_string_new (NULL);
  const ByteRange *own = &g_array_index (self->header->fields, HeaderField, field).whole;

  dkim_header_append (self->header, data, (const char *const *)signature->fields,
                      signature->header_canon, (int)field);
  dkim_append_unsigned (data, self->header->bytes + own->offset, own->length,
                        signature->header_canon);
  return data;
}

static gboolean
verify (DkimMessage *self, guint number, Answers *answers, gint64 now)
{
  DkimVerdict *verdict = self->verdicts->pdata[number];
  g_autoptr (GString) data = NULL;

  if (verdict->result != DKIM_NONE)
    return TRUE;
  if (verdict->signature->expiration >= 0 && verdict->signature->expiration < now) {
    fail (verdict, DKIM_FAIL, "the signature has expired");
    return TRUE;
  }
  if (verdict->signature->timestamp > now + CLOCKS_APART) {
    fail (verdict, DKIM_FAIL, "the signature is from the future");
    return TRUE;
  }
  if (dkim_find_key (verdict->signature, answers) == NULL)
    return FALSE;
  data = signed_data (self, verdict->signature, g_array_index (self->positions, guint, number));
  return dkim_verify_data (verdict, data, answers);
}

GPtrArray *
dkim_verify (DkimMessage *self, Answers *answers, gint64 now)
{
  gboolean done = TRUE;

  for (guint i = 0; i < self->verdicts->len; i++) /* all questions at once */
    done &= verify (self, i, answers, now);
  return done ? self->verdicts : NULL;
}

void
dkim_ask_keys (const DkimHeader *header, Answers *answers)
{
  guint count = 0;

  for (guint i = 0; i < header->fields->len && count < DKIM_SIGNATURES_MAX; i++) {
    g_autoptr (DkimSignature) signature = NULL;
    const char *problem;

    if (!is_signature (header, i))
      continue;
    count++;
    signature = read_signature (header, i, &problem);
    if (problem == NULL)
      dkim_find_key (signature, answers);
  }
}

const char *
dkim_result_name (DkimResult result)
{
  static const char *const names[]
      = { "none", "pass", "fail", "neutral", "temperror", "permerror" };

  return names[result];
}
