/* The steps of the pre-flight that ask the network. */
#include "admin/preflight.h"
#include "admin/sntp.h"
#include <string.h>

#define SMTP_PORT 25
#define NTP_PORT 123
#define HOSTS_MOST 3 /* outside, tried one after the other */
#define AHEAD_GOOD 2 /* seconds */
#define AHEAD_BAD 60

/* Who takes mail from everybody. */
static const char *const known_domains[] = { "gmail.com", "outlook.com", "gmx.net" };

/* Numbers, or names asked through our own resolver. NULL: there is no such address. */
static GInetAddress *
find_address (Preflight *self, const char *host)
{
  static const DnsType types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
  GInetAddress *address = g_inet_address_new_from_string (host);
  g_autoptr (DnsBatch) batch = NULL;
  guint asked[G_N_ELEMENTS (types)];

  if (address || self->dns == NULL)
    return address;
  batch = dns_batch_new (self->dns);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    asked[i] = dns_batch_add (batch, host, types[i]);
  dns_batch_wait (batch);
  for (guint i = 0; i < G_N_ELEMENTS (types); i++) {
    const DnsAnswer *answer = dns_batch_answer (batch, asked[i]);
    if (answer->records->len > 0)
      return g_object_ref (((DnsRecord *)answer->records->pdata[0])->address);
  }
  return NULL;
}

/* "HOST:PORT" or "HOST". */
static GSocketAddress *
find_place (Preflight *self, const char *text, guint16 port)
{
  g_autoptr (GSocketConnectable) parsed = g_network_address_parse (text, port, NULL);
  g_autoptr (GInetAddress) address = NULL;

  if (parsed == NULL)
    return NULL;
  address = find_address (self, g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed)));
  return address
      ? g_inet_socket_address_new (address, g_network_address_get_port (G_NETWORK_ADDRESS (parsed)))
      : NULL;
}

void
preflight_check_clock (Preflight *self, PreflightFinding *finding)
{
  g_autoptr (GSocketAddress) server
      = *self->clock ? find_place (self, self->clock, NTP_PORT) : NULL;
  gint64 ahead;

  if (*self->clock == '\0') {
    preflight_find (finding, PREFLIGHT_UNKNOWN,
                    g_strdup (_ ("The clock is not compared (setting preflight.clock).")), NULL);
    return;
  }
  if (server == NULL || !sntp_query (server, &ahead, NULL)) {
    preflight_find (finding, PREFLIGHT_UNKNOWN,
                    g_strdup_printf (_ ("The time server %s does not answer."), self->clock),
                    _ ("See to it that the system sets its clock by itself."));
    return;
  }
  const gint64 wrong = ABS (ahead) / G_USEC_PER_SEC;
  if (wrong <= AHEAD_GOOD)
    preflight_find (finding, PREFLIGHT_GOOD, g_strdup (_ ("The clock is right.")), NULL);
  else
    preflight_find (
        finding, wrong > AHEAD_BAD ? PREFLIGHT_BAD : PREFLIGHT_ATTENTION,
        g_strdup_printf (ahead > 0 ? ngettext ("The clock is %lu second slow.",
                                               "The clock is %lu seconds slow.", (gulong)wrong)
                                   : ngettext ("The clock is %lu second fast.",
                                               "The clock is %lu seconds fast.", (gulong)wrong),
                         (gulong)wrong),
        _ ("Let the system set its clock by itself: with a wrong one certificates and signatures "
           "fail."));
}

/* The hosts that take the mail of DOMAIN. */
static void
add_exchangers (DnsBatch *batch, guint number, GPtrArray *hosts)
{
  const DnsAnswer *answer = dns_batch_answer (batch, number);

  for (guint i = 0; i < answer->records->len && i < 1; i++)
    g_ptr_array_add (
        hosts,
        g_strdup_printf ("%s:%u", ((DnsRecord *)answer->records->pdata[i])->host, SMTP_PORT));
}

/* char *: "HOST:PORT"; empty when the DNS does not answer. */
static GPtrArray *
find_outside (Preflight *self)
{
  GPtrArray *hosts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (DnsBatch) batch = self->dns ? dns_batch_new (self->dns) : NULL;
  guint asked[G_N_ELEMENTS (known_domains)];

  for (char **host = self->outside; *host; host++)
    g_ptr_array_add (hosts, g_strdup (*host));
  if (hosts->len > 0 || batch == NULL)
    return hosts;
  for (guint i = 0; i < G_N_ELEMENTS (known_domains); i++)
    asked[i] = dns_batch_add (batch, known_domains[i], DNS_TYPE_MX);
  dns_batch_wait (batch);
  for (guint i = 0; i < G_N_ELEMENTS (known_domains); i++)
    add_exchangers (batch, asked[i], hosts);
  return hosts;
}

