/* From the final dot to a decision: hops, and whether the authors are the user's addresses (RFC
 * 6409 §6.1). */
#include "smtp/smtp-private.h"
#include "smtp/smtp-path.h"
#include "smtp/smtp-trace.h"
#include "mail/address.h"
#include "settings.h"

/* Whether every author is the user (RFC 6409 §6.1); belongs to the read job. */
typedef struct {
  GBytes *bytes;
  SmtpHeader *header;
  gint64 account;
  const char *stranger;
  char *domain; /* of the author */
  GPtrArray *keys; /* of that domain */
} Authorship;

static void
authorship_free (gpointer data)
{
  Authorship *authorship = data;

  g_bytes_unref (authorship->bytes);
  smtp_header_free (authorship->header);
  g_clear_pointer (&authorship->keys, g_ptr_array_unref);
  g_free (authorship->domain);
  g_free (authorship);
}

static gboolean
ask_authors (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Authorship *authorship = data;
  const GPtrArray *authors = authorship->header->authors;

  for (guint i = 0; i < authors->len && authorship->stranger == NULL; i++)
    if (!account_may_send_as (store_snapshot_database (snapshot), authorship->account,
                              authors->pdata[i]))
      authorship->stranger = authors->pdata[i];
  g_clear_pointer (&authorship->keys, g_ptr_array_unref); /* a job may run twice */
  authorship->keys
      = dkim_keys_list (store_snapshot_database (snapshot), authorship->domain, error);
  return authorship->keys != NULL;
}

/* The address comes from the mail: only what may stand in a reply line, and not too much of it. */
static void
refuse_stranger (SmtpSession *self, const char *stranger)
{
  g_autofree char *shown = g_strndup (stranger, SMTP_PATH_MAX);
  g_autofree char *reply = NULL;

  for (char *at = shown; *at; at++)
    if (!g_ascii_isgraph (*at))
      *at = '?';
  reply = g_strdup_printf ("550 5.7.1 <%s> in From or Sender is not an address of %s", shown,
                           self->account->address);
  smtp_refuse_mail (self, reply);
}

static void
did_ask_authors (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  Authorship *authorship = store_job_data (result);
  const gboolean answered = store_read_finish (self->service->store, result, &error);

  if (self->closed)
    return;
  if (!answered)
    smtp_refuse_mail (self, smtp_store_reply (self, error));
  else if (authorship->stranger)
    refuse_stranger (self, authorship->stranger);
  else {
    self->keys = g_steal_pointer (&authorship->keys);
    smtp_keep (self, authorship->bytes, authorship->header);
  }
}

/* What speaks against a mail by its header section alone, or NULL. */
static const char *
find_fault (SmtpSession *self, const SmtpHeader *header)
{
  if (header->hops > (guint)setting_number (SETTING_SMTP_MAX_HOPS))
    return "554 5.4.6 The mail runs in a circle";
  if (self->service->kind != SMTP_SUBMISSION)
    return NULL;
  if (header->is_cut) /* an author could stand where nobody looks */
    return "552 5.3.4 The header section is too big";
  if (header->has_from && header->authors->len == 0)
    return "550 5.6.0 The From field holds no address";
  return NULL;
}

/* DMARC asks for the author's domain: that of From, or of the user when From is added for him. */
static char *
signing_domain (SmtpSession *self, const SmtpHeader *header)
{
  const char *author = header->author ? header->author : self->account->address;
  char *domain = domain_normalize (strrchr (author, '@') + 1);

  return domain ? domain : g_strdup ("");
}

static void
judge (SmtpSession *self, GBytes *bytes)
{
  g_autoptr (SmtpHeader) header = smtp_header_read (bytes, self->service->kind == SMTP_SUBMISSION);
  const char *fault = find_fault (self, header);
  Authorship *authorship;

  if (fault) {
    smtp_refuse_mail (self, fault);
    return;
  }
  if (self->service->kind != SMTP_SUBMISSION) {
    smtp_check (self, bytes, g_steal_pointer (&header));
    return;
  }
  authorship = g_new0 (Authorship, 1);
  authorship->bytes = g_bytes_ref (bytes);
  authorship->header = g_steal_pointer (&header);
  authorship->account = self->account->id;
  authorship->domain = signing_domain (self, authorship->header);
  store_read_async (self->service->store, ask_authors, authorship, authorship_free, NULL,
                    did_ask_authors, smtp_session_ref (self));
}

static void
did_spool (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (self->closed)
    return;
  bytes = spool_finish_finish (self->spool, result, &error);
  if (bytes == NULL)
    smtp_refuse_mail (self, smtp_store_reply (self, error));
  else
    judge (self, bytes);
}

void
smtp_deliver (SmtpSession *self)
{
  channel_pause (self->channel); /* one mail at a time: pipelined input waits */
  if (self->refusal) {
    smtp_refuse_mail (self, self->refusal);
    return;
  }
  spool_finish_async (self->spool, did_spool, smtp_session_ref (self));
}
