/* Reads and writes hauspost.conf. */
#include "configuration.h"
#include "platform/paths.h"
#include <glib/gi18n.h>
#include <string.h>

#define ADDRESSES_MOST 64
#define THREADS_MOST 256

/* To listen for one more protocol, add a line here and a name in configuration.h. */
static const ListenInfo table[LISTEN_COUNT] = {
  [LISTEN_SMTP] = { "smtp", 25, TRUE },
  [LISTEN_LMTP] = { "lmtp", 24, TRUE },
  [LISTEN_SUBMISSION] = { "submission", 587, TRUE },
  [LISTEN_SUBMISSIONS] = { "submissions", 465, TRUE },
  [LISTEN_IMAP] = { "imap", 143, TRUE },
  [LISTEN_IMAPS] = { "imaps", 993, TRUE },
  [LISTEN_POP3] = { "pop3", 110, TRUE },
  [LISTEN_POP3S] = { "pop3s", 995, TRUE },
  [LISTEN_SIEVE] = { "sieve", 4190, FALSE },
  [LISTEN_HTTP] = { "http", 80, TRUE },
  [LISTEN_HTTPS] = { "https", 443, TRUE },
  [LISTEN_ADMIN] = { "admin", 8420, TRUE },
};

const ListenInfo *
listen_info (Listen listen)
{
  return &table[listen];
}

void
configuration_free (Configuration *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->hostname);
  g_free (self->data);
  g_free (self->acme_hook);
  for (guint i = 0; i < LISTEN_COUNT; i++)
    g_strfreev (self->listen[i]);
  g_free (self);
}

char *
configuration_find (const char *path)
{
  const char *variable = g_getenv ("HAUSPOST_CONFIG");

  if (path != NULL)
    return g_strdup (path);
  return g_strdup (variable != NULL && *variable ? variable : paths_configuration ());
}

static gboolean
fail (const Configuration *self, const char *key, const char *message, GError **error)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "%s: %s: %s", self->path, key, message);
  return FALSE;
}

/* Numeric only: a listener does not ask the DNS. */
static gboolean
is_address (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, 0, NULL);

  if (parsed == NULL || g_network_address_get_port (G_NETWORK_ADDRESS (parsed)) == 0)
    return FALSE;
  return g_hostname_is_ip_address (g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
}

static gboolean
split_addresses (Configuration *self, Listen listen, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  GPtrArray *list = g_ptr_array_new ();
  gboolean valid = TRUE;

  for (guint i = 0; words[i] != NULL && valid; i++) {
    if (*words[i] == '\0')
      continue;
    valid = is_address (words[i]) && list->len < ADDRESSES_MOST;
    if (valid)
      g_ptr_array_add (list, g_strdup (words[i]));
    else
      fail (self, table[listen].key,
            _ ("write ADDRESS:PORT or [ADDRESS]:PORT, with spaces between"), error);
  }
  g_ptr_array_add (list, NULL);
  self->listen[listen] = (char **)g_ptr_array_free (list, FALSE);
  return valid;
}