void
preflight_check_dns (Preflight *self, PreflightFinding *finding)
{
  g_autoptr (DnsBatch) batch = self->dns ? dns_batch_new (self->dns) : NULL;
  guint asked[G_N_ELEMENTS (known_domains) + 1], count = 0;

  if (batch) {
    asked[count++] = dns_batch_add (batch, self->hostname, DNS_TYPE_A);
    for (guint i = 0; i < G_N_ELEMENTS (known_domains) && *self->outside == NULL; i++)
      asked[count++] = dns_batch_add (batch, known_domains[i], DNS_TYPE_MX);
    dns_batch_wait (batch);
  }
  for (guint i = 0; i < count; i++) {
    const DnsStatus status = dns_batch_answer (batch, asked[i])->status;
    if (status == DNS_FOUND || status == DNS_NO_NAME || status == DNS_NO_DATA) {
      preflight_find (finding, PREFLIGHT_GOOD, g_strdup (_ ("The DNS answers.")), NULL);
      return;
    }
  }
  preflight_find (finding, PREFLIGHT_BAD, g_strdup (_ ("The DNS does not answer.")),
                  _ ("Let UDP and TCP port 53 out of this machine, or name the DNS servers of your "
                     "provider in the setting dns.forwarders."));
  finding->page = "settings";
}

void
preflight_check_host (Preflight *self, PreflightFinding *finding)
{
  g_autoptr (GInetAddress) address = find_address (self, self->hostname);
  g_autofree char *text = address ? g_inet_address_to_string (address) : NULL;

  if (text) {
    preflight_find (finding, PREFLIGHT_GOOD,
                    g_strdup_printf (_ ("%s leads to %s."), self->hostname, text), NULL);
    return;
  }
  preflight_find (finding, PREFLIGHT_BAD,
                  g_strdup_printf (_ ("%s has no address in the DNS."), self->hostname),
                  _ ("Add an A record with this machine's public address where you manage your "
                     "domain."));
  finding->page = "domains";
}

/* This server as others see it; asked once for several steps. */
static const GPtrArray *
look_at_server (Preflight *self)
{
  const DnsCheckOptions options = { .domain = self->hostname,
                                    .host = self->helo,
                                    .dns = self->dns,
                                    .lists = self->lists,
                                    .port = SMTP_PORT };

  if (self->server == NULL)
    self->server = self->dns ? dns_check_server (&options) : g_ptr_array_new ();
  return self->server;
}

static gboolean
is_family (const DnsServerChecked *one, GSocketFamily family)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (one->address);

  return address && g_inet_address_get_family (address) == family;
}

static void
check_reverse (Preflight *self, PreflightFinding *finding, GSocketFamily family)
{
  const GPtrArray *all = look_at_server (self);

  preflight_find (finding, family == G_SOCKET_FAMILY_IPV6 ? PREFLIGHT_GOOD : PREFLIGHT_UNKNOWN,
                  g_strdup_printf (_ ("%s has no such address in the DNS, so there is nothing to "
                                      "look at."),
                                   self->helo),
                  NULL);
  for (guint i = 0; i < all->len; i++) {
    const DnsServerChecked *one = all->pdata[i];

    if (one->check != DNS_SERVER_REVERSE || !is_family (one, family))
      continue;
    if (one->finding == DNS_RIGHT) {
      preflight_find (finding, PREFLIGHT_GOOD,
                      g_strdup_printf (_ ("%s is called %s."), one->address, self->helo), NULL);
      continue;
    }
    if (one->finding == DNS_UNKNOWN) {
      preflight_find (finding, PREFLIGHT_UNKNOWN,
                      g_strdup_printf (_ ("How %s is called could not be asked."), one->address),
                      NULL);
      continue;
    }
    preflight_find (finding, PREFLIGHT_BAD,
                    one->found ? g_strdup_printf (_ ("%s is called %s instead of %s."),
                                                  one->address, one->found, self->helo)
                               : g_strdup_printf (_ ("%s has no name."), one->address),
                    _ ("Ask whoever gives you the address (the provider) to set its name, called "
                       "PTR or reverse DNS: many servers refuse mail without it."));
    return;
  }
}

void
preflight_check_reverse_ipv4 (Preflight *self, PreflightFinding *finding)
{
  check_reverse (self, finding, G_SOCKET_FAMILY_IPV4);
}

void
preflight_check_reverse_ipv6 (Preflight *self, PreflightFinding *finding)
{
  check_reverse (self, finding, G_SOCKET_FAMILY_IPV6);
}

