/* Prepares incoming mail in worker threads, as many as there are cores. */
#include "policy/intake.h"
#include "mail/binary-body.h"
#include "mail/header.h"
#include "mail/references.h"
#include "mail/sort-keys.h"
#include "mail/summary.h"
#include "policy/authentication-results.h"
#include "store/message-keys.h"
#include <gio/gio.h>
#include <string.h>

typedef struct {
  Store *store;
  GBytes *prefix, *bytes;
  gboolean binary;
  char *authserv_id;
  GPtrArray *keys;
  gboolean is_sealed;
  ArcSealing sealing;
  char *sender; /* NULL: no envelope */
  char **recipients;
} Intake;

static void
intake_free (Intake *self)
{
  g_clear_pointer (&self->prefix, g_bytes_unref);
  g_bytes_unref (self->bytes);
  g_clear_pointer (&self->keys, g_ptr_array_unref);
  g_clear_pointer (&self->sealing.keys, g_ptr_array_unref);
  g_free ((char *)self->sealing.results);
  g_free (self->authserv_id);
  g_free (self->sender);
  g_strfreev (self->recipients);
  g_free (self);
}

/* Prefix and bytes as one message. The copy is made here, in the worker, where memory bandwidth
 * holds up no session; it is a small part of what hashing and compressing the same bytes costs. */
static GBytes *
whole_message (const Intake *self, GBytes *message)
{
  gsize prefix_length, length;
  const guint8 *prefix, *bytes;
  guint8 *whole;

  if (self->prefix == NULL || g_bytes_get_size (self->prefix) == 0)
    return g_bytes_ref (message);
  prefix = g_bytes_get_data (self->prefix, &prefix_length);
  bytes = g_bytes_get_data (message, &length);
  whole = g_malloc (prefix_length + length);
  memcpy (whole, prefix, prefix_length);
  if (length > 0)
    memcpy (whole + prefix_length, bytes, length);
  return g_bytes_new_take (whole, prefix_length + length);
}

/* Binary bodies with NUL bytes are kept in an encoding that every client can be sent (RFC 3516
 * §6). */
static GBytes *
storable_message (const Intake *self)
{
  g_autoptr (GBytes) clean = self->authserv_id
      ? authentication_results_strip (self->bytes, self->authserv_id)
      : g_bytes_ref (self->bytes);
  g_autoptr (GBytes) whole = whole_message (self, clean);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (whole, &length);
  GBytes *encoded = binary_body_encode (bytes, length, self->binary);

  return encoded ? encoded : g_steal_pointer (&whole);
}

/* Signatures and seals for PLAIN, or NULL: it gets none. */
static char *
sign (const Intake *self, GBytes *plain)
{
  const gboolean is_signed = self->keys && self->keys->len > 0;
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (DkimMessage) message = NULL;

  if (!is_signed && !self->is_sealed)
    return NULL;
  message = dkim_message_new (plain);
  return is_signed ? dkim_keys_sign (self->keys, message, now)
                   : arc_sign (message, &self->sealing, now);
}

