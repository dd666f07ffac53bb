/* Checks a chain of seals (RFC 8617 §5.2). */
#include "policy/arc.h"
#include "mail/address.h"
#include "policy/tag-list.h"
#include <string.h>

#define INSTANCE_DIGITS 2

/* One ARC set: the numbers of its three fields, -1 when there is none. */
typedef struct {
  int results, message, seal;
} Set;

typedef struct {
  DkimMessage *mail;
  const DkimHeader *header;
  Set sets[ARC_SETS_MAX + 1]; /* from 1 on */
  guint count;
  const char *problem;
} Chain;

static char *
field_value (const DkimHeader *header, int field)
{
  return header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, field));
}

/* "i=1;" at the beginning of an AAR, or a tag of the others. 0: there is none. */
static guint
read_instance (const char *value, gboolean is_list)
{
  g_autoptr (TagList) tags = is_list ? tag_list_parse (value) : NULL;
  g_auto (GStrv) parts = g_strsplit (value, ";", 2);
  const char *text = tags ? tag_list_find (tags, "i") : NULL;
  guint64 number;

  if (!is_list && parts[0] && parts[1]) {
    const char *equals = strchr (parts[0], '=');

    g_strstrip (parts[0]);
    if (*parts[0] == 'i' && equals && parts[0][1 + strspn (parts[0] + 1, " \t")] == '=')
      text = g_strstrip (parts[0] + (equals - parts[0]) + 1);
  }
  return text && strlen (text) <= INSTANCE_DIGITS && tag_number_parse (text, &number)
          && number <= ARC_SETS_MAX
      ? (guint)number
      : 0;
}

static void
add_field (Chain *self, guint field, gsize offset, gboolean is_list)
{
  g_autofree char *value = field_value (self->header, (int)field);
  const guint instance = read_instance (value, is_list);
  int *place = (int *)((char *)&self->sets[instance] + offset);

  if (instance == 0)
    self->problem = "an instance is broken";
  else if (*place >= 0)
    self->problem = "an instance is there twice";
  *place = (int)field;
  self->count = MAX (self->count, instance);
}

