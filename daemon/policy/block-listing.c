/* Asks all lists at once, then the one that knows the peer for its reason. */
#include "policy/block-listing.h"
#include "policy/iprev.h"

#define REASON_MAX 150 /* a reply line holds 512 bytes (RFC 5321 §4.5.3.1.5) */

void
block_listing_free (BlockListing *self)
{
  g_free (self->list);
  g_free (self->address);
  g_free (self->reason);
  g_free (self);
}

/* One peer, held against all lists. */
typedef struct {
  BlockLists *lists;
  GInetAddress *peer;
  GCancellable *cancellable; /* of the look-ups: the caller's, or the time's */
  GSource *timer;
  guint missing;
  gboolean over; /* it has been answered */
  BlockListing *found; /* its reason is being asked for */
} Asking;

typedef struct {
  GTask *task;
  char *zone;
} AskingQuestion;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_clear_pointer (&self->found, block_listing_free);
  g_object_unref (self->peer);
  g_object_unref (self->cancellable);
  g_free (self);
}

/* Whatever else comes is not waited for. */
static void
end_asking (GTask *task)
{
  Asking *self = g_task_get_task_data (task);

  if (self->over)
    return;
  self->over = TRUE;
  if (self->timer) {
    g_source_destroy (self->timer);
    g_clear_pointer (&self->timer, g_source_unref);
  }
  g_cancellable_cancel (self->cancellable);
  g_task_return_pointer (task, g_steal_pointer (&self->found), (GDestroyNotify)block_listing_free);
}

static gboolean
did_wait_long (gpointer data)
{
  end_asking (data);
  return G_SOURCE_REMOVE;
}

/* It goes into a reply line: short, and nothing but printable ASCII. */
static char *
read_reason (const DnsAnswer *answer)
{
  const DnsRecord *record = answer && answer->records->len ? answer->records->pdata[0] : NULL;
  gsize length = 0;
  const char *text = record && record->data ? g_bytes_get_data (record->data, &length) : NULL;
  char *reason;

  if (length == 0)
    return NULL;
  reason = g_strndup (text, MIN (length, REASON_MAX));
  for (char *at = reason; *at; at++)
    if (!g_ascii_isprint (*at))
      *at = '?';
  return reason;
}

static void
did_ask_reason (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Asking *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);

  if (self->found)
    self->found->reason = read_reason (answer);
  end_asking (task);
}

static void
did_find (GTask *task, const char *zone, const DnsAnswer *answer)
{
  Asking *self = g_task_get_task_data (task);
  const DnsRecord *record = answer->records->pdata[0];
  g_autofree char *name = block_list_name (self->peer, zone);

  self->found = g_new0 (BlockListing, 1);
  self->found->list = g_strdup (zone);
  self->found->address = g_inet_address_to_string (record->address);
  dns_look_up_async (block_lists_dns (self->lists), name, DNS_TYPE_TXT, self->cancellable,
                     did_ask_reason, g_object_ref (task));
}

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  AskingQuestion *question = data;
  g_autoptr (GTask) task = question->task;
  g_autofree char *zone = question->zone;
  Asking *self = g_task_get_task_data (task);
  g_autoptr (DnsAnswer) answer = dns_look_up_finish (result, NULL);
  const BlockListAnswer judged = block_list_judge (answer);

  g_free (question);
  self->missing--;
  if (self->over || self->found)
    return;
  if (judged == BLOCK_LIST_LISTED)
    did_find (task, zone, answer);
  else if (judged == BLOCK_LIST_REFUSED || judged == BLOCK_LIST_ASTRAY)
    block_lists_switch_off (self->lists, zone,
                            judged == BLOCK_LIST_REFUSED ? BLOCK_LIST_CLOSED : BLOCK_LIST_GONE);
  if (self->missing == 0 && self->found == NULL)
    end_asking (task);
}

static void
did_cancel (GCancellable *cancellable, gpointer look_ups)
{
  g_cancellable_cancel (look_ups);
}

static void
begin_asking (GTask *task, const GPtrArray *zones)
{
  Asking *self = g_task_get_task_data (task);

  self->missing = zones->len;
  self->timer = g_timeout_source_new_seconds (BLOCK_LIST_SECONDS);
  g_source_set_callback (self->timer, did_wait_long, g_object_ref (task), g_object_unref);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  for (guint i = 0; i < zones->len; i++) {
    g_autofree char *name = block_list_name (self->peer, zones->pdata[i]);
    AskingQuestion *question = g_new (AskingQuestion, 1);

    *question = (AskingQuestion) { g_object_ref (task), g_strdup (zones->pdata[i]) };
    dns_look_up_async (block_lists_dns (self->lists), name, DNS_TYPE_A, self->cancellable, did_ask,
                       question);
  }
}

void
block_listing_ask_async (BlockLists *lists, GInetAddress *peer, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, data);
  g_autoptr (GInetAddress) address = address_unmapped (peer);
  g_autoptr (GPtrArray) zones
      = block_lists_good (lists, g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4);
  Asking *asking = g_new0 (Asking, 1);

  asking->lists = lists;
  asking->peer = g_object_ref (peer);
  asking->cancellable = g_cancellable_new ();
  g_task_set_source_tag (task, block_listing_ask_async);
  g_task_set_task_data (task, asking, asking_free);
  if (cancellable)
    g_cancellable_connect (cancellable, G_CALLBACK (did_cancel), g_object_ref (asking->cancellable),
                           g_object_unref);
  if (zones->len == 0)
    g_task_return_pointer (task, NULL, NULL);
  else
    begin_asking (task, zones);
}

BlockListing *
block_listing_ask_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
