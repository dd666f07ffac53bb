/* check_host() of SPF with all its limits (RFC 7208 §4). */
#include "policy/spf.h"
#include "mail/address.h"
#include "policy/iprev.h"
#include "policy/spf-macro.h"
#include <string.h>

#define TERMS_MAX 10 /* that look something up (§4.6.4) */
#define VOID_MAX 2 /* look-ups that find nothing (§4.6.4) */
#define NAMES_MAX 10 /* hosts of an MX (§4.6.4) */
#define EXPLANATION_MAX 400

#define PENDING ((SpfResult)(SPF_PERMERROR + 1)) /* an answer is missing */

typedef enum { NO_MATCH, MATCH, MATCH_TEMPERROR, MATCH_PERMERROR, MATCH_PENDING } Match;

/* One check; its includes and redirects share the limits. */
typedef struct {
  const SpfQuery *query;
  Answers *answers;
  GInetAddress *address;
  char *sender;
  guint terms, voids;
  char *problem;
  char *ptr_name; /* %{p}, once it is known */
} Check;

/* check_host() for one domain. */
typedef struct {
  Check *check;
  const char *domain;
  SpfMacros macros;
} Host;

static SpfResult check_host (Check *self, const char *domain, char **explanation);

static gboolean
is_ip4 (const Check *self)
{
  return g_inet_address_get_family (self->address) == G_SOCKET_FAMILY_IPV4;
}

static Match
problem (Check *self, const char *format, const char *what)
{
  if (self->problem == NULL)
    self->problem = g_strdup_printf (format, what);
  return MATCH_PERMERROR;
}

/* A look-up of a term: MATCH when something was found. */
static Match
look_up (Check *self, QuestionType type, const char *name, const Answer **answer)
{
  *answer = answers_find (self->answers, type, name);
  if (*answer == NULL)
    return MATCH_PENDING;
  if ((*answer)->status == ANSWER_FAILED) {
    if (self->problem == NULL)
      self->problem = g_strdup_printf ("no answer for %s", name);
    return MATCH_TEMPERROR;
  }
  return (*answer)->status == ANSWER_FOUND && (*answer)->records[0] ? MATCH : NO_MATCH;
}

/* The same for the first look-up of a term, whose failures are counted. */
static Match
look_up_first (Check *self, QuestionType type, const char *name, const Answer **answer)
{
  const Match match = look_up (self, type, name, answer);

  if (match == NO_MATCH && ++self->voids > VOID_MAX)
    return problem (self, "too many names that do not exist, at %s", name);
  return match;
}

static QuestionType
address_type (const Check *self)
{
  return is_ip4 (self) ? QUESTION_A : QUESTION_AAAA;
}

static guint
prefix_length (const Check *self, const SpfDirective *directive)
{
  return is_ip4 (self) ? directive->ip4_length : directive->ip6_length;
}

static Match
match_a (Check *self, const SpfDirective *directive, const char *name)
{
  const Answer *answer;
  const Match match = look_up_first (self, address_type (self), name, &answer);

  return match == MATCH
          && !address_is_among (self->address, answer, prefix_length (self, directive))
      ? NO_MATCH
      : match;
}

static Match
match_mx (Check *self, const SpfDirective *directive, const char *name)
{
  const Answer *answer;
  Match match = look_up_first (self, QUESTION_MX, name, &answer);
  gboolean pending = FALSE;

  if (match != MATCH)
    return match;
  if (g_strv_length (answer->records) > NAMES_MAX)
    return problem (self, "%s has too many MX records", name);
  for (guint i = 0; answer->records[i]; i++) /* all questions at once */
    pending |= answers_find (self->answers, address_type (self), answer->records[i]) == NULL;
  if (pending)
    return MATCH_PENDING;
  for (guint i = 0; answer->records[i]; i++) {
    const Answer *host;

    match = look_up (self, address_type (self), answer->records[i], &host);
    if (match == MATCH && address_is_among (self->address, host, prefix_length (self, directive)))
      return MATCH;
    if (match == MATCH_TEMPERROR)
      return match;
  }
  return NO_MATCH;
}

static Match
match_ptr (Check *self, const SpfDirective *directive, const char *name)
{
  IprevResult ignored; /* §5.5: an error is no match */
  g_autoptr (GPtrArray) names = iprev_names (self->address, self->answers, &ignored);

  if (names == NULL)
    return MATCH_PENDING;
  for (guint i = 0; i < names->len; i++)
    if (domain_is_below (names->pdata[i], name))
      return MATCH;
  return NO_MATCH;
}

static Match
match_network (Check *self, const SpfDirective *directive, const char *name)
{
  return address_is_inside (self->address, directive->network, prefix_length (self, directive))
      ? MATCH
      : NO_MATCH;
}

/* Always an A record, whatever the client's address is (§5.7). */
static Match
match_exists (Check *self, const SpfDirective *directive, const char *name)
{
  const Answer *answer;

  return look_up_first (self, QUESTION_A, name, &answer);
}

