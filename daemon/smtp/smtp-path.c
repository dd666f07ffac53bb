/* Paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2). */
#include "smtp/smtp-path.h"
#include "accounts/srs.h"
#include "mail/address.h"
#include <string.h>

/* Where the path that begins behind '<' ends: at the '>' outside quotes. NULL: nowhere, or too far.
 */
static const char *
find_end (const char *path)
{
  gboolean quoted = FALSE;

  for (const char *at = path; *at && at - path <= SMTP_PATH_MAX; at++) {
    if (*at == '\\' && quoted && at[1])
      at++;
    else if (*at == '"')
      quoted = !quoted;
    else if (*at == '>' && !quoted)
      return at;
    else if ((guchar)*at < 0x20 || *at == 0x7f || (!quoted && (*at == ' ' || *at == '<')))
      return NULL;
  }
  return NULL;
}

/* A dot-string; dots at odd places are forgiven, as some phone companies' addresses have them. */
static gboolean
is_dot_string (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (strchr ("()<>[]:;@\\,\" ", text[i]))
      return FALSE;
  return length > 0;
}

static gboolean
is_quoted_string (const char *text, gsize length)
{
  if (length < 3 || text[0] != '"' || text[length - 1] != '"')
    return FALSE;
  for (gsize i = 1; i < length - 1; i++)
    if (text[i] == '"' || (text[i] == '\\' && ++i == length - 1))
      return FALSE;
  return TRUE;
}

/* Letters, digits, hyphens and dots; underscores are not right, but in use. An address literal only
 * has the right characters: where it leads is for the lookup to say. */
static gboolean
is_domain (const char *text)
{
  const gsize length = strlen (text);
  const gboolean is_literal = length > 2 && text[0] == '[' && text[length - 1] == ']';

  if (length == 0 || length > SMTP_DOMAIN_MAX)
    return FALSE;
  if (!is_literal && (text[0] == '.' || text[length - 1] == '.' || strstr (text, "..")))
    return FALSE;
  for (gsize i = is_literal; i < length - is_literal; i++)
    if (!g_ascii_isalnum (text[i]) && (guchar)text[i] < 0x80
        && strchr (is_literal ? "-.:" : "-._", text[i]) == NULL)
      return FALSE;
  return TRUE;
}

/* U-labels are those that have A-labels (RFC 6531 §3.3). */
static gboolean
is_international (const char *address, const char *domain)
{
  g_autofree char *labels = NULL;

  if (g_str_is_ascii (address))
    return TRUE;
  if (!g_utf8_validate (address, -1, NULL))
    return FALSE;
  labels = g_str_is_ascii (domain) ? g_strdup (domain) : domain_normalize (domain);
  return labels != NULL;
}

static gboolean
is_mailbox (const char *address)
{
  const char *domain = strrchr (address, '@');
  const gsize local = domain ? (gsize)(domain - address) : 0;

  if (domain == NULL) /* RFC 5321 §4.5.1: only postmaster needs no domain */
    return g_ascii_strcasecmp (address, "postmaster") == 0;
  if (local > SMTP_LOCAL_MAX && !srs_is_encoded (address)) /* which holds a whole address */
    return FALSE;
  return is_domain (domain + 1) && is_international (address, domain + 1)
      && (is_dot_string (address, local) || is_quoted_string (address, local));
}

char *
smtp_path_parse (const char *text, const char *keyword, const char **parameters)
{
  const gsize length = strlen (keyword);
  g_autofree char *address = NULL;
  const char *end;

  if (g_ascii_strncasecmp (text, keyword, length) != 0)
    return NULL;
  text += length;
  while (*text == ' ')
    text++;
  if (*text++ != '<' || (end = find_end (text)) == NULL || (end[1] && end[1] != ' '))
    return NULL;
  if (*text == '@') { /* @one,@two:user@host */
    const char *colon = memchr (text, ':', end - text);
    if (colon == NULL)
      return NULL;
    text = colon + 1;
  }
  address = g_strndup (text, end - text);
  *parameters = end + 1;
  if (*address == '\0' ? g_ascii_strcasecmp (keyword, "FROM:") != 0 : !is_mailbox (address))
    return NULL;
  return g_steal_pointer (&address);
}

gboolean
smtp_parameter_next (const char **parameters, char **key, char **value)
{
  const char *start = *parameters + strspn (*parameters, " ");
  const gsize length = strcspn (start, " ");
  const char *equals = memchr (start, '=', length);

  if (length == 0)
    return FALSE;
  *key = g_strndup (start, equals ? (gsize)(equals - start) : length);
  *value = equals ? g_strndup (equals + 1, start + length - equals - 1) : NULL;
  *parameters = start + length;
  return TRUE;
}
