/* hauspost user certificate … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include "platform/file.h"
#include <glib/gi18n.h>

static char *
certificates_path (Invocation *invocation)
{
  return admin_path ("/v1/user-certificates/", command_argument (invocation, 0));
}

/* BODY is given away. */
static gboolean
change (Invocation *invocation, const char *method, json_t *body, GError **error)
{
  g_autofree char *path = certificates_path (invocation);
  const gboolean done = command_send (invocation, method, path, body, error);

  json_decref (body);
  return done;
}

static gboolean
is_fingerprint (const char *text)
{
  guint digits = 0;

  for (; *text != '\0'; text++)
    if (g_ascii_isxdigit (*text))
      digits++;
    else if (*text != ':')
      return FALSE;
  return digits == 64;
}

gboolean
command_user_certificate_add (Invocation *invocation, GError **error)
{
  const char *name = command_argument (invocation, 1), *what = command_argument (invocation, 2);
  g_autoptr (GBytes) file = NULL;
  g_autofree char *pem = NULL;
  const char *bytes;
  gsize length;

  if (is_fingerprint (what))
    return change (invocation, "POST", json_pack ("{s:s, s:s}", "name", name, "fingerprint", what),
                   error);
  file = file_map (what, error);
  if (file == NULL)
    return FALSE;
  bytes = g_bytes_get_data (file, &length);
  pem = g_utf8_make_valid (bytes != NULL ? bytes : "", (gssize)length);
  return change (invocation, "POST", json_pack ("{s:s, s:s}", "name", name, "certificate", pem),
                 error);
}

gboolean
command_user_certificate_remove (Invocation *invocation, GError **error)
{
  return change (invocation, "DELETE",
                 json_pack ("{s:s}", "name", command_argument (invocation, 1)), error);
}

static void
add_certificate (ConsoleTable *table, const json_t *certificate)
{
  console_table_add (table, item_copy (certificate, "name"), item_day (certificate, "created"),
                     item_day (certificate, "used"), item_copy (certificate, "address"),
                     item_copy (certificate, "fingerprint"), NULL);
}

gboolean
command_user_certificate_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Device"), N_ ("Made"), N_ ("Last use"), N_ ("From"), N_ ("Fingerprint"), NULL };
  g_autofree char *path = certificates_path (invocation);

  return command_print_list (invocation, path, "certificates", titles, add_certificate, error);
}