/* The table of §5.2. */
static Match
match_include (Check *self, const SpfDirective *directive, const char *name)
{
  static const Match matches[] = {
    [SPF_NONE] = MATCH_PERMERROR,
    [SPF_NEUTRAL] = NO_MATCH,
    [SPF_PASS] = MATCH,
    [SPF_FAIL] = NO_MATCH,
    [SPF_SOFTFAIL] = NO_MATCH,
    [SPF_TEMPERROR] = MATCH_TEMPERROR,
    [SPF_PERMERROR] = MATCH_PERMERROR,
    [PENDING] = MATCH_PENDING,
  };
  const SpfResult result = check_host (self, name, NULL);

  return result == SPF_NONE ? problem (self, "%s, which is included, has no record", name)
                            : matches[result];
}

static Match
match_all (Check *self, const SpfDirective *directive, const char *name)
{
  return MATCH;
}

static const struct {
  Match (*match) (Check *self, const SpfDirective *directive, const char *name);
  gboolean looks_up;
} mechanisms[] = {
  [SPF_ALL] = { match_all, FALSE },     [SPF_INCLUDE] = { match_include, TRUE },
  [SPF_A] = { match_a, TRUE },          [SPF_MX] = { match_mx, TRUE },
  [SPF_PTR] = { match_ptr, TRUE },      [SPF_IP4] = { match_network, FALSE },
  [SPF_IP6] = { match_network, FALSE }, [SPF_EXISTS] = { match_exists, TRUE },
};

/* %{p} (§7.3): the domain itself before what is below it, before any other. */
static const char *
find_ptr_name (gpointer data)
{
  Host *host = data;
  Check *self = host->check;
  IprevResult ignored;
  g_autoptr (GPtrArray) names = iprev_names (self->address, self->answers, &ignored);
  const char *best = "unknown";
  int rank = 0;

  if (names == NULL)
    return NULL;
  for (guint i = 0; i < names->len; i++) {
    const char *name = names->pdata[i];
    const int its = !domain_is_below (name, host->domain) ? 1
        : strlen (name) == strlen (host->domain)          ? 3
                                                          : 2;
    if (its > rank) {
      rank = its;
      best = name;
    }
  }
  g_free (self->ptr_name);
  self->ptr_name = g_strdup (best);
  return self->ptr_name;
}

static Match
match_directive (Host *host, const SpfDirective *directive)
{
  Check *self = host->check;
  g_autofree char *name = NULL;

  if (mechanisms[directive->mechanism].looks_up && ++self->terms > TERMS_MAX)
    return problem (self, "more than ten look-ups, at %s", host->domain);
  name = directive->domain ? spf_domain_expand (&host->macros, directive->domain)
                           : g_strdup (host->domain);
  if (name == NULL)
    return MATCH_PENDING;
  return mechanisms[directive->mechanism].match (self, directive, name);
}

/* TEXT is what a domain wrote: printable ASCII, not too long. */
static char *
printable (const char *text)
{
  for (const char *at = text; *at; at++)
    if (!g_ascii_isprint (*at))
      return NULL;
  return *text && strlen (text) <= EXPLANATION_MAX ? g_strdup (text) : NULL;
}

/* Whatever goes wrong, there is just no explanation (§6.2). FALSE: an answer is missing. */
static gboolean
explain (Host *host, const char *exp, char **explanation)
{
  g_autofree char *name = spf_domain_expand (&host->macros, exp);
  g_autofree char *text = NULL;
  const Answer *answer = name ? answers_find (host->check->answers, QUESTION_TXT, name) : NULL;

  if (answer == NULL)
    return FALSE;
  if (answer->status != ANSWER_FOUND || g_strv_length (answer->records) != 1
      || strlen (answer->records[0]) > SPF_RECORD_MAX
      || !spf_macro_is_valid (answer->records[0], TRUE))
    return TRUE;
  text = spf_macro_expand (&host->macros, answer->records[0]);
  if (text == NULL)
    return FALSE;
  *explanation = printable (text);
  return TRUE;
}

static SpfResult
redirect (Host *host, const char *target, char **explanation)
{
  g_autofree char *name = NULL;
  SpfResult result;

  if (++host->check->terms > TERMS_MAX) {
    problem (host->check, "more than ten look-ups, at %s", host->domain);
    return SPF_PERMERROR;
  }
  name = spf_domain_expand (&host->macros, target);
  if (name == NULL)
    return PENDING;
  result = check_host (host->check, name, explanation);
  if (result != SPF_NONE)
    return result;
  problem (host->check, "%s, where the record leads, has none", name);
  return SPF_PERMERROR;
}

