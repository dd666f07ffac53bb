/* One connection of a destination: finds a server that answers, then sends one mail after the
 * other. */
#include "queue/schedule-private.h"
#include "log.h"
#include "net/dial.h"
#include "queue/queue.h"
#include "settings.h"

#define CONNECT_SECONDS 30
#define STOPPING "The server is stopping"
#define NO_ANSWER "The server does not answer"
#define MAILS_MAX 1000 /* then a new connection shares the load among equal servers */

struct _Connection {
  Destination *destination;
  Dial *dial;
  SmtpClient *client;
  guint stop; /* in the route */
  guint mails;
  gboolean was_ready, avoids_tls, is_dismissed, is_sending;
  char *reason; /* of the last failure */
};

static void try_stop (Connection *self);

static void
connection_end (Connection *self)
{
  Destination *destination = self->destination;
  Schedule *schedule = destination->schedule;
  const gboolean had_place = !destination->is_slow;

  if (had_place)
    schedule->connections--;
  g_ptr_array_remove_fast (destination->connections, self);
  g_free (self->reason);
  g_free (self);
  destination_check (destination);
  if (had_place) /* who waits for one comes before who wants one more */
    schedule_look (schedule);
}

/* Servers that do not meet the demand of REQUIRETLS today do not meet it tomorrow: the mail goes
 * back (RFC 8689 §4.2.1), unless there is one that could not be asked. */
static void
fail_destination (Destination *self, const char *reason)
{
  g_autofree char *text = NULL;

  if (self->tls != QUEUE_TLS_REQUIRED || self->other_failed) {
    text = g_strdup_printf ("No server of %s takes mail now: %s", self->domain, reason);
    destination_fail (self, 451, "4.4.1", text);
    return;
  }
  text = g_strdup_printf ("The sender demands TLS all the way, and no server of %s grants it: %s",
                          self->domain, reason);
  destination_fail (self, 550, self->promise_failed ? "5.7.30" : "5.7.10", text);
}

/* Every server was tried. Only the last connection gives the destination up. */
static void
give_up (Connection *self)
{
  Destination *destination = self->destination;

  destination->limit = MAX (1, destination->limit / 2);
  if (destination->connections->len == 1 && !self->is_dismissed)
    fail_destination (destination, self->reason);
  connection_end (self);
}

static void
try_next_stop (Connection *self, SmtpEnd end, const char *reason)
{
  const RouteStop *stop = self->destination->route->stops->pdata[self->stop];

  self->destination->promise_failed |= end == SMTP_END_PROMISE;
  self->destination->other_failed |= end != SMTP_END_PROMISE && end != SMTP_END_TLS;
  g_free (self->reason);
  self->reason = g_strdup_printf ("%s: %s", stop->name, reason);
  self->avoids_tls = FALSE;
  if (++self->stop < self->destination->route->stops->len && !self->is_dismissed)
    try_stop (self);
  else
    give_up (self);
}

static gboolean
is_done (Connection *self)
{
  return self->is_dismissed || self->mails >= MAILS_MAX || self->destination->fail_code;
}

static void
did_find_mail (QueueMail *mail, gpointer data)
{
  Connection *self = data;

  if (mail && self->client && !is_done (self)) {
    smtp_client_send (self->client, mail);
    return;
  }
  self->is_sending = FALSE;
  if (mail)
    destination_give_back (self->destination, mail);
  if (self->client)
    smtp_client_quit (self->client);
  else
    connection_end (self); /* it broke meanwhile */
}

static void
did_become_ready (SmtpClient *client, gpointer data)
{
  Connection *self = data;

  self->client = client;
  self->was_ready = TRUE;
  self->destination->first_stop = self->stop;
  schedule_answered (self->destination);
  if (is_done (self)) {
    smtp_client_quit (client);
    return;
  }
  self->is_sending = TRUE;
  destination_next (self->destination, did_find_mail, self);
}

static gboolean
is_any_delivered (const QueueMail *mail)
{
  for (guint i = 0; i < mail->recipients->len; i++)
    if (((QueueRecipient *)mail->recipients->pdata[i])->outcome == QUEUE_DELIVERED)
      return TRUE;
  return FALSE;
}

static void
did_send (SmtpClient *client, QueueMail *mail, gpointer data)
{
  Connection *self = data;
  Destination *destination = self->destination;

  self->is_sending = FALSE;
  self->mails++;
  destination->sent++;
  if (is_any_delivered (mail)) /* one more for each round of all connections */
    destination->limit += 1 / destination->limit;
  destination_settle (destination, mail);
}

