/* Reads SPF records: directives and modifiers (RFC 7208 §12). */
#include "policy/spf-record.h"
#include "policy/spf-macro.h"
#include <string.h>

#define VERSION "v=spf1"

/* What may and must follow the name of a mechanism. */
typedef enum { TAKES_NOTHING, TAKES_DOMAIN, TAKES_NETWORK } Argument;

static const struct {
  const char *name;
  Argument argument;
  gboolean required; /* the argument */
  gboolean lengths; /* /24//64 may follow */
} mechanisms[] = {
  [SPF_ALL] = { "all", TAKES_NOTHING, FALSE, FALSE },
  [SPF_INCLUDE] = { "include", TAKES_DOMAIN, TRUE, FALSE },
  [SPF_A] = { "a", TAKES_DOMAIN, FALSE, TRUE },
  [SPF_MX] = { "mx", TAKES_DOMAIN, FALSE, TRUE },
  [SPF_PTR] = { "ptr", TAKES_DOMAIN, FALSE, FALSE },
  [SPF_IP4] = { "ip4", TAKES_NETWORK, TRUE, FALSE },
  [SPF_IP6] = { "ip6", TAKES_NETWORK, TRUE, FALSE },
  [SPF_EXISTS] = { "exists", TAKES_DOMAIN, TRUE, FALSE },
};

static void
directive_clear (gpointer data)
{
  SpfDirective *directive = data;

  g_clear_pointer (&directive->domain, g_free);
  g_clear_object (&directive->network);
}

void
spf_record_free (SpfRecord *self)
{
  g_array_unref (self->directives);
  g_free (self->redirect);
  g_free (self->exp);
  g_free (self);
}

gboolean
spf_record_is_one (const char *text)
{
  return g_ascii_strncasecmp (text, VERSION, strlen (VERSION)) == 0
      && (text[strlen (VERSION)] == ' ' || text[strlen (VERSION)] == '\0');
}

/* "0" or a number without a leading zero, up to MOST. */
static gboolean
read_length (const char *text, guint most, guint *length)
{
  guint64 value;

  if (!g_ascii_isdigit (*text) || (*text == '0' && text[1] != '\0')
      || !g_ascii_string_to_unsigned (text, 10, 0, most, &value, NULL))
    return FALSE;
  *length = (guint)value;
  return TRUE;
}

/* The last '/' of TEXT when only digits follow it. */
static char *
find_length (char *text)
{
  char *slash = strrchr (text, '/');

  return slash && slash[1] && slash[1 + strspn (slash + 1, "0123456789")] == '\0' ? slash : NULL;
}

/* Takes /24, //64 or /24//64 off the end of TEXT. */
static gboolean
cut_lengths (char *text, SpfDirective *directive)
{
  char *slash = find_length (text);

  if (slash && slash > text && slash[-1] == '/') {
    if (!read_length (slash + 1, 128, &directive->ip6_length))
      return FALSE;
    slash[-1] = '\0';
    slash = find_length (text);
  }
  if (slash == NULL)
    return TRUE;
  *slash = '\0';
  return read_length (slash + 1, 32, &directive->ip4_length);
}

static gboolean
read_network (char *text, SpfDirective *directive)
{
  const gboolean is_ip4 = directive->mechanism == SPF_IP4;
  char *slash = strchr (text, '/');

  if (slash) {
    *slash = '\0';
    if (!read_length (slash + 1, is_ip4 ? 32 : 128,
                      is_ip4 ? &directive->ip4_length : &directive->ip6_length))
      return FALSE;
  }
  /* GLib would take what inet_aton takes, and a zone. */
  if (text[strspn (text, is_ip4 ? "0123456789." : "0123456789abcdefABCDEF:.")] != '\0')
    return FALSE;
  directive->network = g_inet_address_new_from_string (text);
  return directive->network
      && g_inet_address_get_family (directive->network)
      == (is_ip4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6);
}