static SpfResult
evaluate (Host *host, const SpfRecord *record, char **explanation)
{
  for (guint i = 0; i < record->directives->len; i++) {
    const SpfDirective *directive = &g_array_index (record->directives, SpfDirective, i);

    switch (match_directive (host, directive)) {
    case NO_MATCH:
      continue;
    case MATCH_TEMPERROR:
      return SPF_TEMPERROR;
    case MATCH_PERMERROR:
      return SPF_PERMERROR;
    case MATCH_PENDING:
      return PENDING;
    case MATCH:
      if (directive->result == SPF_FAIL && record->exp && explanation
          && !explain (host, record->exp, explanation))
        return PENDING;
      return directive->result;
    }
  }
  return record->redirect ? redirect (host, record->redirect, explanation) : SPF_NEUTRAL;
}

/* The one record of SPF among the domain's TXT records (§4.5), or NULL and *RESULT. */
static SpfRecord *
select_record (Check *self, const char *domain, SpfResult *result)
{
  const Answer *answer = answers_find (self->answers, QUESTION_TXT, domain);
  const char *text = NULL;
  SpfRecord *record;
  g_autofree char *why = NULL;

  *result = answer == NULL ? PENDING : answer->status == ANSWER_FAILED ? SPF_TEMPERROR : SPF_NONE;
  if (*result == SPF_TEMPERROR && self->problem == NULL)
    self->problem = g_strdup_printf ("no answer for %s", domain);
  for (guint i = 0; *result == SPF_NONE && answer->records[i]; i++) {
    if (!spf_record_is_one (answer->records[i]))
      continue;
    if (text) {
      problem (self, "%s has more than one record", domain);
      *result = SPF_PERMERROR;
      return NULL;
    }
    text = answer->records[i];
  }
  if (text == NULL)
    return NULL;
  record = spf_record_parse (text, &why);
  if (record == NULL) {
    g_autofree char *whole = g_strdup_printf ("%s: %s", domain, why);
    problem (self, "%s", whole);
    *result = SPF_PERMERROR;
  }
  return record;
}

/* §4.3: more than one label, each of a length that can be; an address literal is none. */
static gboolean
is_domain (const char *domain)
{
  const char *dot = strchr (domain, '.');

  return dns_name_is_valid (domain) && dot && dot[1] && *domain != '[';
}

/* Loops end by the number of terms, which all nested calls share. EXPLANATION may be NULL. */
static SpfResult
check_host (Check *self, const char *domain, char **explanation)
{
  Host host = { .check = self, .domain = domain };
  g_autoptr (SpfRecord) record = NULL;
  SpfResult result;

  if (!is_domain (domain))
    return SPF_NONE;
  record = select_record (self, domain, &result);
  if (record == NULL)
    return result;
  host.macros = (SpfMacros) { .sender = self->sender,
                              .domain = domain,
                              .helo = self->query->helo,
                              .receiver = self->query->receiver,
                              .address = self->address,
                              .now = self->query->now,
                              .ptr_name = find_ptr_name,
                              .data = &host };
  return evaluate (&host, record, explanation);
}

/* §2.4: the null path stands for postmaster@ the HELO name; §4.3: so does a missing local part for
 * postmaster. A domain in UTF-8 is looked up in A-labels (RFC 8616 §4). */
static char *
identity (const SpfQuery *query)
{
  const char *sender = *query->sender ? query->sender : query->helo;
  const char *at = strrchr (sender, '@');
  const char *domain = at ? at + 1 : sender;
  g_autofree char *local
      = at && at > sender ? g_strndup (sender, at - sender) : g_strdup ("postmaster");
  g_autofree char *labels = g_str_is_ascii (domain) ? NULL : domain_normalize (domain);

  return g_strconcat (local, "@", labels ? labels : domain, NULL);
}

void
spf_verdict_free (SpfVerdict *self)
{
  g_free (self->domain);
  g_free (self->explanation);
  g_free (self->problem);
  g_free (self);
}

SpfVerdict *
spf_check (const SpfQuery *query, Answers *answers)
{
  g_autoptr (GInetAddress) address = address_unmapped (query->address);
  g_autofree char *sender = identity (query);
  Check check = { .query = query, .answers = answers, .address = address, .sender = sender };
  g_autoptr (SpfVerdict) self = g_new0 (SpfVerdict, 1);

  self->by_helo = *query->sender == '\0';
  self->domain = g_strdup (strrchr (sender, '@') + 1);
  if (g_str_has_suffix (self->domain, "."))
    self->domain[strlen (self->domain) - 1] = '\0';
  self->result = check_host (&check, self->domain, &self->explanation);
  self->problem = g_steal_pointer (&check.problem);
  g_clear_pointer (&check.ptr_name, g_free);
  if (self->result == PENDING)
    return NULL;
  if (self->result != SPF_TEMPERROR && self->result != SPF_PERMERROR)
    g_clear_pointer (&self->problem, g_free);
  return g_steal_pointer (&self);
}

const char *
spf_result_name (SpfResult result)
{
  static const char *const names[] = {
    [SPF_NONE] = "none",           [SPF_NEUTRAL] = "neutral",   [SPF_PASS] = "pass",
    [SPF_FAIL] = "fail",           [SPF_SOFTFAIL] = "softfail", [SPF_TEMPERROR] = "temperror",
    [SPF_PERMERROR] = "permerror",
  };

  return names[result];
}
