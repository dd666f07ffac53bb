/* Checks a chain of seals (RFC 8617 §5.2). */
#include "policy/arc.h"
#include "policy/arc-chain.h"
#include <string.h>

/* Asks for all keys; FALSE when an answer is missing. */
static gboolean
has_keys (const ArcChain *chain, const DkimSignature *message, Answers *answers)
{
  gboolean all = dkim_find_key (message, answers) != NULL;

  for (guint i = 1; i <= chain->count; i++)
    all &= dkim_find_key (chain->sets[i].signature, answers) != NULL;
  return all;
}

void
arc_ask_keys (const DkimHeader *header, Answers *answers)
{
  g_autoptr (ArcChain) chain = arc_chain_read (header);
  g_autoptr (DkimSignature) message = NULL;
  const char *problem = chain->problem;

  if (problem == NULL && chain->count > 0)
    message = arc_chain_signature (chain, &problem);
  if (problem == NULL && message)
    has_keys (chain, message, answers);
}

static void
fail (ArcVerdict *self, const char *problem)
{
  self->result = ARC_FAIL;
  self->problem = problem;
}

/* All errors are final, those of the DNS, too (§5.2.1); but what is broken counts more than what
 * nobody knows. */
static void
check_signature (ArcVerdict *self, DkimSignature *signature, const GString *data, Answers *answers)
{
  DkimVerdict verdict = { .signature = signature };
  const gboolean answered = dkim_verify_data (&verdict, data, answers);

  g_assert (answered); /* has_keys saw to it */
  if (verdict.result == DKIM_PASS || (self->result == ARC_FAIL && !self->temporary))
    return;
  self->temporary = verdict.result == DKIM_TEMPERROR;
  fail (self, verdict.problem);
}

/* §5.2 step 4: the newest message signature must hold. It means what one of DKIM means. */
static void
check_message (ArcVerdict *self, const ArcChain *chain, DkimMessage *message,
               DkimSignature *signature, Answers *answers, gint64 now)
{
  g_autoptr (GString) data = g_string_new (NULL);
  guint64 total;
  const guint8 *hash
      = dkim_message_body_hash (message, signature->body_canon, signature->length, &total);

  if (signature->expiration >= 0 && signature->expiration < now)
    fail (self, "the signature has expired");
  else if (signature->length != G_MAXUINT64 && signature->length > total)
    fail (self, "the body is shorter than l=");
  else if (memcmp (hash, g_bytes_get_data (signature->body_hash, NULL), 32) != 0)
    fail (self, "the body was changed");
  if (self->result == ARC_FAIL)
    return;
  arc_chain_append_message (chain, signature, data);
  check_signature (self, signature, data, answers);
}

/* §5.2 step 6, from the oldest on, as each signs all before it; the order does not matter. */
static void
check_seals (ArcVerdict *self, const ArcChain *chain, Answers *answers)
{
  g_autoptr (GString) before = g_string_new (NULL);

  for (guint i = 1; i <= chain->count && (self->result == ARC_PASS || self->temporary); i++) {
    g_autoptr (GString) data = arc_chain_sealed (chain, i, before);

    check_signature (self, chain->sets[i].signature, data, answers);
  }
}

static ArcVerdict *
verdict_new (const ArcChain *chain)
{
  ArcVerdict *self = g_new0 (ArcVerdict, 1);

  self->sealers = g_ptr_array_new_with_free_func (g_free);
  self->results = g_ptr_array_new_with_free_func (g_free);
  self->problem = chain->problem;
  self->result = chain->problem ? ARC_FAIL : chain->count == 0 ? ARC_NONE : ARC_PASS;
  for (guint i = 1; i <= chain->count && self->result == ARC_PASS; i++) {
    g_ptr_array_add (self->sealers, g_strdup (chain->sets[i].signature->domain));
    g_ptr_array_add (self->results, arc_chain_value (chain, chain->sets[i].results));
  }
  return self;
}

void
arc_verdict_free (ArcVerdict *self)
{
  g_ptr_array_unref (self->sealers);
  g_ptr_array_unref (self->results);
  g_free (self);
}

ArcVerdict *
arc_check (DkimMessage *message, Answers *answers, gint64 now)
{
  g_autoptr (ArcChain) chain = arc_chain_read (dkim_message_header (message));
  g_autoptr (ArcVerdict) self = verdict_new (chain);
  g_autoptr (DkimSignature) signature = NULL;
  const char *problem;

  if (self->result != ARC_PASS)
    return g_steal_pointer (&self);
  signature = arc_chain_signature (chain, &problem);
  if (problem) {
    fail (self, problem);
    return g_steal_pointer (&self);
  }
  if (!has_keys (chain, signature, answers))
    return NULL;
  check_message (self, chain, message, signature, answers, now);
  check_seals (self, chain, answers);
  return g_steal_pointer (&self);
}

/* Behind a quoted string that begins at TEXT. */
static const char *
skip_quoted (const char *text)
{
  for (text++; *text && *text != '"'; text++)
    if (*text == '\\' && text[1])
      text++;
  return *text ? text + 1 : text;
}

/* Without comments and what stands in quotes: whoever forwards a mail may have put there what its
 * sender wrote. */
static char *
plain_results (const char *text)
{
  GString *plain = g_string_new (NULL);

  while (*text) {
    const char *behind = *text == '(' ? header_skip_comments (text) : text;

    if (*text == '"')
      behind = skip_quoted (text);
    g_string_append_c (plain, *text == '"' ? '"' : behind == text ? *text : ' ');
    text = behind == text ? text + 1 : behind;
  }
  return g_string_free (plain, FALSE);
}

/* One of the results is dmarc=pass for AUTHOR. */
static gboolean
says_pass (const char *text, const char *author)
{
  g_autofree char *plain = plain_results (text);
  g_autofree char *wanted = g_strconcat ("header.from=", author, NULL);
  g_auto (GStrv) results = g_strsplit (plain, ";", 100);

  for (guint i = 0; results[i]; i++) {
    g_auto (GStrv) words = g_strsplit_set (g_strstrip (results[i]), " \t", 50);

    if (words[0] == NULL || g_ascii_strcasecmp (words[0], "dmarc=pass") != 0)
      continue;
    for (guint w = 1; words[w]; w++)
      if (g_ascii_strcasecmp (words[w], wanted) == 0)
        return TRUE;
  }
  return FALSE;
}

static gboolean
is_trusted (const char *domain, const char *trusted)
{
  g_auto (GStrv) domains = g_strsplit_set (trusted, " \t", -1);

  for (guint i = 0; domains[i]; i++)
    if (g_ascii_strcasecmp (domains[i], domain) == 0)
      return TRUE;
  return FALSE;
}

const char *
arc_voucher (const ArcVerdict *self, const char *author, const char *trusted)
{
  if (self->result != ARC_PASS || author == NULL)
    return NULL;
  for (guint i = self->sealers->len; i > 0; i--) {
    const char *sealer = self->sealers->pdata[i - 1];

    if (!is_trusted (sealer, trusted))
      return NULL;
    if (says_pass (self->results->pdata[i - 1], author))
      return sealer;
  }
  return NULL;
}

const char *
arc_result_name (ArcResult result)
{
  static const char *const names[] = { "none", "pass", "fail" };

  return names[result];
}