/* What follows the name; REST is written to. */
static gboolean
read_argument (char *rest, SpfDirective *directive)
{
  const Argument argument = mechanisms[directive->mechanism].argument;

  if (mechanisms[directive->mechanism].lengths && !cut_lengths (rest, directive))
    return FALSE;
  if (*rest == '\0')
    return !mechanisms[directive->mechanism].required;
  if (*rest != ':' || argument == TAKES_NOTHING)
    return FALSE;
  if (argument == TAKES_NETWORK)
    return read_network (rest + 1, directive);
  if (!spf_domain_spec_is_valid (rest + 1))
    return FALSE;
  directive->domain = g_strdup (rest + 1);
  return TRUE;
}

static SpfResult
read_qualifier (const char **term)
{
  static const struct {
    char sign;
    SpfResult result;
  } qualifiers[]
      = { { '+', SPF_PASS }, { '-', SPF_FAIL }, { '~', SPF_SOFTFAIL }, { '?', SPF_NEUTRAL } };

  for (guint i = 0; i < G_N_ELEMENTS (qualifiers); i++)
    if (**term == qualifiers[i].sign) {
      (*term)++;
      return qualifiers[i].result;
    }
  return SPF_PASS;
}

static gboolean
read_directive (SpfRecord *self, const char *term)
{
  SpfDirective directive
      = { .result = read_qualifier (&term), .ip4_length = 32, .ip6_length = 128 };
  const gsize length = strcspn (term, ":/");
  g_autofree char *rest = g_strdup (term + length);

  for (guint i = 0; i < G_N_ELEMENTS (mechanisms); i++) {
    if (strlen (mechanisms[i].name) != length
        || g_ascii_strncasecmp (mechanisms[i].name, term, length) != 0)
      continue;
    directive.mechanism = i;
    if (read_argument (rest, &directive)) {
      g_array_append_val (self->directives, directive);
      return TRUE;
    }
    directive_clear (&directive);
    return FALSE;
  }
  return FALSE;
}

/* The length of a modifier's name before its '=', or 0: TERM is none (§12). */
static gsize
modifier_name (const char *term)
{
  gsize length = 0;

  if (!g_ascii_isalpha (*term))
    return 0;
  while (g_ascii_isalnum (term[length]) || (term[length] && strchr ("-_.", term[length])))
    length++;
  return term[length] == '=' ? length : 0;
}

/* redirect and exp at most once (§6); others are syntax only. */
static gboolean
read_modifier (SpfRecord *self, const char *term, gsize length)
{
  const char *value = term + length + 1;
  char **target = NULL;

  if (length == 8 && g_ascii_strncasecmp (term, "redirect", length) == 0)
    target = &self->redirect;
  else if (length == 3 && g_ascii_strncasecmp (term, "exp", length) == 0)
    target = &self->exp;
  if (target == NULL)
    return spf_macro_is_valid (value, FALSE);
  if (*target != NULL || !spf_domain_spec_is_valid (value))
    return FALSE;
  *target = g_strdup (value);
  return TRUE;
}

static gboolean
read_term (SpfRecord *self, const char *term)
{
  const gsize length = modifier_name (term);

  return length > 0 ? read_modifier (self, term, length) : read_directive (self, term);
}

SpfRecord *
spf_record_parse (const char *text, char **problem)
{
  g_autoptr (SpfRecord) self = g_new0 (SpfRecord, 1);
  g_auto (GStrv) terms = NULL;

  self->directives = g_array_new (FALSE, FALSE, sizeof (SpfDirective));
  g_array_set_clear_func (self->directives, directive_clear);
  if (strlen (text) > SPF_RECORD_MAX) {
    *problem = g_strdup ("the record is too long");
    return NULL;
  }
  terms = g_strsplit (text + strlen (VERSION), " ", -1);
  for (guint i = 0; terms[i]; i++)
    if (*terms[i] && !read_term (self, terms[i])) {
      g_autofree char *shown = g_strndup (terms[i], 100);
      *problem = g_strdup_printf ("cannot read \"%s\"", shown);
      return NULL;
    }
  return g_steal_pointer (&self);
}
