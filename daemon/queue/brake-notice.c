/* Composes the notice, lets a worker prepare it, delivers it to postmaster in one job. */
#include "queue/brake-notice.h"
#include "accounts/brake.h"
#include "accounts/recipient.h"
#include "log.h"
#include "mail/address.h"
#include "metrics.h"
#include "policy/intake.h"
#include "queue/notice.h"
#include "settings.h"

typedef struct {
  const char *subject, *intro; /* %s: the user, since when */
  const char *reasons[BRAKE_REASON_COUNT]; /* count, usual */
  const char *what_to_do; /* %s: the user, wherever it stands */
} NoticeText;

static const NoticeText texts[] = {
  [LANGUAGE_ENGLISH]
  = { "Outgoing mail is held: account hacked?",
      "This server holds the outgoing mail of %s since %s.\r\n",
      { "An administrator has held it.\r\n",
        "Within an hour the user has written to %" G_GINT64_FORMAT " people elsewhere; the most so "
        "far was %" G_GINT64_FORMAT ".\r\n",
        "Within an hour the user has written to %" G_GINT64_FORMAT
        " people for the first time; the "
        "most so far was %" G_GINT64_FORMAT ".\r\n",
        "Within an hour %" G_GINT64_FORMAT " mails of the user could not be delivered; the most so "
        "far was %" G_GINT64_FORMAT ".\r\n" },
      "Perhaps somebody else knows the password. Ask the user, by telephone, whether\r\n"
      "this mail is wanted. Nothing of it is lost. What is held:\r\n\r\n"
      "    hauspost brake show %s\r\n\r\n"
      "If it is in order, let it go. The server remembers that this much is usual:\r\n\r\n"
      "    hauspost brake release %s\r\n\r\n"
      "If it is not, let nobody log in any more, and throw away what is held:\r\n\r\n"
      "    hauspost brake lock %s\r\n"
      "    hauspost brake remove %s\r\n\r\n"
      "Then set a new password, look for app passwords that nobody knows of, and let the\r\n"
      "user log in again:\r\n\r\n"
      "    hauspost user password %s\r\n"
      "    hauspost user app-password list %s\r\n"
      "    hauspost brake release %s\r\n" },
  [LANGUAGE_GERMAN]
  = { "Mail wird zurückgehalten: Konto gehackt?",
      "Dieser Server hält die ausgehende Mail von %s seit %s zurück.\r\n",
      { "Jemand mit Verwaltungsrechten hat sie angehalten.\r\n",
        "Binnen einer Stunde gingen Mails an %" G_GINT64_FORMAT
        " Personen außer Haus; bisher waren "
        "es höchstens %" G_GINT64_FORMAT ".\r\n",
        "Binnen einer Stunde gingen Mails an %" G_GINT64_FORMAT " Personen zum ersten Mal; bisher "
        "waren es höchstens %" G_GINT64_FORMAT ".\r\n",
        "Binnen einer Stunde waren %" G_GINT64_FORMAT " Mails unzustellbar; bisher waren es "
        "höchstens %" G_GINT64_FORMAT ".\r\n" },
      "Vielleicht kennt jemand anders das Passwort. Fragen Sie am Telefon nach, ob diese\r\n"
      "Mails gewollt sind. Verloren ist nichts. Was zurückgehalten wird:\r\n\r\n"
      "    hauspost brake show %s\r\n\r\n"
      "Ist alles in Ordnung, geben Sie die Mails frei. Der Server merkt sich, dass so viel\r\n"
      "üblich ist:\r\n\r\n"
      "    hauspost brake release %s\r\n\r\n"
      "Wenn nicht, sperren Sie die Anmeldung und werfen weg, was zurückgehalten wird:\r\n\r\n"
      "    hauspost brake lock %s\r\n"
      "    hauspost brake remove %s\r\n\r\n"
      "Setzen Sie dann ein neues Passwort, sehen Sie nach, ob App-Passwörter da sind, die\r\n"
      "niemand kennt, und erlauben Sie die Anmeldung wieder:\r\n\r\n"
      "    hauspost user password %s\r\n"
      "    hauspost user app-password list %s\r\n"
      "    hauspost brake release %s\r\n" },
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

static void
write_words (GString *text, const Braked *braked)
{
  const NoticeText *words = &texts[setting_number (SETTING_LANGUAGE)];
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (braked->since);
  g_autofree char *since = g_date_time_format (time, "%Y-%m-%d %H:%M");
  g_auto (GStrv) parts = g_strsplit (words->what_to_do, "%s", -1);
  g_autofree char *what_to_do = g_strjoinv (braked->address, parts);

  g_string_append_printf (text, words->intro, braked->address, since);
  g_string_append_printf (text, words->reasons[braked->reason], braked->count, braked->usual);
  g_string_append_printf (text, "\r\n%s", what_to_do);
}

static GBytes *
compose (const Notice *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  write_words (text, first (self));
  return notice_compose (self->hostname, self->postmaster,
                         texts[setting_number (SETTING_LANGUAGE)].subject, text->str);
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