/* §5.2 steps 1 and 3A: each set whole and once, without gaps. */
static void
collect (Chain *self)
{
  static const struct {
    const char *name;
    gsize offset;
    gboolean is_list;
  } kinds[] = {
    { "ARC-Authentication-Results", G_STRUCT_OFFSET (Set, results), FALSE },
    { "ARC-Message-Signature", G_STRUCT_OFFSET (Set, message), TRUE },
    { "ARC-Seal", G_STRUCT_OFFSET (Set, seal), TRUE },
  };

  for (guint i = 0; i <= ARC_SETS_MAX; i++)
    self->sets[i] = (Set) { -1, -1, -1 };
  for (guint f = 0; f < self->header->fields->len && !self->problem; f++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      if (dkim_header_is_named (self->header, f, kinds[k].name))
        add_field (self, f, kinds[k].offset, kinds[k].is_list);
  for (guint i = 1; i <= self->count && !self->problem; i++)
    if (self->sets[i].results < 0 || self->sets[i].message < 0 || self->sets[i].seal < 0)
      self->problem = "a set is not whole";
  if (self->header->is_cut)
    self->problem = "the header section is too big";
}

/* A seal's tags as a signature; *PROBLEM when it cannot be one (§4.1.3). */
static DkimSignature *
read_seal (const Chain *self, guint instance, const char **problem)
{
  g_autofree char *value = field_value (self->header, self->sets[instance].seal);
  g_autoptr (TagList) tags = tag_list_parse (value);
  DkimSignature *seal = g_new0 (DkimSignature, 1);
  const char *domain = tag_list_find (tags, "d"), *selector = tag_list_find (tags, "s");
  const char *algorithm = tag_list_find (tags, "a"), *signature = tag_list_find (tags, "b");
  const char *state = tag_list_find (tags, "cv");

  *problem = NULL;
  seal->domain = domain ? domain_normalize (domain) : NULL;
  seal->selector = selector && dns_name_is_valid (selector) ? g_strdup (selector) : NULL;
  seal->identity = g_strconcat ("@", seal->domain, NULL);
  seal->signature = signature ? tag_base64_decode (signature, 1024) : NULL;
  if (tag_list_find (tags, "h"))
    *problem = "a seal has h=";
  else if (!seal->domain || !seal->selector || !seal->signature || !algorithm
           || !dkim_algorithm_parse (algorithm, &seal->algorithm))
    *problem = "a seal cannot be read";
  else if (g_strcmp0 (state, instance == 1 ? "none" : "pass") != 0)
    *problem = "a seal calls the chain broken";
  return seal;
}

static void
append_field (const Chain *self, GString *out, int field)
{
  const ByteRange *whole = &g_array_index (self->header->fields, HeaderField, field).whole;

  dkim_canon_field (out, self->header->bytes + whole->offset, whole->length, DKIM_RELAXED);
}

/* §5.1.1: all sets up to this one, its own seal without its signature. */
static GString *
sealed_data (const Chain *self, guint instance)
{
  GString *data = g_string_new (NULL);
  const ByteRange *own
      = &g_array_index (self->header->fields, HeaderField, self->sets[instance].seal).whole;

  for (guint i = 1; i <= instance; i++) {
    append_field (self, data, self->sets[i].results);
    append_field (self, data, self->sets[i].message);
    if (i < instance)
      append_field (self, data, self->sets[i].seal);
  }
  dkim_append_unsigned (data, self->header->bytes + own->offset, own->length, DKIM_RELAXED);
  return data;
}

typedef enum { LINK_GOOD, LINK_BROKEN, LINK_UNKNOWN, LINK_PENDING } Link;

/* The key's answer decides; *PROBLEM when it does not hold. */
static Link
verify (DkimSignature *signature, const GString *data, Answers *answers, const char **problem)
{
  DkimVerdict verdict = { .signature = signature };

  if (!dkim_verify_data (&verdict, data, answers))
    return LINK_PENDING;
  *problem = verdict.problem;
  return verdict.result == DKIM_PASS     ? LINK_GOOD
      : verdict.result == DKIM_TEMPERROR ? LINK_UNKNOWN
                                         : LINK_BROKEN;
}

static Link
check_seal (Chain *self, guint instance, Answers *answers, char **domain)
{
  g_autoptr (DkimSignature) seal = read_seal (self, instance, &self->problem);
  g_autoptr (GString) data = NULL;

  if (self->problem)
    return LINK_BROKEN;
  *domain = g_strdup (seal->domain);
  data = sealed_data (self, instance);
  return verify (seal, data, answers, &self->problem);
}

/* §5.2 step 4: the newest message signature must hold. */
static Link
check_message (Chain *self, Answers *answers)
{
  const int field = self->sets[self->count].message;
  const ByteRange *own = &g_array_index (self->header->fields, HeaderField, field).whole;
  g_autofree char *value = field_value (self->header, field);
  g_autoptr (DkimSignature) signature = dkim_signature_parse (value, TRUE, &self->problem);
  g_autoptr (GString) data = g_string_new (NULL);
  const guint8 *hash;
  guint64 total;

  if (self->problem)
    return LINK_BROKEN;
  hash = dkim_message_body_hash (self->mail, signature->body_canon, signature->length, &total);
  if (memcmp (hash, g_bytes_get_data (signature->body_hash, NULL), 32) != 0
      || (signature->length != G_MAXUINT64 && signature->length > total)) {
    self->problem = "the body was changed";
    return LINK_BROKEN;
  }
  dkim_header_append (self->header, data, (const char *const *)signature->fields,
                      signature->header_canon, field);
  dkim_append_unsigned (data, self->header->bytes + own->offset, own->length,
                        signature->header_canon);
  return verify (signature, data, answers, &self->problem);
}

static ArcVerdict *
verdict_new (ArcResult result, const char *problem)
{
  ArcVerdict *self = g_new0 (ArcVerdict, 1);

  self->result = result;
  self->problem = problem;
  self->sealers = g_ptr_array_new_with_free_func (g_free);
  self->results = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
arc_verdict_free (ArcVerdict *self)
{
  g_ptr_array_unref (self->sealers);
  g_ptr_array_unref (self->results);
  g_free (self);
}

/* TRUE: an answer is missing. Sets the verdict to what its worst link is. */
static gboolean
add_link (ArcVerdict *verdict, Link link, const char *problem)
{
  if (link == LINK_GOOD || link == LINK_PENDING || verdict->result == ARC_FAIL)
    return link == LINK_PENDING;
  verdict->result = link == LINK_BROKEN ? ARC_FAIL : ARC_TEMPERROR;
  verdict->problem = problem;
  return FALSE;
}

ArcVerdict *
arc_check (DkimMessage *message, Answers *answers)
{
  Chain chain = { .mail = message, .header = dkim_message_header (message) };
  g_autoptr (ArcVerdict) verdict = verdict_new (ARC_PASS, NULL);
  gboolean pending;
  Link link;

  collect (&chain);
  if (chain.problem)
    verdict->result = ARC_FAIL;
  else if (chain.count == 0)
    verdict->result = ARC_NONE;
  verdict->problem = chain.problem;
  if (verdict->result != ARC_PASS)
    return g_steal_pointer (&verdict);
  link = check_message (&chain, answers);
  pending = add_link (verdict, link, chain.problem);
  for (guint i = 1; i <= chain.count && verdict->result != ARC_FAIL;
       i++) { /* all questions at once */
    char *domain = NULL;
    link = check_seal (&chain, i, answers, &domain);
    pending |= add_link (verdict, link, chain.problem);
    g_ptr_array_add (verdict->sealers, domain);
    g_ptr_array_add (verdict->results, field_value (chain.header, chain.sets[i].results));
  }
  return pending && verdict->result != ARC_FAIL ? NULL : g_steal_pointer (&verdict);
}

/* One of the results in an Authentication-Results text is dmarc=pass for AUTHOR. Comments are left
 * out, so that nothing in them counts. */
static gboolean
says_pass (const char *text, const char *author)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_auto (GStrv) results = NULL;
  g_autofree char *wanted = g_strconcat ("header.from=", author, NULL);

  for (const char *at = text; *at;) {
    const char *behind = *at == '(' ? header_skip_comments (at) : at;

    g_string_append_c (plain, behind == at ? *at : ' ');
    at = behind == at ? at + 1 : behind;
  }
  results = g_strsplit (plain->str, ";", 100);
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

gboolean
arc_vouches (const ArcVerdict *self, const char *author, const char *trusted)
{
  g_auto (GStrv) domains = g_strsplit (trusted, " ", -1);

  if (self->result != ARC_PASS)
    return FALSE;
  for (guint i = self->sealers->len; i > 0; i--) {
    if (!g_strv_contains ((const char *const *)domains, self->sealers->pdata[i - 1]))
      return FALSE; /* what stands before it, it may have made up */
    if (says_pass (self->results->pdata[i - 1], author))
      return TRUE;
  }
  return FALSE;
}

const char *
arc_result_name (ArcResult result)
{
  static const char *const names[] = { "none", "pass", "fail", "temperror" };

  return names[result];
}
