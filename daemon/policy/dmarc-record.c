/* Reads DMARC records: leniently, as §4.7 wants it. */
#include "policy/dmarc-record.h"
#include <string.h>

#define RECORD_MAX 8192

typedef struct {
  char *p, *sp, *np, *adkim, *aspf, *psd, *t, *rua; /* point into the text; NULL: not there */
} Tags;

static const char *const policies[] = { NULL, "none", "quarantine", "reject" };

static char **
find_tag (Tags *tags, const char *name)
{
  const struct {
    const char *name;
    char **value;
  } known[] = {
    { "p", &tags->p },       { "sp", &tags->sp },   { "np", &tags->np }, { "adkim", &tags->adkim },
    { "aspf", &tags->aspf }, { "psd", &tags->psd }, { "t", &tags->t },   { "rua", &tags->rua },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (strcmp (known[i].name, name) == 0)
      return known[i].value;
  return NULL;
}

/* Splits PART into name and value, both trimmed; NULL: there is no '='. */
static char *
split (char *part)
{
  char *equals = strchr (part, '=');

  if (equals == NULL)
    return NULL;
  *equals = '\0';
  g_strstrip (part);
  return g_strstrip (equals + 1);
}

static DmarcPolicy
read_policy (const char *value)
{
  for (guint i = DMARC_POLICY_NONE; value && i < G_N_ELEMENTS (policies); i++)
    if (g_ascii_strcasecmp (value, policies[i]) == 0)
      return i;
  return DMARC_POLICY_UNSET;
}

static gboolean
is_letter (const char *value, char letter)
{
  return value && g_ascii_tolower (*value) == letter && value[1] == '\0';
}

/* Has a reporting URI that can be one: a scheme and something behind it. */
static gboolean
has_uri (const char *value)
{
  g_auto (GStrv) uris = g_strsplit (value ? value : "", ",", 100);

  for (guint i = 0; uris[i]; i++) {
    const char *scheme = g_uri_peek_scheme (g_strstrip (uris[i]));
    if (scheme && uris[i][strlen (scheme) + 1])
      return TRUE;
  }
  return FALSE;
}

/* §4.10.1: a policy that is missing or cannot be read is "none" when there is an address for
 * reports; otherwise the record says nothing. */
static void
read_policies (const Tags *tags, DmarcRecord *record)
{
  record->domain = read_policy (tags->p);
  record->subdomains = read_policy (tags->sp);
  record->nonexistent = read_policy (tags->np);
  if (record->domain == DMARC_POLICY_UNSET || (tags->sp && record->subdomains == DMARC_POLICY_UNSET)
      || (tags->np && record->nonexistent == DMARC_POLICY_UNSET)) {
    record->ignored = !has_uri (tags->rua);
    record->domain = record->subdomains = record->nonexistent = DMARC_POLICY_NONE;
  }
  if (record->subdomains == DMARC_POLICY_UNSET)
    record->subdomains = record->domain;
  if (record->nonexistent == DMARC_POLICY_UNSET)
    record->nonexistent = record->subdomains;
}

gboolean
dmarc_record_parse (const char *text, DmarcRecord *record)
{
  g_auto (GStrv) parts = NULL;
  const char *version;
  Tags tags = { NULL };

  if (strlen (text) > RECORD_MAX)
    return FALSE;
  parts = g_strsplit (text, ";", -1);
  version = parts[0] ? split (parts[0]) : NULL;
  if (version == NULL || strcmp (parts[0], "v") != 0 || strcmp (version, "DMARC1") != 0)
    return FALSE;
  for (guint i = 1; parts[i]; i++) {
    char *value = split (parts[i]);
    char **tag = value ? find_tag (&tags, parts[i]) : NULL;

    if (tag && *tag == NULL)
      *tag = value;
  }
  *record = (DmarcRecord) { .psd = is_letter (tags.psd, 'y') ? 'y'
                                : is_letter (tags.psd, 'n')  ? 'n'
                                                             : 'u' };
  record->strict_dkim = is_letter (tags.adkim, 's');
  record->strict_spf = is_letter (tags.aspf, 's');
  record->testing = is_letter (tags.t, 'y');
  read_policies (&tags, record);
  return TRUE;
}

const char *
dmarc_policy_name (DmarcPolicy policy)
{
  return policies[MAX (policy, DMARC_POLICY_NONE)];
}
