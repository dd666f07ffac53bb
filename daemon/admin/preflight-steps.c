/* The table of steps, and those that look at this machine alone. */
#include "admin/disk-space.h"
#include "admin/preflight.h"
#include "settings.h"
#include <string.h>

#define CONNECT_SECONDS 3
#define SPACE_LEAST (G_GINT64_CONSTANT (2) * 1024 * 1024 * 1024)

static void
check_disk (Preflight *self, PreflightFinding *finding)
{
  DiskSpace space;

  if (!disk_space_read (self->data, &space)) {
    preflight_find (finding, PREFLIGHT_UNKNOWN,
                    g_strdup (_ ("How much space is free cannot be known.")), NULL);
    return;
  }
  g_autofree char *free = g_format_size_full ((guint64)space.free, G_FORMAT_SIZE_IEC_UNITS);
  char *text = g_strdup_printf (_ ("%s are free on the disk."), free);
  if (space.free < setting_number (SETTING_DISK_RESERVE))
    preflight_find (finding, PREFLIGHT_BAD, text,
                    _ ("Mail is refused until there is space: remove what is not needed, or use a "
                       "larger disk."));
  else if (space.free < SPACE_LEAST)
    preflight_find (finding, PREFLIGHT_ATTENTION, text,
                    _ ("That is little for the mail of an office: think of a larger disk."));
  else
    preflight_find (finding, PREFLIGHT_GOOD, text, NULL);
}

/* Whether somebody takes a connection at what the configuration names. */
static gboolean
somebody_listens (const char *configured)
{
  g_autofree char *address = g_str_has_prefix (configured, "0.0.0.0:")
      ? g_strconcat ("127.0.0.1", strchr (configured, ':'), NULL)
      : g_str_has_prefix (configured, "[::]:")
      ? g_strconcat ("[::1]", strchr (configured, ']') + 1, NULL)
      : g_strdup (configured);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  g_socket_client_set_timeout (client, CONNECT_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect_to_host (client, address, 0, NULL, NULL);
  return connection != NULL;
}

static gboolean
is_standard (const char *address, guint16 port)
{
  g_autofree char *end = g_strdup_printf (":%u", port);

  return g_str_has_suffix (address, end);
}

static void
check_ports (Preflight *self, PreflightFinding *finding)
{
  g_autoptr (GString) silent = g_string_new (NULL), strange = g_string_new (NULL);
  guint count = 0;

  for (guint i = 0; i < LISTEN_COUNT; i++) {
    const ListenInfo *info = listen_info ((Listen)i);

    for (char **at = self->listen[i]; *at && info->served; at++, count++) {
      if (!somebody_listens (*at))
        g_string_append_printf (silent, "%s%s (%s)", silent->len ? ", " : "", *at, info->key);
      else if (!is_standard (*at, info->port))
        g_string_append_printf (strange, "%s%s (%s)", strange->len ? ", " : "", *at, info->key);
    }
  }
  if (silent->len > 0)
    preflight_find (finding, PREFLIGHT_BAD,
                    g_strdup_printf (_ ("Nobody answers at %s."), silent->str),
                    _ ("Another program may use the port: the log names it. End that program, then "
                       "restart this server."));
  else if (strange->len > 0)
    preflight_find (
        finding, PREFLIGHT_ATTENTION,
        g_strdup_printf (_ ("These are not the ports that others expect: %s."), strange->str),
        _ ("For tests that is good. For mail from the world, use the standard ports in "
           "the configuration file."));
  else
    preflight_find (finding, PREFLIGHT_GOOD,
                    g_strdup_printf (ngettext ("The server answers at %u address.",
                                               "The server answers at all %u addresses.", count),
                                     count),
                    NULL);
}

/* To add a step, add a line here. */
const PreflightStep preflight_steps[] = {
  { "disk", N_ ("Space on the disk"), check_disk },
  { "ports", N_ ("Ports of this machine"), check_ports },
  { "clock", N_ ("Clock"), preflight_check_clock },
  { "dns", N_ ("DNS"), preflight_check_dns },
  { "host-address", N_ ("Address of the server's name"), preflight_check_host },
  { "reverse-ipv4", N_ ("Name of the IPv4 address"), preflight_check_reverse_ipv4 },
  { "reverse-ipv6", N_ ("Name of the IPv6 address"), preflight_check_reverse_ipv6 },
  { "port-25-in", N_ ("Mail from others (port 25)"), preflight_check_port_in },
  { "port-25-out", N_ ("Mail to others (port 25)"), preflight_check_port_out },
  { "block-lists", N_ ("Block lists"), preflight_check_lists },
};
const guint preflight_step_count = G_N_ELEMENTS (preflight_steps);
