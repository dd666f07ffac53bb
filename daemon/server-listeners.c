/* The table of protocols, and the open listeners by address. */
#include "server-listeners.h"
#include "imap/imap-ranks.h"
#include "imap/imap-session.h"
#include "log.h"
#include "metrics.h"
#include "net/listener.h"
#include "pop3/pop3-session.h"
#include "smtp/smtp-session.h"

#define SMTP_REFUSAL "421 4.7.0 Too many connections\r\n"
#define IMAP_REFUSAL "* BYE Too many connections\r\n"
#define POP3_REFUSAL "-ERR [SYS/TEMP] Too many connections\r\n"

static SmtpService smtp_services[3]; /* by SmtpKind; sessions look at them until they end */
static ImapService imap_service;
static Pop3Service pop3_service;

static const struct {
  Listen listen;
  gboolean implicit_tls;
  void (*accepted) (Channel *channel, gpointer data);
  const char *refusal;
  gpointer data;
  gboolean signs_on; /* who guesses passwords is not let in; mail from other servers is */
} protocols[] = {
  { LISTEN_SMTP, FALSE, smtp_accepted, SMTP_REFUSAL, &smtp_services[SMTP_MX], FALSE },
  { LISTEN_SUBMISSION, FALSE, smtp_accepted, SMTP_REFUSAL, &smtp_services[SMTP_SUBMISSION], TRUE },
  { LISTEN_SUBMISSIONS, TRUE, smtp_accepted, SMTP_REFUSAL, &smtp_services[SMTP_SUBMISSION], TRUE },
  { LISTEN_LMTP, FALSE, smtp_accepted, SMTP_REFUSAL, &smtp_services[SMTP_LMTP], FALSE },
  { LISTEN_IMAP, FALSE, imap_accepted, IMAP_REFUSAL, &imap_service, TRUE },
  { LISTEN_IMAPS, TRUE, imap_accepted, IMAP_REFUSAL, &imap_service, TRUE },
  { LISTEN_POP3, FALSE, pop3_accepted, POP3_REFUSAL, &pop3_service, TRUE },
  { LISTEN_POP3S, TRUE, pop3_accepted, POP3_REFUSAL, &pop3_service, TRUE },
};

struct _Listeners {
  ListenersOptions options;
  GHashTable *open; /* "imap 127.0.0.1:143" to Listener */
  GHashTable *admin; /* the admin API's addresses: they stay until the end */
};

Listeners *
listeners_new (const ListenersOptions *options)
{
  Listeners *self = g_new0 (Listeners, 1);

  self->options = *options;
  self->open
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)listener_free);
  self->admin = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (smtp_services); i++)
    smtp_services[i] = (SmtpService) { (SmtpKind)i,  options->store,       options->authenticator,
                                       options->tls, options->hostname,    options->schedule,
                                       options->dns, options->block_lists, options->known_clients };
  g_clear_pointer (&imap_service.ranks, imap_ranks_unref);
  imap_service = (ImapService) { options->store,    options->authenticator, options->tls,
                                 options->hostname, options->digest,        imap_ranks_new () };
  /* The door stays: a session that is just being accepted may still come to it at the end. */
  pop3_service
      = (Pop3Service) { options->store, options->authenticator, options->tls, options->hostname,
                        pop3_service.door ? pop3_service.door : pop3_door_new () };
  return self;
}

void
listeners_free (Listeners *self)
{
  g_hash_table_unref (self->open);
  g_hash_table_unref (self->admin);
  g_free (self);
}

static gboolean
refuses (GInetAddress *peer, gpointer guard)
{
  const gboolean is_banned = guard_refuses (guard, peer);

  if (is_banned)
    metric_add (METRIC_BANNED_REFUSED, 1);
  return is_banned;
}

static Listener *
open_one (Listeners *self, guint protocol, const char *address, GError **error)
{
  const char *key = listen_info (protocols[protocol].listen)->key;
  ListenerService service = { key,
                              self->options.tls,
                              protocols[protocol].implicit_tls,
                              protocols[protocol].accepted,
                              protocols[protocol].refusal,
                              protocols[protocol].data,
                              protocols[protocol].signs_on ? refuses : NULL,
                              authenticator_guard (self->options.authenticator) };
  Listener *listener = listener_new (address, &service, self->options.limits,
                                     (IoThread *const *)self->options.threads->pdata,
                                     self->options.threads->len, error);

  if (listener != NULL)
    log_event (LOG_INFO, "Listening", "protocol", key, "address", address, NULL);
  else
    g_prefix_error (error, "%s = %s: ", key, address);
  return listener;
}

/* The first error is the one to tell. */
static void
keep_first (GError **first, GError *error)
{
  if (*first == NULL)
    *first = error;
  else
    g_error_free (error);
}

static gboolean
is_wanted (const Configuration *configuration, const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++) {
    char **addresses = configuration->listen[protocols[i].listen];
    for (guint a = 0; addresses[a] != NULL; a++) {
      g_autofree char *wanted
          = g_strdup_printf ("%s %s", listen_info (protocols[i].listen)->key, addresses[a]);
      if (g_str_equal (wanted, name))
        return TRUE;
    }
  }
  return FALSE;
}

static gboolean
is_unwanted (gpointer name, gpointer listener, gpointer configuration)
{
  return !is_wanted (configuration, name);
}

static void
open_protocol (Listeners *self, guint protocol, char **addresses, GError **first)
{
  for (; *addresses != NULL; addresses++) {
    GError *error = NULL;
    g_autofree char *name
        = g_strdup_printf ("%s %s", listen_info (protocols[protocol].listen)->key, *addresses);
    if (g_hash_table_contains (self->open, name))
      continue;
    Listener *listener = open_one (self, protocol, *addresses, &error);
    if (listener != NULL)
      g_hash_table_insert (self->open, g_steal_pointer (&name), listener);
    else
      keep_first (first, error);
  }
}

static void
open_admin (Listeners *self, char **addresses, GError **first)
{
  for (; *addresses != NULL; addresses++) {
    GError *error = NULL;
    if (g_hash_table_contains (self->admin, *addresses))
      continue;
    if (admin_server_listen (self->options.admin, *addresses, &error)) {
      g_hash_table_add (self->admin, g_strdup (*addresses));
      log_event (LOG_INFO, "Listening", "protocol", "admin", "address", *addresses, NULL);
    } else
      keep_first (first, error);
  }
}

static void
open_web (Listeners *self, const Configuration *configuration, GError **first)
{
  GError *error = NULL;

  if (!web_server_update (self->options.web, configuration, &error))
    keep_first (first, error);
}

static void
tell_unserved (const Configuration *configuration)
{
  for (Listen i = 0; i < LISTEN_COUNT; i++)
    if (!listen_info (i)->served && configuration->listen[i][0] != NULL)
      log_event (LOG_WARNING, "This version has no such service: nothing listens there", "protocol",
                 listen_info (i)->key, "address", configuration->listen[i][0], NULL);
}

gboolean
listeners_update (Listeners *self, const Configuration *configuration, GError **error)
{
  GError *first = NULL;

  g_hash_table_foreach_remove (self->open, is_unwanted, (gpointer)configuration);
  for (guint i = 0; i < G_N_ELEMENTS (protocols); i++)
    open_protocol (self, i, configuration->listen[protocols[i].listen], &first);
  open_admin (self, configuration->listen[LISTEN_ADMIN], &first);
  open_web (self, configuration, &first);
  tell_unserved (configuration);
  if (first != NULL)
    g_propagate_error (error, first);
  return first == NULL;
}
