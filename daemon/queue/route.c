/* From a domain to addresses: a setting, an address in brackets, or MX, A, AAAA and TLSA. */
#include "queue/mta-sts-search.h"
#include "queue/route-private.h"
#include "queue/relay.h"
#include "settings.h"
#include <string.h>

enum {
  HOSTS_MAX = 10, /* those of worse preference are left out */
  SMTP_PORT = 25,
  SUBMISSIONS_PORT = 465,
};

void
route_free (Route *route)
{
  g_ptr_array_unref (route->stops);
  g_free (route->reason);
  g_free (route);
}

static void
host_free (gpointer data)
{
  RouteHost *host = data;

  g_clear_object (&host->address);
  g_clear_pointer (&host->v4, dns_answer_free);
  g_clear_pointer (&host->v6, dns_answer_free);
  g_clear_pointer (&host->tlsa, dns_answer_free);
  g_free (host->name);
  g_free (host);
}

static void
search_free (gpointer data)
{
  RouteSearch *self = data;

  g_clear_pointer (&self->route, route_free);
  g_clear_pointer (&self->policy, mta_sts_policy_free);
  g_ptr_array_unref (self->hosts);
  g_object_unref (self->cancellable);
  g_free (self->domain);
  g_free (self->hostname);
  g_free (self);
}

