/* Reads policies and the records that announce them. */
#include "queue/mta-sts.h"
#include <string.h>

static const char *const modes[] = { "none", "testing", "enforce" };

void
mta_sts_policy_free (MtaStsPolicy *policy)
{
  g_ptr_array_unref (policy->mx);
  g_free (policy);
}

typedef struct {
  MtaStsPolicy *policy;
  gboolean has_version, has_mode, has_age, is_broken;
} Reading;

static void
read_version (Reading *self, const char *value)
{
  self->is_broken |= strcmp (value, "STSv1") != 0;
  self->has_version = TRUE;
}

static void
read_mode (Reading *self, const char *value)
{
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    if (!self->has_mode && strcmp (value, modes[i]) == 0) {
      self->policy->mode = (MtaStsMode)i;
      self->has_mode = TRUE;
    }
  self->is_broken |= !self->has_mode;
}

static void
read_age (Reading *self, const char *value)
{
  guint64 age;

  if (self->has_age)
    return;
  self->has_age = g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT64, &age, NULL);
  self->is_broken |= !self->has_age;
  self->policy->max_age = self->has_age ? (gint64)MIN (age, MTA_STS_AGE_MAX) : 0;
}

static void
read_mx (Reading *self, const char *value)
{
  const gsize length = strlen (value);

  if (length > 0 && length <= 255)
    g_ptr_array_add (self->policy->mx, g_strndup (value, length - (value[length - 1] == '.')));
}

/* To know a field, add a line here; others mean nothing to us (§3.2). The first of a name counts,
 * but for mx. */
static const struct {
  const char *name;
  void (*read) (Reading *self, const char *value);
} fields[] = {
  { "version", read_version }, { "mode", read_mode }, { "max_age", read_age }, { "mx", read_mx }
};

static void
read_line (Reading *self, char *line)
{
  char *colon = strchr (line, ':');

  if (colon == NULL)
    return;
  *colon = '\0';
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (strcmp (g_strchomp (line), fields[i].name) == 0)
      fields[i].read (self, g_strstrip (colon + 1));
}

MtaStsPolicy *
mta_sts_policy_parse (const char *text, gsize length)
{
  g_autoptr (MtaStsPolicy) policy = g_new0 (MtaStsPolicy, 1);
  Reading self = { .policy = policy };
  g_autofree char *whole = NULL;
  g_auto (GStrv) lines = NULL;

  policy->mx = g_ptr_array_new_with_free_func (g_free);
  if (length > MTA_STS_POLICY_MAX || memchr (text, '\0', length))
    return NULL;
  whole = g_strndup (text, length);
  lines = g_strsplit (whole, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    read_line (&self, lines[i]);
  if (self.is_broken || !self.has_version || !self.has_mode || !self.has_age
      || (policy->mode != MTA_STS_NONE && policy->mx->len == 0))
    return NULL;
  return g_steal_pointer (&policy);
}

/* "*" stands for one label, the leftmost (§4.1). */
static gboolean
matches (const char *pattern, const char *host)
{
  if (g_str_has_prefix (pattern, "*.")) {
    const char *dot = strchr (host, '.');
    return dot && dot > host && g_ascii_strcasecmp (pattern + 1, dot) == 0;
  }
  return g_ascii_strcasecmp (pattern, host) == 0;
}

gboolean
mta_sts_policy_allows (const MtaStsPolicy *policy, const char *host)
{
  for (guint i = 0; i < policy->mx->len; i++)
    if (matches (policy->mx->pdata[i], host))
      return TRUE;
  return FALSE;
}

static gboolean
is_id (const char *text)
{
  const gsize length = strlen (text);

  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]))
      return FALSE;
  return length > 0 && length <= MTA_STS_ID_MAX;
}

char *
mta_sts_record_id (const char *text, gsize length)
{
  g_autofree char *whole = g_strndup (text, length);
  g_auto (GStrv) terms = g_strsplit (whole, ";", -1);
  char *id = NULL;

  if (terms[0] == NULL || strcmp (g_strchomp (terms[0]), "v=STSv1") != 0)
    return NULL;
  for (guint i = 1; terms[i] && id == NULL; i++) {
    const char *term = g_strstrip (terms[i]);
    if (g_str_has_prefix (term, "id=") && is_id (term + 3))
      id = g_strdup (term + 3);
  }
  return id;
}