/* With signatures above all but the Return-Path, which is no part of what goes out. */
static GBytes *
signed_message (const Intake *self)
{
  static const char path[] = "Return-Path:";
  g_autoptr (GBytes) plain = storable_message (self);
  g_autofree char *fields = sign (self, plain);
  g_autoptr (GByteArray) out = NULL;
  gsize length, start = 0;
  const guint8 *bytes = g_bytes_get_data (plain, &length);

  if (fields == NULL)
    return g_steal_pointer (&plain);
  if (length > strlen (path) && memcmp (bytes, path, strlen (path)) == 0)
    start = (const guint8 *)memchr (bytes, '\n', length) + 1 - bytes;
  out = g_byte_array_sized_new (length + strlen (fields));
  g_byte_array_append (out, bytes, start);
  g_byte_array_append (out, (const guint8 *)fields, strlen (fields));
  g_byte_array_append (out, bytes + start, length - start);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* Whoever reads lines would read another mail than was meant. */
static gboolean
has_bare_ends (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if ((bytes[i] == '\r' && (i + 1 == length || bytes[i + 1] != '\n'))
        || (bytes[i] == '\n' && (i == 0 || bytes[i - 1] != '\r')))
      return TRUE;
  return FALSE;
}

static gboolean
has_eight_bit (const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (bytes[i] & 0x80)
      return TRUE;
  return FALSE;
}

/* Where the body begins. */
static gsize
header_length (const guint8 *bytes, gsize length)
{
  HeaderField field;
  gsize position = 0;

  while (header_next (bytes, length, &position, &field)) { }
  return position;
}

static gboolean
refuse_bare_ends (GTask *task, const Intake *self, const guint8 *bytes, gsize length)
{
  if (!self->binary || !has_bare_ends (bytes, length))
    return FALSE;
  g_task_return_new_error (task, STORE_ERROR, STORE_ERROR_INVALID, "A bare CR or LF");
  return TRUE;
}

static void
prepare (gpointer data, gpointer user_data)
{
  g_autoptr (GTask) task = data;
  Intake *self = g_task_get_task_data (task);
  g_autoptr (GBytes) message = signed_message (self);
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  g_autoptr (GBytes) summary = NULL;
  g_autoptr (GBytes) keys = NULL;
  MessageEnvelope envelope = { self->sender, (const char *const *)self->recipients };
  GError *error = NULL;
  PreparedMessage *prepared;

  if (refuse_bare_ends (task, self, bytes, length))
    return;
  summary = summary_new (bytes, length);
  keys = sort_keys_new (bytes, length);
  prepared = prepared_message_new (self->store, message, summary,
                                   self->sender != NULL ? &envelope : NULL, &error);
  if (prepared != NULL) {
    g_autoptr (GArray) references = message_references (bytes, length);

    prepared_message_set_content (prepared, has_eight_bit (bytes, length),
                                  has_eight_bit (bytes, header_length (bytes, length)));
    prepared_message_set_references (prepared, references);
    prepared_message_set_keys (prepared, keys);
    g_task_return_pointer (task, prepared, (GDestroyNotify)prepared_message_unref);
  } else {
    g_task_return_error (task, error);
  }
}

/* One pool for the process; it never ends, as its threads hold nothing between two mails. */
static GThreadPool *
workers (void)
{
  static GThreadPool *pool;

  if (g_once_init_enter (&pool)) {
    GThreadPool *made
        = g_thread_pool_new (prepare, NULL, (int)g_get_num_processors (), FALSE, NULL);

    g_once_init_leave (&pool, made);
  }
  return pool;
}

void
intake_prepare_async (Store *store, const IntakeMail *mail, GAsyncReadyCallback callback,
                      gpointer data)
{
  GTask *task = g_task_new (NULL, NULL, callback, data);
  Intake *self = g_new0 (Intake, 1);

  self->store = store;
  self->binary = mail->binary;
  self->prefix = mail->prefix != NULL ? g_bytes_ref (mail->prefix) : NULL;
  self->bytes = g_bytes_ref (mail->bytes);
  self->authserv_id = g_strdup (mail->authserv_id);
  self->keys = mail->keys != NULL ? g_ptr_array_ref (mail->keys) : NULL;
  if (mail->sealing != NULL) {
    self->is_sealed = TRUE;
    self->sealing = *mail->sealing;
    self->sealing.keys = g_ptr_array_ref (mail->sealing->keys);
    self->sealing.results = g_strdup (mail->sealing->results);
  }
  if (mail->envelope != NULL) {
    self->sender = g_strdup (mail->envelope->sender);
    self->recipients = g_strdupv ((char **)mail->envelope->recipients);
  }
  g_task_set_source_tag (task, intake_prepare_async);
  g_task_set_task_data (task, self, (GDestroyNotify)intake_free);
  g_thread_pool_push (workers (), task, NULL); /* fails only for a pool that owns its threads */
}

PreparedMessage *
intake_prepare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
