/* OpenSSL between a GSocketConnection and whoever wants a pollable GIOStream. */
#include "tls/tls-stream.h"
#include "tls/acme-alpn.h"
#include <openssl/bio.h>
#include <openssl/err.h>

struct _TlsStream {
  GIOStream parent;
  GSocketConnection *connection;
  GSocket *socket; /* of the connection */
  SSL *ssl;
  GInputStream *input;
  GOutputStream *output;
  GIOCondition read_wants, write_wants; /* of the socket, for the next try */
  gint64 deadline; /* monotonic */
  GError *cause; /* what the socket said last */
};
G_DEFINE_TYPE (TlsStream, tls_stream, G_TYPE_IO_STREAM)

/* The BIO below OpenSSL: the GSocket, never blocking. */

static int
finish_transfer (BIO *bio, TlsStream *self, gssize done, GError *error)
{
  BIO_clear_retry_flags (bio);
  if (done >= 0)
    return (int)done;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
    g_error_free (error);
    return -1;
  }
  g_clear_error (&self->cause);
  self->cause = error;
  return -1;
}

static int
bio_read (BIO *bio, char *bytes, int length)
{
  TlsStream *self = BIO_get_data (bio);
  GError *error = NULL;
  gssize done
      = g_socket_receive_with_blocking (self->socket, bytes, (gsize)length, FALSE, NULL, &error);
  gboolean wait = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  int result = finish_transfer (bio, self, done, error);

  if (wait)
    BIO_set_retry_read (bio);
  return result;
}

static int
bio_write (BIO *bio, const char *bytes, int length)
{
  TlsStream *self = BIO_get_data (bio);
  GError *error = NULL;
  gssize done
      = g_socket_send_with_blocking (self->socket, bytes, (gsize)length, FALSE, NULL, &error);
  gboolean wait = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
  int result = finish_transfer (bio, self, done, error);

  if (wait)
    BIO_set_retry_write (bio);
  return result;
}

static long
bio_control (BIO *bio, int command, long number, void *pointer)
{
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

static const BIO_METHOD *
socket_bio (void)
{
  static gsize made;

  if (g_once_init_enter (&made)) {
    BIO_METHOD *method = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "GSocket");
    g_assert (method != NULL);
    BIO_meth_set_read (method, bio_read);
    BIO_meth_set_write (method, bio_write);
    BIO_meth_set_ctrl (method, bio_control);
    g_once_init_leave (&made, (gsize)method);
  }
  return (const BIO_METHOD *)made;
}

/* Turns OpenSSL's answer into GIO's. WANTS: what to poll for before the next try. */
static gssize
did_transfer (TlsStream *self, int result, GIOCondition *wants, GError **error)
{
  int reason = SSL_get_error (self->ssl, result);

  if (result > 0)
    return result;
  switch (reason) {
  case SSL_ERROR_ZERO_RETURN:
    return 0;
  case SSL_ERROR_WANT_READ:
  case SSL_ERROR_WANT_WRITE:
    *wants = reason == SSL_ERROR_WANT_READ ? G_IO_IN : G_IO_OUT;
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "TLS waits for the socket");
    return -1;
  default:
    if (self->cause != NULL)
      g_propagate_error (error, g_steal_pointer (&self->cause));
    else
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "TLS failed: %s",
                   ERR_peek_last_error () ? ERR_reason_error_string (ERR_peek_last_error ())
                                          : "the connection was cut");
    ERR_clear_error ();
    return -1;
  }
}

static gboolean
is_over (TlsStream *self, GError **error)
{
  if (self == NULL || (SSL_get_shutdown (self->ssl) & SSL_SENT_SHUTDOWN)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The TLS stream is closed");
    return TRUE;
  }
  if (g_get_monotonic_time () < self->deadline)
    return FALSE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The connection lasted too long");
  return TRUE;
}

static gssize
read_now (TlsStream *self, void *bytes, gsize length, GError **error)
{
  if (is_over (self, error))
    return -1;
  self->read_wants = G_IO_IN;
  ERR_clear_error ();
  const int result = SSL_read (self->ssl, bytes, (int)MIN (length, G_MAXINT));
  if (SSL_is_init_finished (self->ssl) && acme_alpn_is_challenge (self->ssl))
    return 0; /* it is proved: nothing is spoken here */
  return did_transfer (self, result, &self->read_wants, error);
}