static gboolean
read_listen (Configuration *self, GKeyFile *file, GError **error)
{
  for (Listen i = 0; i < LISTEN_COUNT; i++) {
    g_autofree char *text = g_key_file_get_string (file, "listen", table[i].key, NULL);
    const char *missing = i == LISTEN_ADMIN ? "127.0.0.1:8420" : "";
    if (!split_addresses (self, i, text != NULL ? text : missing, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
check_keys (Configuration *self, GKeyFile *file, GError **error)
{
  static const char *const server_keys[] = { "hostname", "data", "threads", "acme-hook", NULL };
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  for (guint g = 0; groups[g] != NULL; g++) {
    gboolean server = strcmp (groups[g], "server") == 0;
    if (!server && strcmp (groups[g], "listen") != 0)
      return fail (self, groups[g], _ ("there is no such group; use [server] and [listen]"), error);
    g_auto (GStrv) keys = g_key_file_get_keys (file, groups[g], NULL, NULL);
    for (guint k = 0; keys != NULL && keys[k] != NULL; k++) {
      gboolean known = server && g_strv_contains (server_keys, keys[k]);
      for (guint i = 0; i < LISTEN_COUNT && !server && !known; i++)
        known = strcmp (table[i].key, keys[k]) == 0;
      if (!known)
        return fail (self, keys[k], _ ("there is no such key"), error);
    }
  }
  return TRUE;
}

/* As it is written: a backslash in C:\Mail is no escape. GKeyFile keeps what follows a value on its
 * line, so an explaining "# …" ends up in it. */
static char *
get_text (GKeyFile *file, const char *key)
{
  char *text = g_key_file_get_value (file, "server", key, NULL);
  char *remark = text != NULL ? strchr (text, '#') : NULL;

  if (remark != NULL)
    *remark = '\0';
  return text != NULL ? g_strstrip (text) : NULL;
}

static gboolean
read_server (Configuration *self, GKeyFile *file, GError **error)
{
  g_autofree char *threads = get_text (file, "threads");
  g_autofree char *data = get_text (file, "data");
  g_autofree char *hook = get_text (file, "acme-hook");
  guint64 number = 0;

  self->hostname = get_text (file, "hostname");
  if (self->hostname == NULL || strchr (self->hostname, '.') == NULL
      || strlen (self->hostname) > 253
      || strspn (self->hostname, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
          != strlen (self->hostname))
    return fail (self, "hostname", _ ("write the full name of this server, mail.example.com"),
                 error);
  if (threads != NULL && !g_ascii_string_to_unsigned (threads, 10, 0, THREADS_MOST, &number, NULL))
    return fail (self, "threads", _ ("write a number from 0 to 256; 0 means one for each core"),
                 error);
  if (data != NULL && !g_utf8_validate (data, -1, NULL))
    return fail (self, "data", _ ("write it in UTF-8"), error);
  self->threads = number != 0 ? (guint)number : g_get_num_processors ();

  g_autofree char *folder = g_path_get_dirname (self->path);
  if (hook && *hook)
    self->acme_hook = g_canonicalize_filename (hook, folder);
  self->data = g_canonicalize_filename (data != NULL && *data ? data : paths_data (), folder);
  return TRUE;
}

static Configuration *
read_file (const char *path, GKeyFile *file, GError **error)
{
  g_autoptr (Configuration) self = g_new0 (Configuration, 1);

  self->path = g_canonicalize_filename (path, NULL);
  if (!check_keys (self, file, error) || !read_server (self, file, error)
      || !read_listen (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

Configuration *
configuration_load (const char *path, GError **error)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) cause = NULL;

  if (!g_key_file_load_from_file (file, whole, G_KEY_FILE_NONE, &cause)) {
    g_set_error (error, G_IO_ERROR,
                 g_error_matches (cause, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? G_IO_ERROR_NOT_FOUND
                                                                           : G_IO_ERROR_FAILED,
                 _ ("The configuration %s cannot be read: %s"), whole, cause->message);
    return NULL;
  }
  return read_file (whole, file, error);
}

Configuration *
configuration_parse (const char *path, const char *text, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();

  if (!g_key_file_load_from_data (file, text, strlen (text), G_KEY_FILE_NONE, error))
    return NULL;
  return read_file (path, file, error);
}

void
listen_plan_start (ListenPlan *self, guint base)
{
  self->loopback = base != 0;
  for (Listen i = 0; i < LISTEN_COUNT; i++)
    self->ports[i] = i == LISTEN_LMTP && base == 0 ? 0 : base + table[i].port;
}

static gboolean
change_port (ListenPlan *self, const char *name, const char *port, GError **error)
{
  guint64 number = 0;

  for (Listen i = 0; i < LISTEN_COUNT; i++)
    if (table[i].served && g_str_equal (table[i].key, name)) {
      if (!g_str_equal (port, "off")
          && !g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
        break;
      self->ports[i] = (guint)number;
      return TRUE;
    }
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s=%s” is no port: write smtp=2525,imap=off with the names of [listen]."), name,
               port);
  return FALSE;
}

gboolean
listen_plan_change (ListenPlan *self, const char *changes, GError **error)
{
  g_auto (GStrv) words = g_strsplit (changes, ",", LISTEN_COUNT + 1);

  for (guint i = 0; words[i] != NULL; i++) {
    g_auto (GStrv) parts = g_strsplit (g_strstrip (words[i]), "=", 2);
    if (!change_port (self, parts[0] != NULL ? parts[0] : "",
                      parts[0] != NULL && parts[1] != NULL ? parts[1] : "", error))
      return FALSE;
  }
  return TRUE;
}

char *
configuration_print (const char *hostname, const char *data, const ListenPlan *plan)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "# Hauspost: what must be known before the store opens. Everything else\n"
                          "# is a setting: hauspost get, hauspost set KEY VALUE.\n"
                          "[server]\n"
                          "hostname = %s\n"
                          "data = %s\n"
                          "# 0: one for each core\n"
                          "threads = 0\n"
                          "\n"
                          "# ADDRESS:PORT, with spaces between; empty means off\n"
                          "[listen]\n",
                          hostname, data);
  for (guint i = 0; i < LISTEN_COUNT; i++) {
    guint port = plan->ports[i];
    if (!table[i].served)
      continue;
    if (port == 0)
      g_string_append_printf (text, "%s =\n", table[i].key);
    else if (plan->loopback || i == LISTEN_ADMIN)
      g_string_append_printf (text, "%s = 127.0.0.1:%u\n", table[i].key, port);
    else
      g_string_append_printf (text, "%s = 0.0.0.0:%u [::]:%u\n", table[i].key, port, port);
  }
  return g_string_free (text, FALSE);
}

char *
configuration_certificates (const Configuration *self)
{
  return g_build_filename (self->data, "certificates", NULL);
}
