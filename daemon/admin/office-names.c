/* Names that a server can have and a mail address can end with. */
#include "admin/office-names.h"
#include "mail/address.h"
#include <glib/gi18n.h>
#include <string.h>

char *
office_names_domain (const char *text, GError **error)
{
  char *domain = domain_normalize (text);

  if (domain == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is not a domain."), text);
  return domain;
}

char *
office_names_hostname (const char *text, GError **error)
{
  g_autofree char *hostname = domain_normalize (text);

  if (hostname != NULL && strchr (hostname, '.') != NULL)
    return g_steal_pointer (&hostname);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not the full name of a server, such as mail.example.com."), text);
  return NULL;
}

/* Names that no other machine finds by the DNS: localhost (RFC 6761 §6.3), .local (RFC 6762 §3),
 * and what Linux calls a machine that has no domain. */
static gboolean
is_for_here_only (const char *hostname)
{
  static const char *const last[] = { ".local", ".localhost", ".localdomain" };

  for (guint i = 0; i < G_N_ELEMENTS (last); i++)
    if (g_str_has_suffix (hostname, last[i]))
      return TRUE;
  return FALSE;
}

char *
office_names_guess_hostname (const char *machine)
{
  g_autofree char *hostname = machine != NULL ? office_names_hostname (machine, NULL) : NULL;

  if (hostname == NULL || is_for_here_only (hostname))
    return NULL;
  return g_steal_pointer (&hostname);
}

/* A name of two labels is the domain itself. */
char *
office_names_guess_domain (const char *hostname)
{
  g_autofree char *whole = office_names_guess_hostname (hostname);
  const char *behind = whole != NULL ? strchr (whole, '.') + 1 : NULL;

  if (behind == NULL)
    return NULL;
  return strchr (behind, '.') != NULL ? g_strdup (behind) : g_steal_pointer (&whole);
}

/* One name. GUESS is taken when nothing is typed. */
static char *
ask_name (const char *what, const char *guess, char *(*check) (const char *, GError **),
          OfficeNamesAsk ask)
{
  g_autofree char *prompt
      = guess != NULL ? g_strdup_printf ("%s [%s]: ", what, guess) : g_strdup_printf ("%s: ", what);

  for (;;) {
    g_autoptr (GError) error = NULL;
    g_autofree char *answer = ask (prompt);
    if (answer == NULL)
      return NULL;
    g_strstrip (answer);
    if (*answer == '\0' && guess != NULL)
      return g_strdup (guess);
    g_autofree char *name = *answer != '\0' ? check (answer, &error) : NULL;
    if (name != NULL)
      return g_steal_pointer (&answer);
    if (error != NULL)
      g_printerr ("%s\n", error->message);
  }
}

gboolean
office_names_ask (char **hostname, char **domain, const char *machine, OfficeNamesAsk ask)
{
  if (*hostname == NULL) {
    g_autofree char *guess = office_names_guess_hostname (machine);
    *hostname = ask_name (_ ("Full name of this server, such as mail.example.com"), guess,
                          office_names_hostname, ask);
  }
  if (*hostname != NULL && *domain == NULL) {
    g_autofree char *guess = office_names_guess_domain (*hostname);
    *domain = ask_name (_ ("Domain of the mail addresses, such as example.com"), guess,
                        office_names_domain, ask);
  }
  return *hostname != NULL && *domain != NULL;
}
