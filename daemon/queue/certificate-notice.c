/* Finds whom to tell, lets a worker prepare the mail, delivers it in one job. */
#include "queue/certificate-notice.h"
#include "accounts/domain.h"
#include "log.h"
#include "policy/intake.h"
#include "queue/notice.h"
#include "settings.h"
#include <string.h>

typedef struct {
  const char *subject; /* %s: the first host */
  const char *intro; /* %s: hosts, day */
  const char *fails; /* %s: the problem */
  const char *by_hand, *what_to_do; /* %s: the name, wherever it stands */
} NoticeText;

static const NoticeText texts[] = {
  [LANGUAGE_ENGLISH]
  = { "Certificate of %s ends soon",
      "The certificate of this server for\r\n\r\n    %s\r\n\r\nends on %s. From then on mail "
      "programs warn of this server, or refuse it.\r\n\r\n",
      "Hauspost tries to renew it, and fails:\r\n\r\n    %s\r\n\r\n"
      "It goes on trying. When you have mended the cause, say:\r\n\r\n"
      "    hauspost certificate acme order\r\n",
      "Nothing renews it by itself. Get a new one, and import it:\r\n\r\n"
      "    hauspost certificate import %s --chain FILE --key FILE\r\n\r\n"
      "Or let Hauspost get certificates by itself from now on:\r\n\r\n"
      "    hauspost set acme.agree-to-terms yes\r\n",
      "\r\nWhat is known of all certificates:\r\n\r\n    hauspost certificate list\r\n" },
  [LANGUAGE_GERMAN]
  = { "Zertifikat für %s läuft bald ab",
      "Das Zertifikat dieses Servers für\r\n\r\n    %s\r\n\r\nläuft am %s ab. Danach warnen "
      "Mailprogramme vor diesem Server oder lehnen ihn ab.\r\n\r\n",
      "Hauspost versucht, es zu erneuern, aber das misslingt:\r\n\r\n    %s\r\n\r\n"
      "Die Versuche gehen weiter. Wenn Sie die Ursache behoben haben, sagen Sie:\r\n\r\n"
      "    hauspost certificate acme order\r\n",
      "Von selbst wird es nicht erneuert. Besorgen Sie ein neues und importieren Sie es:\r\n\r\n"
      "    hauspost certificate import %s --chain DATEI --key DATEI\r\n\r\n"
      "Oder lassen Sie Hauspost künftig selbst Zertifikate holen:\r\n\r\n"
      "    hauspost set acme.agree-to-terms yes\r\n",
      "\r\nWas über alle Zertifikate bekannt ist:\r\n\r\n    hauspost certificate list\r\n" },
};

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

static GBytes *
compose (const Notice *self)
{
  const NoticeText *words = &texts[setting_number (SETTING_LANGUAGE)];
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (self->not_after);
  g_autofree char *day = g_date_time_format (time, "%Y-%m-%d");
  g_autofree char *first = g_strndup (self->hosts, strcspn (self->hosts, " "));
  g_autofree char *subject = g_strdup_printf (words->subject, first);
  g_autoptr (GString) body = g_string_new (NULL);

  g_string_append_printf (body, words->intro, self->hosts, day);
  if (self->problem)
    g_string_append_printf (body, words->fails, self->problem);
  else
    g_string_append_printf (body, words->by_hand, self->name);
  g_string_append (body, words->what_to_do);
  return notice_compose (self->hostname, self->postmaster, subject, body->str);
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