void
route_fail (RouteSearch *self, guint code, const char *status, const char *format, ...)
{
  va_list arguments;

  if (self->route->reason && (code >= 500 || self->route->code < 500))
    return;
  g_free (self->route->reason);
  va_start (arguments, format);
  self->route->code = code;
  g_strlcpy (self->route->status, status, sizeof self->route->status);
  self->route->reason = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

static void
finish (GTask *task)
{
  RouteSearch *self = g_task_get_task_data (task);

  self->route->is_partial = self->route->code >= 400 && self->route->code < 500;
  if (self->route->stops->len > 0)
    self->route->code = 0;
  else if (self->route->reason == NULL)
    route_fail (self, 451, "4.4.4", "No server of %s has an address", self->domain);
  g_task_return_pointer (task, g_steal_pointer (&self->route), (GDestroyNotify)route_free);
}

static void
did_answer_all (GTask *task)
{
  route_add_stops (g_task_get_task_data (task));
  finish (task);
}

/* A question for one host; belongs to the callback. */
typedef struct {
  GTask *task;
  RouteHost *host;
  DnsAnswer **answer;
} HostQuestion;

static void ask_host (GTask *task, RouteHost *host, const char *name, DnsType type,
                      DnsAnswer **answer);

/* DANE counts only when DNSSEC proves every step up to the address (RFC 7672 §2.2). */
static gboolean
wants_tlsa (RouteSearch *self, const RouteHost *host)
{
  return host->secure && host->tlsa == NULL && self->peer == TLS_PEER_ANY && host->v4 && host->v6
      && ((host->v4->status == DNS_FOUND && host->v4->secure)
          || (host->v6->status == DNS_FOUND && host->v6->secure));
}

static void
did_answer_host (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree HostQuestion *question = data;
  g_autoptr (GTask) task = question->task;
  RouteSearch *self = g_task_get_task_data (task);
  RouteHost *host = question->host;

  *question->answer = dns_look_up_finish (result, NULL);
  self->open--;
  if (question->answer != &host->tlsa && wants_tlsa (self, host)) {
    g_autofree char *name = g_strdup_printf (
        "_%u._tcp.%s", self->port, host->v4->status == DNS_FOUND ? host->v4->name : host->v6->name);
    ask_host (task, host, name, DNS_TYPE_TLSA, &host->tlsa);
  }
  if (self->open == 0)
    did_answer_all (task);
}

static void
ask_host (GTask *task, RouteHost *host, const char *name, DnsType type, DnsAnswer **answer)
{
  RouteSearch *self = g_task_get_task_data (task);
  HostQuestion *question = g_new (HostQuestion, 1);

  *question = (HostQuestion) { g_object_ref (task), host, answer };
  self->open++;
  dns_look_up_async (self->dns, name, type, self->cancellable, did_answer_host, question);
}

static void
did_find_policy (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  RouteSearch *self = g_task_get_task_data (task);

  self->policy = mta_sts_search_finish (result);
  if (--self->open == 0)
    did_answer_all (task);
}

static void
ask_policy (GTask *task)
{
  RouteSearch *self = g_task_get_task_data (task);

  self->open++;
  mta_sts_search_async (self->store, self->dns, self->domain, self->cancellable, did_find_policy,
                        g_object_ref (task));
}

static void
ask_hosts (GTask *task)
{
  RouteSearch *self = g_task_get_task_data (task);

  for (guint i = 0; i < self->hosts->len; i++) {
    RouteHost *host = self->hosts->pdata[i];
    ask_host (task, host, host->name, DNS_TYPE_A, &host->v4);
    ask_host (task, host, host->name, DNS_TYPE_AAAA, &host->v6);
  }
}

static RouteHost *
add_name (RouteSearch *self, const char *name, guint preference, gboolean secure)
{
  RouteHost *host = g_new0 (RouteHost, 1);

  host->name = g_strdup (name);
  host->order = preference << 15 | g_random_int_range (0, 1 << 15);
  host->secure = secure;
  g_ptr_array_add (self->hosts, host);
  return host;
}

static gint
compare_order (gconstpointer a, gconstpointer b)
{
  const RouteHost *one = *(RouteHost *const *)a, *two = *(RouteHost *const *)b;

  return one->order < two->order ? -1 : one->order > two->order;
}

/* Our own name among them: it and those behind it would send the mail back to us (RFC 5321 §5.1).
 */
static guint
first_circle (RouteSearch *self)
{
  guint least = G_MAXUINT;

  for (guint i = 0; i < self->hosts->len; i++) {
    const RouteHost *host = self->hosts->pdata[i];
    if (g_ascii_strcasecmp (host->name, self->hostname) == 0)
      least = MIN (least, host->order >> 15);
  }
  return least;
}

static void
order_hosts (RouteSearch *self)
{
  const guint circle = first_circle (self);

  for (guint i = self->hosts->len; i-- > 0;)
    if (((RouteHost *)self->hosts->pdata[i])->order >> 15 >= circle)
      g_ptr_array_remove_index (self->hosts, i);
  if (self->hosts->len == 0)
    route_fail (self, 554, "5.4.6",
                "The DNS says that mail for %s comes to this server, which "
                "does not know the domain",
                self->domain);
  g_ptr_array_sort (self->hosts, compare_order);
  if (self->hosts->len > HOSTS_MAX)
    g_ptr_array_set_size (self->hosts, HOSTS_MAX);
}

static void
read_mx (RouteSearch *self, const DnsAnswer *answer)
{
  if (dns_answer_is_null_mx (answer)) {
    route_fail (self, 556, "5.1.10", "%s takes no mail (RFC 7505)", self->domain);
    return;
  }
  for (guint i = 0; i < answer->records->len; i++) {
    const DnsRecord *record = answer->records->pdata[i];
    if (*record->host)
      add_name (self, record->host, record->preference, answer->secure);
  }
  order_hosts (self);
}

static void
did_answer_mx (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  RouteSearch *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  if (answer == NULL) {
    route_fail (self, 451, "4.3.2", "The server is stopping");
    finish (task);
    return;
  }
  switch (answer->status) {
  case DNS_FOUND:
    read_mx (self, answer);
    break;
  case DNS_NO_DATA: /* the domain itself (RFC 5321 §5.1) */
    add_name (self, self->domain, 0, answer->secure);
    break;
  case DNS_NO_NAME:
    route_fail (self, 550, "5.1.2", "There is no domain %s", self->domain);
    break;
  case DNS_FAILED:
  case DNS_BOGUS:
    route_fail (self, 451, answer->status == DNS_BOGUS ? "4.7.5" : "4.4.3",
                "The DNS does not say where mail for %s goes: %s", self->domain, answer->reason);
    break;
  }
  if (self->hosts->len > 0) {
    ask_policy (task);
    ask_hosts (task);
  } else
    finish (task);
}

/* "[192.0.2.7]", "[IPv6:2001:db8::7]" (RFC 5321 §4.1.3) */
static void
settle_literal (GTask *task)
{
  RouteSearch *self = g_task_get_task_data (task);
  const char *text = self->domain + 1;
  g_autofree char *bare = NULL;
  GInetAddress *address;

  if (g_ascii_strncasecmp (text, "IPv6:", 5) == 0)
    text += 5;
  bare = g_strndup (text, strcspn (text, "]"));
  address = g_inet_address_new_from_string (bare);
  if (address)
    add_name (self, self->domain, 0, FALSE)->address = address;
  else
    route_fail (self, 550, "5.1.2", "%s is no address", self->domain);
  did_answer_all (task);
}

/* A host that was laid down is as certain as one that DNSSEC proves. */
static gboolean
take_relay (RouteSearch *self)
{
  g_auto (Relay) relay = relay_for (self->domain);

  if (relay.host == NULL)
    return FALSE;
  self->port = relay.port;
  self->logs_in = relay.is_provider;
  if (relay.is_provider && setting_number (SETTING_QUEUE_RELAY_TLS)) {
    self->tls = self->port == SUBMISSIONS_PORT ? SMTP_TLS_FROM_START : SMTP_TLS_MUST;
    self->peer = TLS_PEER_NAMED;
  }
  add_name (self, relay.host, 0, TRUE);
  return TRUE;
}

static gboolean
settle_relay_address (GTask *task)
{
  RouteSearch *self = g_task_get_task_data (task);
  RouteHost *host = self->hosts->pdata[0];

  host->address = g_inet_address_new_from_string (host->name);
  if (host->address)
    did_answer_all (task);
  return host->address != NULL;
}

void
route_find_async (const RouteQuestion *question, GCancellable *cancellable,
                  GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, data);
  RouteSearch *self = g_new0 (RouteSearch, 1);

  self->store = question->store;
  self->dns = question->dns;
  self->cancellable = g_object_ref (cancellable);
  self->domain = g_strdup (question->domain);
  self->wanted = question->tls;
  self->hostname = g_strdup (question->hostname);
  self->port = SMTP_PORT;
  self->tls = SMTP_TLS_MAYBE;
  self->peer = TLS_PEER_ANY;
  self->hosts = g_ptr_array_new_with_free_func (host_free);
  self->route = g_new0 (Route, 1);
  self->route->stops = g_ptr_array_new_with_free_func (route_stop_free);
  g_task_set_task_data (task, self, search_free);
  if (take_relay (self)) {
    if (!settle_relay_address (task))
      ask_hosts (task);
  } else if (*self->domain == '[')
    settle_literal (task);
  else
    dns_look_up_async (self->dns, self->domain, DNS_TYPE_MX, cancellable, did_answer_mx,
                       g_steal_pointer (&task));
}

Route *
route_find_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