static gssize
write_now (TlsStream *self, const void *bytes, gsize length, GError **error)
{
  if (is_over (self, error))
    return -1;
  if (length == 0)
    return 0;
  self->write_wants = G_IO_OUT;
  ERR_clear_error ();
  return did_transfer (self, SSL_write (self->ssl, bytes, (int)MIN (length, G_MAXINT)),
                       &self->write_wants, error);
}

/* The two directions. OWNER is not owned: it owns them; NULL when it is gone. */

#define TLS_TYPE_INPUT (tls_input_get_type ())
G_DECLARE_FINAL_TYPE (TlsInput, tls_input, TLS, INPUT, GInputStream)
struct _TlsInput {
  GInputStream parent;
  TlsStream *owner;
};
static void tls_input_pollable (GPollableInputStreamInterface *iface);
G_DEFINE_TYPE_WITH_CODE (TlsInput, tls_input, G_TYPE_INPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, tls_input_pollable))

#define TLS_TYPE_OUTPUT (tls_output_get_type ())
G_DECLARE_FINAL_TYPE (TlsOutput, tls_output, TLS, OUTPUT, GOutputStream)
struct _TlsOutput {
  GOutputStream parent;
  TlsStream *owner;
};
static void tls_output_pollable (GPollableOutputStreamInterface *iface);
G_DEFINE_TYPE_WITH_CODE (TlsOutput, tls_output, G_TYPE_OUTPUT_STREAM,
                         G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_OUTPUT_STREAM, tls_output_pollable))

static gssize
input_read (GInputStream *stream, void *bytes, gsize length, GCancellable *cancellable,
            GError **error)
{
  TlsStream *owner = TLS_INPUT (stream)->owner;

  for (;;) {
    GError *failure = NULL;
    gssize done = read_now (owner, bytes, length, &failure);
    if (done >= 0 || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      if (failure != NULL)
        g_propagate_error (error, failure);
      return done;
    }
    g_clear_error (&failure);
    if (!g_socket_condition_wait (owner->socket, owner->read_wants, cancellable, error))
      return -1;
  }
}

static gssize
input_read_nonblocking (GPollableInputStream *stream, void *bytes, gsize length, GError **error)
{
  return read_now (TLS_INPUT (stream)->owner, bytes, length, error);
}

static gboolean
input_is_readable (GPollableInputStream *stream)
{
  TlsStream *owner = TLS_INPUT (stream)->owner;

  return SSL_has_pending (owner->ssl)
      || g_socket_condition_check (owner->socket, owner->read_wants) != 0;
}

static GSource *
input_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  TlsStream *owner = TLS_INPUT (stream)->owner;
  /* Bytes that OpenSSL holds already make no socket readable. */
  g_autoptr (GSource) child = SSL_has_pending (owner->ssl)
      ? g_timeout_source_new (0)
      : g_socket_create_source (owner->socket, owner->read_wants, NULL);

  return g_pollable_source_new_full (stream, child, cancellable);
}

static void
tls_input_class_init (TlsInputClass *class)
{
  G_INPUT_STREAM_CLASS (class)->read_fn = input_read;
}

static void
tls_input_pollable (GPollableInputStreamInterface *iface)
{
  iface->is_readable = input_is_readable;
  iface->create_source = input_create_source;
  iface->read_nonblocking = input_read_nonblocking;
}

static void
tls_input_init (TlsInput *self)
{
}

static gssize
output_write (GOutputStream *stream, const void *bytes, gsize length, GCancellable *cancellable,
              GError **error)
{
  TlsStream *owner = TLS_OUTPUT (stream)->owner;

  for (;;) {
    GError *failure = NULL;
    gssize done = write_now (owner, bytes, length, &failure);
    if (done >= 0 || !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK)) {
      if (failure != NULL)
        g_propagate_error (error, failure);
      return done;
    }
    g_clear_error (&failure);
    if (!g_socket_condition_wait (owner->socket, owner->write_wants, cancellable, error))
      return -1;
  }
}

static gssize
output_write_nonblocking (GPollableOutputStream *stream, const void *bytes, gsize length,
                          GError **error)
{
  return write_now (TLS_OUTPUT (stream)->owner, bytes, length, error);
}

