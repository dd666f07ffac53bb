/* Composes the notice, lets a worker prepare it, delivers it to postmaster in one job. */
#include "queue/brake-notice.h"
#include "accounts/brake.h"
#include "accounts/recipient.h"
#include "day.h"
#include "log.h"
#include "mail/address.h"
#include "metrics.h"
#include "policy/intake.h"
#include "queue/letter.h"
#include "queue/notice.h"

#define COMMANDS_MOST 3

/* What an administrator can do, and how. */
static const struct {
  const char *words;
  const char *commands[COMMANDS_MOST]; /* the user's address comes behind */
} steps[] = {
  { N_ ("Perhaps somebody else knows the password. Call the user and ask whether this mail is "
        "meant to be sent. Nothing of it is lost. What is held:"),
    { "brake show" } },
  { N_ ("If all is well, let it go. The server remembers that this much is usual:"),
    { "brake release" } },
  { N_ ("If not, let nobody log in any more, and throw away what is held:"),
    { "brake lock", "brake remove" } },
  { N_ ("Then set a new password, look for app passwords that nobody knows of, and let the user "
        "log in again:"),
    { "user password", "user app-password list", "brake release" } },
};

typedef struct {
  Store *store;
  char *hostname;
  Schedule *schedule;
  GPtrArray *braked; /* of whom nobody was told */
  char *postmaster; /* of the first one's domain */
  PreparedMessage *notice;
  gboolean has_told; /* this one did, and nobody else */
  GPtrArray *destinations; /* char *: when it is read elsewhere */
} Notice;

static void
notice_free (Notice *self)
{
  g_clear_pointer (&self->braked, g_ptr_array_unref);
  g_clear_pointer (&self->notice, prepared_message_unref);
  g_ptr_array_unref (self->destinations);
  g_free (self->postmaster);
  g_free (self->hostname);
  g_free (self);
}

static const Braked *
first (const Notice *self)
{
  return self->braked->pdata[0];
}

/* What the brake has seen. */
static char *
reason_sentence (const Braked *braked)
{
  const int count = (int)MIN (braked->count, G_MAXINT);

  switch (braked->reason) {
  case BRAKE_BY_RECIPIENTS:
    return g_strdup_printf (ngettext ("Within an hour the user has written to %d person elsewhere.",
                                      "Within an hour the user has written to %d people elsewhere.",
                                      count),
                            count);
  case BRAKE_BY_NEW_RECIPIENTS:
    return g_strdup_printf (
        ngettext ("Within an hour the user has written to %d person for the first time.",
                  "Within an hour the user has written to %d people for the first time.", count),
        count);
  case BRAKE_BY_BOUNCES:
    return g_strdup_printf (ngettext ("Within an hour %d mail of the user could not be delivered.",
                                      "Within an hour %d mails of the user could not be delivered.",
                                      count),
                            count);
  default:
    return g_strdup (_ ("An administrator has stopped it."));
  }
}

static void
write_reason (GString *body, const Braked *braked)
{
  g_autofree char *day = day_say (braked->since);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (braked->since);
  g_autofree char *hour = time ? g_date_time_format (time, "%H:%M") : g_strdup ("–");
  /* A user's address, a day, an hour. */
  g_autofree char *held = g_strdup_printf (
      _ ("This server has held the outgoing mail of %s since %s, %s."), braked->address, day, hour);
  g_autofree char *reason = reason_sentence (braked);
  g_autofree char *usual = braked->usual == 0
      ? g_strdup ("")
      : g_strdup_printf (_ ("Until then it was never more than %d in an hour."),
                         (int)MIN (braked->usual, G_MAXINT));
  g_autofree char *all = g_strjoin (" ", held, reason, usual, NULL);

  letter_paragraph (body, 0, all);
}

static void
write_step (GString *body, const char *address, guint step)
{
  g_string_append (body, "\r\n");
  letter_paragraph (body, 0, _ (steps[step].words));
  g_string_append (body, "\r\n");
  for (guint i = 0; i < COMMANDS_MOST && steps[step].commands[i]; i++) {
    g_autofree char *command = g_strjoin (" ", steps[step].commands[i], address, NULL);
    notice_command (body, command);
  }
}

static GBytes *
compose (const Notice *self)
{
  const Speech before = language_speak (language_speech (language_of_server ()));
  g_autoptr (GString) body = g_string_new (NULL);
  GBytes *bytes;

  write_reason (body, first (self));
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    write_step (body, first (self)->address, i);
  bytes = notice_compose (self->hostname, self->postmaster,
                          _ ("Outgoing mail is held: has the account been hacked?"), body->str);
  language_speak (before);
  return bytes;
}

