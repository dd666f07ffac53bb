/* What an alias passes on to other servers is sealed (RFC 8617), by the domain that passes it on:
 * its next server sees another client and perhaps a changed mail, and must take our word. */
#include "smtp/smtp-private.h"
#include "smtp/smtp-trace.h"
#include "log.h"
#include "mail/address.h"
#include <string.h>

/* A mail that waits for keys; belongs to the read job. */
typedef struct {
  GBytes *bytes;
  SmtpHeader *header;
  char *domain;
  GPtrArray *keys;
} Waiting;

static void
waiting_free (gpointer data)
{
  Waiting *self = data;

  g_bytes_unref (self->bytes);
  smtp_header_free (self->header);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_free (self->domain);
  g_free (self);
}

static gboolean
read_keys (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Waiting *self = data;

  g_clear_pointer (&self->keys, g_ptr_array_unref); /* a job may run twice */
  self->keys = dkim_keys_list (store_snapshot_database (snapshot), self->domain, error);
  return self->keys != NULL;
}

/* A mail is no worse without a seal. */
static void
did_read_keys (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (SmtpSession) self = data;
  g_autoptr (GError) error = NULL;
  Waiting *waiting = store_job_data (result);
  const gboolean done = store_read_finish (self->service->store, result, &error);

  if (self->closed)
    return;
  if (done)
    self->sealing_keys = g_steal_pointer (&waiting->keys);
  else
    log_event (LOG_WARNING, "A mail that is passed on is not sealed", "error", error->message,
               NULL);
  smtp_keep (self, waiting->bytes, waiting->header);
}

/* The domain whose alias leads away, or NULL; of several the first: a mail has one set. */
static char *
find_domain (SmtpSession *self)
{
  for (guint i = 0; i < self->recipients->len; i++) {
    const SmtpRecipient *recipient = self->recipients->pdata[i];
    const char *at = strrchr (recipient->address, '@');

    if (recipient->remote->len > 0 && at)
      return domain_normalize (at + 1);
  }
  return NULL;
}

/* When the DNS did not answer, the chain may hold at the next server: it is left as it is. */
void
smtp_seal (SmtpSession *self, GBytes *bytes, SmtpHeader *header)
{
  g_autofree char *domain = self->findings && !self->chain_is_uncertain ? find_domain (self) : NULL;
  Waiting *waiting;

  if (domain == NULL) {
    smtp_keep (self, bytes, header);
    smtp_header_free (header);
    return;
  }
  waiting = g_new0 (Waiting, 1);
  waiting->bytes = g_bytes_ref (bytes);
  waiting->header = header;
  waiting->domain = g_steal_pointer (&domain);
  store_read_async (self->service->store, read_keys, waiting, waiting_free, NULL, did_read_keys,
                    smtp_session_ref (self));
}

/* The value of our own Authentication-Results. */
static char *
read_results (const char *findings)
{
  return g_strchomp (g_strdup (findings + strlen ("Authentication-Results: ")));
}

const ArcSealing *
smtp_sealing (SmtpSession *self, ArcSealing *sealing, char **results)
{
  if (self->sealing_keys == NULL)
    return NULL;
  *results = read_results (self->findings);
  *sealing = (ArcSealing) { self->sealing_keys, *results, self->chain };
  return sealing;
}