static gboolean
output_is_writable (GPollableOutputStream *stream)
{
  TlsStream *owner = TLS_OUTPUT (stream)->owner;

  return g_socket_condition_check (owner->socket, owner->write_wants) != 0;
}

static GSource *
output_create_source (GPollableOutputStream *stream, GCancellable *cancellable)
{
  TlsStream *owner = TLS_OUTPUT (stream)->owner;
  g_autoptr (GSource) child = g_socket_create_source (owner->socket, owner->write_wants, NULL);

  return g_pollable_source_new_full (stream, child, cancellable);
}

static void
tls_output_class_init (TlsOutputClass *class)
{
  G_OUTPUT_STREAM_CLASS (class)->write_fn = output_write;
}

static void
tls_output_pollable (GPollableOutputStreamInterface *iface)
{
  iface->is_writable = output_is_writable;
  iface->create_source = output_create_source;
  iface->write_nonblocking = output_write_nonblocking;
}

static void
tls_output_init (TlsOutput *self)
{
}

/* The stream. */

static GInputStream *
tls_stream_get_input (GIOStream *stream)
{
  return TLS_STREAM (stream)->input;
}

static GOutputStream *
tls_stream_get_output (GIOStream *stream)
{
  return TLS_STREAM (stream)->output;
}

/* close_notify is sent if the socket takes it at once; nobody waits for the answer. */
static gboolean
tls_stream_close (GIOStream *stream, GCancellable *cancellable, GError **error)
{
  TlsStream *self = TLS_STREAM (stream);

  if (SSL_is_init_finished (self->ssl))
    SSL_shutdown (self->ssl);
  ERR_clear_error ();
  return g_io_stream_close (G_IO_STREAM (self->connection), cancellable, error);
}

static void
tls_stream_close_async (GIOStream *stream, int priority, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer data)
{
  g_autoptr (GTask) task = g_task_new (stream, cancellable, callback, data);
  GError *error = NULL;

  /* Nothing in it blocks, and OpenSSL's object must not be used by two threads. */
  if (tls_stream_close (stream, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
tls_stream_close_finish (GIOStream *stream, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
tls_stream_finalize (GObject *object)
{
  TlsStream *self = TLS_STREAM (object);

  TLS_INPUT (self->input)->owner = NULL; /* whoever still holds them hears "closed" */
  TLS_OUTPUT (self->output)->owner = NULL;
  g_clear_object (&self->input);
  g_clear_object (&self->output);
  SSL_free (self->ssl);
  g_clear_object (&self->connection);
  g_clear_error (&self->cause);
  G_OBJECT_CLASS (tls_stream_parent_class)->finalize (object);
}

static void
tls_stream_class_init (TlsStreamClass *class)
{
  GIOStreamClass *stream = G_IO_STREAM_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = tls_stream_finalize;
  stream->get_input_stream = tls_stream_get_input;
  stream->get_output_stream = tls_stream_get_output;
  stream->close_fn = tls_stream_close;
  stream->close_async = tls_stream_close_async;
  stream->close_finish = tls_stream_close_finish;
}

static void
tls_stream_init (TlsStream *self)
{
  self->input = g_object_new (TLS_TYPE_INPUT, NULL);
  self->output = g_object_new (TLS_TYPE_OUTPUT, NULL);
  TLS_INPUT (self->input)->owner = self;
  TLS_OUTPUT (self->output)->owner = self;
  self->read_wants = G_IO_IN;
  self->write_wants = G_IO_OUT;
}

GIOStream *
tls_stream_accept (GSocketConnection *connection, SSL *ssl, guint lifetime)
{
  TlsStream *self = g_object_new (TLS_TYPE_STREAM, NULL);
  BIO *bio = BIO_new (socket_bio ());

  g_assert (bio != NULL);
  self->connection = g_object_ref (connection);
  self->socket = g_socket_connection_get_socket (connection);
  self->ssl = ssl;
  self->deadline = g_get_monotonic_time () + (gint64)lifetime * G_USEC_PER_SEC;
  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  SSL_set_bio (ssl, bio, bio);
  SSL_set_accept_state (ssl);
  SSL_set_mode (ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return G_IO_STREAM (self);
}

void
tls_stream_set_lifetime (TlsStream *self, guint seconds)
{
  self->deadline
      = seconds > 0 ? g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC : G_MAXINT64;
}