/* Whoever was already taking mail is asked again by a new connection, when there is more. */
static void
did_end (SmtpClient *client, SmtpEnd end, const char *reason, gpointer data)
{
  Connection *self = data;
  Destination *destination = self->destination;
  const RouteStop *stop = destination->route->stops->pdata[self->stop];

  self->client = NULL;
  if (end == SMTP_END_TLS && stop->tls == SMTP_TLS_MAYBE && !self->avoids_tls && !self->was_ready
      && !self->is_dismissed) {
    log_event (LOG_NOTICE, "TLS does not work with a server: going on without", "host", stop->name,
               "error", reason, NULL);
    self->avoids_tls = TRUE;
    try_stop (self);
  } else if (!self->was_ready)
    try_next_stop (self, end, reason);
  else if (!self->is_sending) { /* else did_find_mail ends it */
    destination->news |= end == SMTP_END_QUIT && self->mails >= MAILS_MAX;
    connection_end (self);
  }
}

static const SmtpClientEvents events = { did_become_ready, did_send, did_end };

static void
did_connect (Channel *channel, const GError *error, gpointer data)
{
  Connection *self = data;
  Destination *destination = self->destination;
  const RouteStop *stop = destination->route->stops->pdata[self->stop];
  g_autofree char *user = setting_text (SETTING_QUEUE_RELAY_USER);
  g_autofree char *password = setting_text (SETTING_QUEUE_RELAY_PASSWORD);
  SmtpClientOptions options = { .store = destination->schedule->store,
                                .hostname = destination->schedule->hostname,
                                .host = stop->name,
                                .tls = self->avoids_tls ? SMTP_TLS_NEVER : stop->tls,
                                .peer = stop->peer,
                                .next_hop = stop->next_hop,
                                .requires_tls = stop->requires_tls };

  self->dial = NULL;
  if (channel == NULL) {
    try_next_stop (self, SMTP_END_LOST, error->message);
    return;
  }
  if (stop->associations) {
    options.associations = (const TlsAssociation *)(void *)stop->associations->data;
    options.association_count = stop->associations->len;
  }
  if (stop->logs_in && *user) {
    options.user = user;
    options.password = password;
  }
  self->client = smtp_client_new (channel, &options, &events, self);
}

/* Which of our addresses fits to TO; NULL: the system chooses. */
static GInetAddress *
find_source (GInetAddress *to)
{
  g_autofree char *text = setting_text (SETTING_QUEUE_SOURCE_ADDRESSES);
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);

  for (guint i = 0; words[i]; i++) {
    g_autoptr (GInetAddress) from = g_inet_address_new_from_string (words[i]);
    if (from && g_inet_address_get_family (from) == g_inet_address_get_family (to))
      return g_steal_pointer (&from);
  }
  return NULL;
}

static void
try_stop (Connection *self)
{
  Destination *destination = self->destination;
  const RouteStop *stop = destination->route->stops->pdata[self->stop];
  g_autoptr (GInetAddress) from = find_source (stop->address);

  self->dial = dial_start (destination->schedule->thread, stop->address, stop->port, from,
                           CONNECT_SECONDS, did_connect, self);
}

Connection *
connection_begin (Destination *destination)
{
  Connection *self = g_new0 (Connection, 1);

  self->destination = destination;
  self->stop = destination->first_stop;
  if (!destination->is_slow)
    destination->schedule->connections++;
  try_stop (self);
  return self;
}

void
connection_dismiss (Connection *self)
{
  self->is_dismissed = TRUE;
  if (self->dial) {
    dial_cancel (g_steal_pointer (&self->dial));
    connection_end (self);
  } else if (self->client && !self->was_ready)
    smtp_client_abort (self->client, STOPPING);
}

gboolean
connection_hurry (Connection *self)
{
  if (self->client && !self->was_ready) {
    smtp_client_abort (self->client, NO_ANSWER); /* did_end goes on */
    return TRUE;
  }
  if (self->dial == NULL)
    return FALSE;
  dial_cancel (g_steal_pointer (&self->dial));
  try_next_stop (self, SMTP_END_LOST, NO_ANSWER);
  return TRUE;
}

void
connection_abort (Connection *self)
{
  self->is_dismissed = TRUE;
  if (self->client)
    smtp_client_abort (self->client, STOPPING);
}