void
preflight_check_port_in (Preflight *self, PreflightFinding *finding)
{
  const GPtrArray *all = look_at_server (self);

  if (*self->listen[LISTEN_SMTP] == NULL) {
    preflight_find (finding, PREFLIGHT_BAD, g_strdup (_ ("The server does not listen for mail.")),
                    _ ("Name an address for smtp in the configuration file."));
    return;
  }
  preflight_find (finding, PREFLIGHT_UNKNOWN,
                  g_strdup (_ ("Without an address in the DNS nobody can be asked.")), NULL);
  for (guint i = 0; i < all->len; i++) {
    const DnsServerChecked *one = all->pdata[i];

    if (one->check != DNS_SERVER_PORT)
      continue;
    if (one->finding == DNS_RIGHT)
      preflight_find (finding, PREFLIGHT_GOOD,
                      g_strdup_printf (_ ("This server answers at %s."), one->address), NULL);
    else {
      preflight_find (
          finding, one->found ? PREFLIGHT_BAD : PREFLIGHT_ATTENTION,
          one->found
              ? g_strdup_printf (_ ("Another server answers at %s: %s"), one->address, one->found)
              : g_strdup_printf (_ ("From here nobody answers at %s."), one->address),
          _ ("Let port 25 in: in the firewall, and in the router, which forwards it to this "
             "machine. Some routers hide that from within: send a mail from elsewhere to be "
             "sure."));
      return;
    }
  }
}

/* Each may take its time to say nothing: who has cancelled does not wait for that. */
static gboolean
greets (Preflight *self, const char *place)
{
  g_autoptr (GSocketAddress) address = find_place (self, place, SMTP_PORT);
  GInetSocketAddress *inet = (GInetSocketAddress *)address;
  g_autofree char *greeting = address
      ? server_greeting_read (g_inet_socket_address_get_address (inet),
                              g_inet_socket_address_get_port (inet),
                              self->job ? job_cancellable (self->job) : NULL)
      : NULL;

  return greeting && g_str_has_prefix (greeting, "220");
}

static void
check_relay (Preflight *self, PreflightFinding *finding)
{
  if (greets (self, self->relay))
    preflight_find (finding, PREFLIGHT_GOOD,
                    g_strdup_printf (_ ("Mail leaves through %s, which answers."), self->relay),
                    NULL);
  else
    preflight_find (
        finding, PREFLIGHT_BAD,
        g_strdup_printf (_ ("Mail is to leave through %s, which does not answer."), self->relay),
        _ ("Look at the setting queue.relay, and ask that provider."));
  finding->page = "settings";
}

void
preflight_check_port_out (Preflight *self, PreflightFinding *finding)
{
  g_autoptr (GPtrArray) hosts = NULL;

  if (*self->relay) {
    check_relay (self, finding);
    return;
  }
  hosts = find_outside (self);
  for (guint i = 0; i < hosts->len && i < HOSTS_MOST; i++)
    if (greets (self, hosts->pdata[i])) {
      preflight_find (
          finding, PREFLIGHT_GOOD,
          g_strdup_printf (_ ("Mail can leave: %s answers."), (const char *)hosts->pdata[i]), NULL);
      return;
    }
  if (hosts->len == 0) {
    preflight_find (finding, PREFLIGHT_UNKNOWN,
                    g_strdup (_ ("Without the DNS no other server can be found.")), NULL);
    return;
  }
  preflight_find (finding, PREFLIGHT_BAD,
                  g_strdup (_ ("No other mail server can be reached on port 25.")),
                  _ ("Many providers close it. Ask yours to open it, or send all mail through a "
                     "provider's server, a smart host: setting queue.relay."));
  finding->page = "settings";
}

void
preflight_check_lists (Preflight *self, PreflightFinding *finding)
{
  const GPtrArray *all = look_at_server (self);
  guint clean = 0;

  for (guint i = 0; i < all->len; i++) {
    const DnsServerChecked *one = all->pdata[i];

    if (one->check != DNS_SERVER_LISTED)
      continue;
    if (one->finding != DNS_WRONG) {
      clean++;
      continue;
    }
    preflight_find (finding, PREFLIGHT_BAD,
                    g_strdup_printf (_ ("%s stands on a block list: %s"), one->address, one->found),
                    _ ("Others refuse mail from there. The list's website says why and how to be "
                       "removed; an address that a provider gives to homes often cannot be."));
    return;
  }
  if (clean > 0)
    preflight_find (finding, PREFLIGHT_GOOD,
                    g_strdup (_ ("The server's address stands on none of the block lists.")), NULL);
  else
    preflight_find (finding, PREFLIGHT_UNKNOWN,
                    g_strdup (_ ("No block list was asked: none is set (smtp.block-lists), or the "
                                 "server has no address in the DNS.")),
                    NULL);
}
