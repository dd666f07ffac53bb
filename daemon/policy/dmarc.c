/* The DNS tree walk, alignment, and the policy that follows (RFC 9989 §4.10, §5.3). */
#include "policy/dmarc.h"
#include "mail/address.h"
#include <string.h>

#define WALK_MAX 8 /* queries (§4.10) */
#define AUTHORS_MAX 100

/* What a walk found at one name. */
typedef struct {
  const char *name; /* points into the domain the walk began with */
  gboolean found;
  DmarcRecord record;
} Step;

typedef struct {
  Step steps[WALK_MAX];
  guint count;
  const char *organization; /* the Organizational Domain */
} Walk;

typedef enum { WALKED, WALK_PENDING, WALK_FAILED } WalkEnd;

/* The names to ask: the domain, then from its seventh label on, one label less each time. */
static guint
list_names (const char *domain, const char *names[WALK_MAX])
{
  guint labels = 1, count = 0;

  for (const char *at = domain; *at; at++)
    labels += *at == '.';
  for (const char *name = domain; name; labels--) {
    if (name == domain || labels < WALK_MAX)
      names[count++] = name;
    name = strchr (name, '.');
    name = name ? name + 1 : NULL;
  }
  return count;
}

static const Answer *
ask (const char *domain, Answers *answers)
{
  g_autofree char *name = g_strconcat ("_dmarc.", domain, NULL);

  return answers_find (answers, QUESTION_TXT, name);
}

/* The one DMARC record among the TXT records; several are none (§4.10 step 2). */
static void
read_step (Step *step, const Answer *answer)
{
  DmarcRecord record;
  guint count = 0;

  for (guint i = 0; answer->records[i]; i++)
    if (dmarc_record_parse (answer->records[i], &record)) {
      step->record = record;
      count++;
    }
  step->found = count == 1;
}

/* §4.10.2 */
static const char *
find_organization (const Walk *walk, const char *domain)
{
  const char *organization = domain;

  for (guint i = 0; i < walk->count; i++) {
    const Step *step = &walk->steps[i];

    if (!step->found)
      continue;
    if (step->record.psd == 'n')
      return step->name;
    if (step->record.psd == 'y' && i > 0) { /* the name one label longer, on the way from DOMAIN */
      const char *below = step->name - 1;
      while (below > domain && below[-1] != '.')
        below--;
      return below;
    }
    organization = step->name;
  }
  return organization;
}

static WalkEnd
walk_tree (const char *domain, Answers *answers, Walk *walk)
{
  const char *names[WALK_MAX];
  const guint count = list_names (domain, names);
  gboolean pending = FALSE;

  for (guint i = 0; i < count; i++) /* all at once: one time instead of eight */
    pending |= ask (names[i], answers) == NULL;
  if (pending)
    return WALK_PENDING;
  *walk = (Walk) { .count = 0 };
  while (walk->count < count) {
    Step *step = &walk->steps[walk->count];
    const Answer *answer = ask (names[walk->count], answers);

    if (answer->status == ANSWER_FAILED) {
      walk->organization = domain;
      return WALK_FAILED;
    }
    step->name = names[walk->count++];
    read_step (step, answer);
    if (step->found && step->record.psd != 'u')
      break;
  }
  walk->organization = find_organization (walk, domain);
  return WALKED;
}

/* §4.10.1: the record of the domain, of its Organizational Domain, or of its Public Suffix Domain.
 */
static const Step *
find_policy (const Walk *walk, const char *domain)
{
  const Step *suffix = NULL;

  for (guint i = 0; i < walk->count; i++) {
    const Step *step = &walk->steps[i];

    if (step->found && (step->name == domain || step->name == walk->organization))
      return step;
    if (step->found && step->record.psd == 'y')
      suffix = step;
  }
  return suffix;
}

