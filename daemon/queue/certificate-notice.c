/* Finds whom to tell, lets a worker prepare the mail, delivers it in one job. */
#include "queue/certificate-notice.h"
#include "accounts/domain.h"
#include "day.h"
#include "log.h"
#include "policy/intake.h"
#include "queue/letter.h"
#include "queue/notice.h"
#include <string.h>

typedef struct {
  Store *store;
  Schedule *schedule;
  char *hostname, *name, *hosts, *problem;
  gint64 not_after;
  char *postmaster;
  PreparedMessage *mail;
  GPtrArray *destinations; /* char *: when it is read elsewhere */
  gboolean is_told; /* somebody can read it */
  void (*done) (gboolean told, gpointer data);
  gpointer data;
} Notice;

/* With ERROR: why nobody was told. */
static void
finish (Notice *self, const GError *error)
{
  const gboolean told = error == NULL && self->is_told;

  if (error)
    log_event (LOG_ERROR, "The administrator cannot be told that a certificate ends", "certificate",
               self->name, "error", error->message, NULL);
  else
    log_event (LOG_WARNING, "A certificate ends soon", "certificate", self->name, NULL);
  for (guint i = 0; told && self->schedule && i < self->destinations->len; i++)
    schedule_announce (self->schedule, self->destinations->pdata[i], FALSE);
  self->done (told, self->data);
  g_clear_pointer (&self->mail, prepared_message_unref);
  g_ptr_array_unref (self->destinations);
  g_free (self->hostname);
  g_free (self->name);
  g_free (self->hosts);
  g_free (self->problem);
  g_free (self->postmaster);
  g_free (self);
}

/* A paragraph, and a command that does what it says. */
static void
write_step (GString *body, const char *words, const char *command)
{
  g_string_append (body, "\r\n");
  letter_paragraph (body, 0, words);
  g_string_append (body, "\r\n");
  notice_command (body, command);
}

static void
write_what_to_do (const Notice *self, GString *body)
{
  g_autofree char *import = g_strconcat ("certificate import ", self->name, " --chain ", _ ("FILE"),
                                         " --key ", _ ("FILE"), NULL);

  if (self->problem) {
    letter_paragraph (body, 0, _ ("Hauspost tries to renew it, and fails:"));
    g_string_append (body, "\r\n");
    letter_paragraph (body, 4, self->problem);
    write_step (body, _ ("It goes on trying. Once you have mended the cause, type:"),
                "certificate acme order");
    return;
  }
  letter_paragraph (body, 0, _ ("Nothing renews it by itself."));
  write_step (body, _ ("Get a new one, and import it:"), import);
  write_step (body, _ ("Or let Hauspost get certificates by itself from now on:"),
              "set acme.agree-to-terms yes");
}

static void
write_body (const Notice *self, GString *body)
{
  g_autofree char *day = day_say (self->not_after);
  g_autofree char *ends = g_strdup_printf (
      _ ("The certificate that this server shows for these names expires on %s:"), day);

  letter_paragraph (body, 0, ends);
  g_string_append (body, "\r\n");
  letter_paragraph (body, 4, self->hosts);
  g_string_append (body, "\r\n");
  letter_paragraph (body, 0, _ ("From then on mail programs warn of this server, or refuse it."));
  g_string_append (body, "\r\n");
  write_what_to_do (self, body);
  write_step (body, _ ("What is known of all certificates:"), "certificate list");
}

static GBytes *
compose (const Notice *self)
{
  const Speech before = language_speak (language_speech (language_of_server ()));
  g_autofree char *first = g_strndup (self->hosts, strcspn (self->hosts, " "));
  g_autofree char *subject = g_strdup_printf (_ ("The certificate for %s expires soon"), first);
  g_autoptr (GString) body = g_string_new (NULL);
  GBytes *bytes;

  write_body (self, body);
  bytes = notice_compose (self->hostname, self->postmaster, subject, body->str);
  language_speak (before);
  return bytes;
}

/* May run twice (store.h). */
static gboolean
write_mail (StoreTransaction *transaction, gpointer data, GError **error)
{
  Notice *self = data;
  g_autoptr (Recipient) postmaster
      = recipient_resolve (store_transaction_database (transaction), self->postmaster, 0, 0, error);

  g_ptr_array_set_size (self->destinations, 0);
  if (postmaster == NULL)
    return FALSE;
  self->is_told = postmaster->mailboxes->len > 0 || postmaster->remote->len > 0;
  if (self->is_told)
    return notice_deliver (transaction, self->mail, postmaster, self->destinations, error);
  log_event (LOG_ERROR, "No administrator can be told: no mailbox takes mail for postmaster",
             "recipient", self->postmaster, NULL);
  return TRUE;
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  g_autoptr (GError) error = NULL;

  store_write_finish (self->store, result, &error);
  finish (self, error);
}

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  g_autoptr (GError) error = NULL;

  self->mail = intake_prepare_finish (result, &error);
  if (self->mail)
    store_write_async (self->store, write_mail, self, NULL, NULL, did_write, self);
  else
    finish (self, error);
}

/* "mail.example.com autoconfig.example.com" lie in "example.com". */
static gboolean
lies_in (const char *hosts, const char *domain)
{
  g_auto (GStrv) words = g_strsplit (hosts, " ", -1);
  g_autofree char *below = g_strconcat (".", domain, NULL);

  for (guint i = 0; words[i]; i++)
    if (strcmp (words[i], domain) == 0 || g_str_has_suffix (words[i], below))
      return TRUE;
  return FALSE;
}

static gboolean
read_postmaster (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Notice *self = data;
  g_autoptr (GPtrArray) domains = domain_list (store_snapshot_database (snapshot), error);
  const char *chosen = domains && domains->len > 0 ? domains->pdata[0] : NULL;

  for (guint i = domains ? domains->len : 0; i-- > 0;)
    if (lies_in (self->hosts, domains->pdata[i]))
      chosen = domains->pdata[i];
  g_clear_pointer (&self->postmaster, g_free);
  if (chosen)
    self->postmaster = g_strconcat ("postmaster@", chosen, NULL);
  else if (domains)
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no domain yet.");
  return chosen != NULL;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Notice *self = data;
  MessageEnvelope envelope = { .sender = "" };
  g_autoptr (GError) error = NULL;

  if (!store_read_finish (self->store, result, &error)) {
    finish (self, error);
    return;
  }
  g_autoptr (GBytes) bytes = compose (self);
  const char *const recipients[] = { self->postmaster, NULL };
  envelope.recipients = recipients;
  const IntakeMail mail = { .bytes = bytes, .envelope = &envelope };
  intake_prepare_async (self->store, &mail, did_prepare, self);
}

void
certificate_notice_send (Store *store, const char *hostname, Schedule *schedule,
                         const CertificateNotice *notice,
                         void (*done) (gboolean told, gpointer data), gpointer data)
{
  Notice *self = g_new0 (Notice, 1);

  self->store = store;
  self->schedule = schedule;
  self->hostname = g_strdup (hostname);
  self->name = g_strdup (notice->name);
  self->hosts = g_strdup (notice->hosts);
  self->problem = g_strdup (notice->problem);
  self->not_after = notice->not_after;
  self->destinations = g_ptr_array_new_with_free_func (g_free);
  self->done = done;
  self->data = data;
  store_read_async (store, read_postmaster, self, NULL, NULL, did_read, self);
}