/* May run twice (store.h). Somebody else may have told it meanwhile. */
static gboolean
write_notice (StoreTransaction *transaction, gpointer data, GError **error)
{
  Notice *self = data;
  Database *database = store_transaction_database (transaction);
  g_autoptr (GError) failure = NULL;
  g_autoptr (Braked) braked = brake_find (database, first (self)->address, &failure);
  g_autoptr (Recipient) postmaster = NULL;

  g_ptr_array_set_size (self->destinations, 0);
  self->has_told = FALSE;
  if (braked == NULL || braked->told) {
    if (failure == NULL || g_error_matches (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND))
      return TRUE;
    g_propagate_error (error, g_steal_pointer (&failure));
    return FALSE;
  }
  postmaster = recipient_resolve (database, self->postmaster, 0, 0, error);
  if (postmaster == NULL || !brake_set_told (transaction, braked->account, error))
    return FALSE;
  self->has_told = TRUE;
  if (postmaster->mailboxes->len > 0 || postmaster->remote->len > 0)
    return notice_deliver (transaction, self->notice, postmaster, self->destinations, error);
  log_event (LOG_ERROR, "No administrator can be told: no mailbox takes mail for postmaster",
             "recipient", self->postmaster, NULL);
  return TRUE;
}

static void
log_braked (const Braked *braked)
{
  g_autofree char *count = g_strdup_printf ("%" G_GINT64_FORMAT, braked->count);
  g_autofree char *usual = g_strdup_printf ("%" G_GINT64_FORMAT, braked->usual);

  metric_add (METRIC_BRAKES, 1);
  log_event (LOG_WARNING, "A user's outgoing mail is held: the account may be hacked", "user",
             braked->address, "reason", brake_reason_name (braked->reason), "count", count, "usual",
             usual, NULL);
}

static void tell_next (Notice *self);

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  g_autoptr (GError) error = NULL;

  if (!store_write_finish (self->store, result, &error)) {
    log_event (LOG_ERROR, "The administrator cannot be told that mail is held", "user",
               first (self)->address, "error", error->message, NULL);
    notice_free (self);
    return;
  }
  if (self->has_told)
    log_braked (first (self));
  for (guint i = 0; i < self->destinations->len && self->schedule; i++)
    schedule_announce (self->schedule, self->destinations->pdata[i], FALSE);
  g_clear_pointer (&self->notice, prepared_message_unref);
  g_ptr_array_remove_index (self->braked, 0);
  tell_next (self);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  g_autoptr (GError) error = NULL;

  self->notice = intake_prepare_finish (result, &error);
  if (self->notice) {
    store_write_async (self->store, write_notice, self, NULL, NULL, did_write, self);
    return;
  }
  log_event (LOG_ERROR, "The administrator cannot be told that mail is held", "error",
             error->message, NULL);
  notice_free (self);
}

/* Gives SELF away. */
static void
tell_next (Notice *self)
{
  MessageEnvelope envelope = { .sender = "" };
  g_autoptr (GBytes) bytes = NULL;

  if (self->braked->len == 0) {
    notice_free (self);
    return;
  }
  g_free (self->postmaster);
  self->postmaster = g_strconcat ("postmaster@", address_domain (first (self)->address), NULL);
  bytes = compose (self);
  const char *const recipients[] = { self->postmaster, NULL };
  envelope.recipients = recipients;
  const IntakeMail mail = { .bytes = bytes, .envelope = &envelope };
  intake_prepare_async (self->store, &mail, did_prepare, self);
}

static gboolean
read_braked (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Notice *self = data;

  g_clear_pointer (&self->braked, g_ptr_array_unref);
  self->braked = brake_list (store_snapshot_database (snapshot), error);
  for (guint i = self->braked ? self->braked->len : 0; i-- > 0;)
    if (((Braked *)self->braked->pdata[i])->told)
      g_ptr_array_remove_index (self->braked, i);
  return self->braked != NULL;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  g_autoptr (GError) error = NULL;

  if (!store_read_finish (self->store, result, &error)) {
    log_event (LOG_ERROR, "The administrator cannot be told that mail is held", "error",
               error->message, NULL);
    notice_free (self);
    return;
  }
  tell_next (self);
}

void
brake_notice_send (Store *store, const char *hostname, Schedule *schedule)
{
  Notice *self = g_new0 (Notice, 1);

  self->store = store;
  self->hostname = g_strdup (hostname);
  self->schedule = schedule;
  self->destinations = g_ptr_array_new_with_free_func (g_free);
  if (schedule)
    schedule_look_again (schedule);
  store_read_async (store, read_braked, self, NULL, NULL, did_read, self);
}