/* Whether DOMAIN's Organizational Domain is ORGANIZATION (§4.4). Only what is below it can be. */
static WalkEnd
is_aligned (const char *domain, const char *author, const char *organization, gboolean strict,
            Answers *answers, gboolean *aligned)
{
  Walk walk;
  WalkEnd end;

  *aligned = g_ascii_strcasecmp (domain, author) == 0;
  if (*aligned || strict || !domain_is_below (domain, organization))
    return WALKED;
  end = walk_tree (domain, answers, &walk);
  if (end == WALKED)
    *aligned = g_ascii_strcasecmp (walk.organization, organization) == 0;
  return end;
}

/* What the identifiers say together. */
typedef struct {
  const char *author, *organization;
  gboolean passed, pending, failed;
  Answers *answers;
} Alignment;

/* An identifier that was not decided, of a domain that could be aligned, leaves the result open;
 * one of a stranger does not: who forges a mail must not be able to leave it open. */
static void
add_identifier (Alignment *self, const char *domain, gboolean passed, gboolean undecided,
                gboolean strict)
{
  gboolean aligned;

  if (domain == NULL || (!passed && !undecided))
    return;
  if (undecided) {
    self->failed |= strict ? g_ascii_strcasecmp (domain, self->author) == 0
                           : domain_is_below (domain, self->organization);
    return;
  }
  switch (is_aligned (domain, self->author, self->organization, strict, self->answers, &aligned)) {
  case WALKED:
    self->passed |= aligned;
    break;
  case WALK_PENDING:
    self->pending = TRUE;
    break;
  case WALK_FAILED:
    self->failed = TRUE;
    break;
  }
}

static void
align (Alignment *self, const DmarcRecord *record, const SpfVerdict *spf, const GPtrArray *dkim)
{
  if (spf)
    add_identifier (self, spf->domain, spf->result == SPF_PASS, spf->result == SPF_TEMPERROR,
                    record->strict_spf);
  for (guint i = 0; dkim && i < dkim->len; i++) {
    const DkimVerdict *verdict = dkim->pdata[i];

    add_identifier (self, verdict->signature->domain, verdict->result == DKIM_PASS,
                    verdict->result == DKIM_TEMPERROR, record->strict_dkim);
  }
}

/* p for the domain itself, sp or np for what is below it; np when the author's domain does not
 * exist (RFC 8020). FALSE: an answer is missing. */
static gboolean
choose_policy (Alignment *self, const Step *step, DmarcPolicy *policy)
{
  const Answer *exists;

  *policy = step->name == self->author ? step->record.domain : step->record.subdomains;
  if (step->name == self->author || step->record.nonexistent == step->record.subdomains)
    return TRUE;
  exists = answers_find (self->answers, QUESTION_A, self->author);
  if (exists && exists->status == ANSWER_NO_NAME)
    *policy = step->record.nonexistent;
  self->failed |= exists && exists->status == ANSWER_FAILED;
  return exists != NULL;
}

/* t=y asks for one level less (§4.7). */
static DmarcPolicy
policy_to_apply (DmarcPolicy published, gboolean testing)
{
  return testing ? MAX (published - 1, DMARC_POLICY_NONE) : published;
}

static DmarcVerdict *
judge (Alignment *alignment, const Step *step, const SpfVerdict *spf, const GPtrArray *dkim)
{
  g_autoptr (DmarcVerdict) self = g_new0 (DmarcVerdict, 1);

  align (alignment, &step->record, spf, dkim);
  if (!choose_policy (alignment, step, &self->published)
      || (alignment->pending && !alignment->passed))
    return NULL;
  self->domain = g_strdup (alignment->author);
  self->policy_domain = g_strdup (step->name);
  self->result = alignment->passed ? DMARC_PASS : alignment->failed ? DMARC_TEMPERROR : DMARC_FAIL;
  if (self->result == DMARC_FAIL)
    self->policy = policy_to_apply (self->published, step->record.testing);
  return g_steal_pointer (&self);
}

static DmarcVerdict *
verdict_new (DmarcResult result, const char *domain)
{
  DmarcVerdict *self = g_new0 (DmarcVerdict, 1);

  self->result = result;
  self->domain = g_strdup (domain);
  return self;
}

