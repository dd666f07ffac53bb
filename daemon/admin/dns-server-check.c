/* Looks at this server as other servers do: its address's name, its port, and lists that name it.
 */
#include "admin/dns-check.h"
#include <string.h>

#define ADDRESSES_MAX 8
#define CONNECT_SECONDS 5
#define GREETING_SECONDS 10
#define GREETING_MAX 512

void
dns_server_checked_free (DnsServerChecked *self)
{
  g_free (self->address);
  g_free (self->found);
  g_free (self);
}

static DnsServerChecked *
add (GPtrArray *all, DnsServerCheck check, GInetAddress *address, DnsFinding finding, char *found)
{
  DnsServerChecked *checked = g_new (DnsServerChecked, 1);

  *checked = (DnsServerChecked) { check, g_inet_address_to_string (address), finding, found };
  g_ptr_array_add (all, checked);
  return checked;
}

/* Many servers refuse mail from an address whose name is not that of HELO. */
static void
check_reverse (GPtrArray *all, GInetAddress *address, const DnsAnswer *answer, const char *host)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  DnsFinding finding = answer->status == DNS_FAILED || answer->status == DNS_BOGUS ? DNS_UNKNOWN
      : answer->records->len == 0                                                  ? DNS_MISSING
                                                                                   : DNS_WRONG;

  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];

    g_ptr_array_add (names, record->host);
    if (g_ascii_strcasecmp (record->host, host) == 0)
      finding = DNS_RIGHT;
  }
  g_ptr_array_add (names, NULL);
  add (all, DNS_SERVER_REVERSE, address, finding,
       names->len > 1 ? g_strjoinv (" ", (char **)names->pdata) : NULL);
}

char *
server_greeting_read (GInetAddress *address, guint16 port, GCancellable *cancellable)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) peer = g_inet_socket_address_new (address, port);
  g_autoptr (GSocketConnection) connection = NULL;
  char line[GREETING_MAX];
  gssize length;

  g_socket_client_set_timeout (client, CONNECT_SECONDS);
  g_socket_client_set_enable_proxy (client, FALSE);
  connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (peer), cancellable, NULL);
  if (connection == NULL)
    return NULL;
  g_socket_set_timeout (g_socket_connection_get_socket (connection), GREETING_SECONDS);
  length = g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (connection)), line,
                                sizeof line - 1, cancellable, NULL);
  if (length <= 0)
    return NULL;
  line[length] = '\0';
  line[strcspn (line, "\r\n")] = '\0';
  for (char *at = line; *at; at++)
    if (!g_ascii_isprint (*at))
      *at = '?';
  return g_strdup (line);
}

/* Whoever answers there must be this server. */
static void
check_port (GPtrArray *all, GInetAddress *address, const DnsCheckOptions *options)
{
  char *greeting = server_greeting_read (address, options->port, NULL);
  g_autofree char *wanted = g_strdup_printf ("220 %s ", options->host);

  add (all, DNS_SERVER_PORT, address,
       greeting == NULL                                                   ? DNS_MISSING
           : g_ascii_strncasecmp (greeting, wanted, strlen (wanted)) == 0 ? DNS_RIGHT
                                                                          : DNS_WRONG,
       greeting);
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
check_lists (GPtrArray *all, GInetAddress *address, BlockLists *lists)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainContextPusher) pusher = g_main_context_pusher_new (context);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BlockListing) listing = NULL;

  block_listing_ask_async (lists, address, NULL, did_ask, &result);
  while (result == NULL)
    g_main_context_iteration (context, TRUE);
  listing = block_listing_ask_finish (result, NULL);
  add (all, DNS_SERVER_LISTED, address, listing ? DNS_WRONG : DNS_RIGHT,
       listing
           ? g_strdup_printf ("%s %s%s%s", listing->list, listing->address,
                              listing->reason ? " " : "", listing->reason ? listing->reason : "")
           : NULL);
}

/* Addresses, and a question for the name of each. */
static GPtrArray *
find_addresses (DnsBatch *batch, const char *host)
{
  GPtrArray *addresses = g_ptr_array_new_with_free_func (g_object_unref);
  const guint asked[]
      = { dns_batch_add (batch, host, DNS_TYPE_A), dns_batch_add (batch, host, DNS_TYPE_AAAA) };

  dns_batch_wait (batch);
  for (guint a = 0; a < G_N_ELEMENTS (asked); a++) {
    const DnsAnswer *answer = dns_batch_answer (batch, asked[a]);

    for (guint i = 0; i < answer->records->len && addresses->len < ADDRESSES_MAX; i++)
      g_ptr_array_add (addresses, g_object_ref (((DnsRecord *)answer->records->pdata[i])->address));
  }
  return addresses;
}

GPtrArray *
dns_check_server (const DnsCheckOptions *options)
{
  g_autoptr (DnsBatch) batch = dns_batch_new (options->dns);
  g_autoptr (GPtrArray) addresses = find_addresses (batch, options->host);
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify)dns_server_checked_free);
  guint numbers[ADDRESSES_MAX];

  for (guint i = 0; i < addresses->len; i++) {
    g_autofree char *name = dns_reverse_name (addresses->pdata[i], NULL);

    numbers[i] = dns_batch_add (batch, name, DNS_TYPE_PTR);
  }
  dns_batch_wait (batch);
  for (guint i = 0; i < addresses->len; i++) {
    check_reverse (all, addresses->pdata[i], dns_batch_answer (batch, numbers[i]), options->host);
    check_port (all, addresses->pdata[i], options);
    if (options->lists && block_lists_are_there (options->lists))
      check_lists (all, addresses->pdata[i], options->lists);
  }
  return all;
}

const char *
dns_server_check_name (DnsServerCheck check)
{
  static const char *const names[] = { "reverse", "port", "block-lists" };

  return names[check];
}
