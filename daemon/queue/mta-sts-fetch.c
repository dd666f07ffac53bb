/* A policy's address, and what of an answer is a policy. */
#include "queue/mta-sts-fetch.h"
#include "net/fetch.h"
#include "queue/mta-sts.h"

#define WHOLE_SECONDS 60

typedef struct {
  char *url, *resolve;
} Fetch;

static void
fetch_free (gpointer data)
{
  Fetch *self = data;

  g_free (self->url);
  g_free (self->resolve);
  g_free (self);
}

static gboolean
is_policy (const FetchAnswer *answer)
{
  const char *type = fetch_answer_field (answer, "content-type");

  return answer->status == 200 && type && g_ascii_strncasecmp (type, "text/plain", 10) == 0;
}

static void
fetch_policy (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Fetch *self = data;
  const FetchRequest request = { .url = self->url,
                                 .resolve = self->resolve,
                                 .most = MTA_STS_POLICY_MAX,
                                 .seconds = WHOLE_SECONDS,
                                 .cancellable = cancellable };
  GError *error = NULL;
  g_autoptr (FetchAnswer) answer = fetch (&request, &error);

  if (answer == NULL)
    g_task_return_error (task, error);
  else if (!is_policy (answer))
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             "%s: there is no plain text", self->url);
  else
    g_task_return_pointer (task, g_bytes_new (answer->body->data, answer->body->len),
                           (GDestroyNotify)g_bytes_unref);
}

/* "mta-sts.example.com:443:192.0.2.1,2001:db8::1" */
static char *
list_addresses (const char *domain, const GPtrArray *addresses, guint16 port)
{
  GString *text = g_string_new (NULL);

  g_string_printf (text, "mta-sts.%s:%u:", domain, port);
  for (guint i = 0; i < addresses->len; i++) {
    g_autofree char *address = g_inet_address_to_string (addresses->pdata[i]);
    g_string_append_printf (text, "%s%s", i ? "," : "", address);
  }
  return g_string_free (text, FALSE);
}

void
mta_sts_fetch_async (const char *domain, const GPtrArray *addresses, guint16 port,
                     GCancellable *cancellable, GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  Fetch *self = g_new0 (Fetch, 1);

  self->url = port == MTA_STS_FETCH_PORT
      ? g_strdup_printf ("https://mta-sts.%s/.well-known/mta-sts.txt", domain)
      : g_strdup_printf ("https://mta-sts.%s:%u/.well-known/mta-sts.txt", domain, port);
  self->resolve = list_addresses (domain, addresses, port);
  g_task_set_task_data (task, self, fetch_free);
  g_task_run_in_thread (task, fetch_policy);
}

GBytes *
mta_sts_fetch_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