/* What was not answered above the author's own record leaves its organization open, and so every
 * alignment but the exact one (§4.10.2). */
DmarcVerdict *
dmarc_check (const char *domain, const SpfVerdict *spf, const GPtrArray *dkim, Answers *answers)
{
  Alignment alignment = { .author = domain, .answers = answers };
  const Step *step;
  Walk walk;
  WalkEnd end;

  if (domain == NULL)
    return verdict_new (DMARC_NONE, NULL);
  end = walk_tree (domain, answers, &walk);
  if (end == WALK_PENDING)
    return NULL;
  step = find_policy (&walk, domain);
  if (end == WALK_FAILED && step == NULL)
    return verdict_new (DMARC_TEMPERROR, domain);
  if (step == NULL || step->record.ignored)
    return verdict_new (DMARC_NONE, domain);
  alignment.organization = walk.organization;
  alignment.failed = end == WALK_FAILED && !(step->record.strict_dkim && step->record.strict_spf);
  return judge (&alignment, step, spf, dkim);
}

void
dmarc_ask (const char *domain, Answers *answers)
{
  Walk walk;

  walk_tree (domain, answers, &walk);
}

/* Names that no host should have ("under_score.example.com") have a policy, too. */
static char *
normalize_host (const char *host)
{
  char *domain = domain_normalize (host);

  if (domain == NULL && dns_name_is_valid (host)
      && host[strspn (host, "-._" G_CSET_DIGITS G_CSET_a_2_z G_CSET_A_2_Z)] == '\0') {
    domain = g_ascii_strdown (host, -1);
    if (g_str_has_suffix (domain, "."))
      domain[strlen (domain) - 1] = '\0';
  }
  return domain;
}

/* FALSE: it has another domain than *DOMAIN, or none that can be one. */
static gboolean
add_author (const Address *address, char **domain)
{
  g_autofree char *host = address->host ? normalize_host (address->host) : NULL;

  if (address->host == NULL) /* the start or the end of a group */
    return TRUE;
  if (host == NULL || (*domain && strcmp (*domain, host) != 0))
    return FALSE;
  if (*domain == NULL)
    *domain = g_steal_pointer (&host);
  return TRUE;
}

/* FALSE: several domains stand in the field, or more addresses than are looked at. */
static gboolean
add_authors (const DkimHeader *header, guint field, char **domain)
{
  g_autofree char *value
      = header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, field));
  g_autoptr (GPtrArray) list = address_parse_list (value, AUTHORS_MAX);
  gboolean clear = list->len < AUTHORS_MAX;

  for (guint i = 0; i < list->len; i++)
    clear &= add_author (list->pdata[i], domain);
  return clear;
}

char *
dmarc_author_domain (const DkimHeader *header, DmarcAuthors *authors)
{
  g_autofree char *domain = NULL;
  gboolean clear = TRUE;
  guint fields = 0;

  for (guint i = 0; i < header->fields->len && fields < 2; i++)
    if (dkim_header_is_named (header, i, "From") && ++fields == 1)
      clear = add_authors (header, i, &domain);
  *authors = fields > 1 ? DMARC_AUTHORS_OF_SEVERAL_FIELDS
      : domain == NULL  ? DMARC_AUTHORS_NONE
      : clear           ? DMARC_AUTHORS_OF_ONE_DOMAIN
                        : DMARC_AUTHORS_OF_SEVERAL_DOMAINS;
  return *authors == DMARC_AUTHORS_OF_ONE_DOMAIN ? g_steal_pointer (&domain) : NULL;
}

void
dmarc_verdict_free (DmarcVerdict *self)
{
  g_free (self->domain);
  g_free (self->policy_domain);
  g_free (self);
}

const char *
dmarc_result_name (DmarcResult result)
{
  static const char *const names[] = { "none", "pass", "fail", "temperror", "permerror" };

  return names[result];
}
