/* Asks the DNS as the daemon does: ask FOLDER FORWARDER < "NAME TYPE" lines. One line a question:
 * NAME TYPE: STATUS [secure] NAME-AT-THE-END RECORDS … */
#include "net/dns.h"
#include <stdio.h>
#include <string.h>

static const struct {
  const char *name;
  DnsType type;
} types[] = { { "A", DNS_TYPE_A },     { "AAAA", DNS_TYPE_AAAA }, { "MX", DNS_TYPE_MX },
              { "PTR", DNS_TYPE_PTR }, { "TXT", DNS_TYPE_TXT },   { "TLSA", DNS_TYPE_TLSA } };

static guint open_questions;

static void
print_data (GBytes *data, DnsType type)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (data, &length);

  for (gsize i = 0; i < length; i++)
    if (type == DNS_TYPE_TLSA)
      printf ("%02x", bytes[i]);
    else
      putchar (bytes[i]);
}

static void
print_record (const DnsRecord *record, DnsType type)
{
  g_autofree char *address = record->address ? g_inet_address_to_string (record->address) : NULL;

  putchar (' ');
  if (type == DNS_TYPE_MX)
    printf ("%u/", record->preference);
  if (type == DNS_TYPE_TLSA)
    printf ("%u/%u/%u/", record->usage, record->selector, record->matching);
  printf ("%s%s", address ? address : "", record->host ? record->host : "");
  if (record->data)
    print_data (record->data, type);
}

typedef struct {
  char *line;
  DnsType type;
} Asked;

static void
did_look_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Asked *asked = data;
  g_autofree char *line = asked->line;
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  open_questions--;
  printf ("%s: %s%s %s", line, dns_status_text (answer->status), answer->secure ? " secure" : "",
          answer->name);
  for (guint i = 0; i < answer->records->len; i++)
    print_record (answer->records->pdata[i], asked->type);
  putchar ('\n');
  if (answer->reason)
    fprintf (stderr, "%s: %s\n", line, answer->reason);
}

static void
ask (Dns *dns, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 2);

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (words[0] && words[1] && strcmp (types[i].name, words[1]) == 0) {
      Asked *asked = g_new (Asked, 1);
      *asked = (Asked) { g_strdup (line), types[i].type };
      open_questions++;
      dns_look_up_async (dns, words[0], types[i].type, NULL, did_look_up, asked);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  const DnsOptions options = { argv[1], argc > 2 ? argv[2] : NULL };
  g_autoptr (Dns) dns = argc > 2 ? dns_new (&options, &error) : NULL;
  char line[1024];

  if (dns == NULL) {
    fprintf (stderr, "%s\n", error ? error->message : "ask FOLDER FORWARDER");
    return 2;
  }
  while (fgets (line, sizeof line, stdin))
    ask (dns, g_strchomp (line));
  while (open_questions > 0)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
