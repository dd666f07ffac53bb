/* Paths and parameters of MAIL and RCPT (RFC 5321 §4.1.2). */
#include "smtp/smtp-path.h"
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

static gboolean
is_mailbox (const char *address)
{
  const char *domain = strrchr (address, '@');
  gsize local = domain ? (gsize)(domain - address) : strlen (address);

  if (domain == NULL) /* RFC 5321 §4.5.1: only postmaster needs no domain */
    return g_ascii_strcasecmp (address, "postmaster") == 0;
  return local >= 1 && local <= SMTP_LOCAL_MAX && domain[1]
      && strlen (domain + 1) <= SMTP_DOMAIN_MAX;
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
