/* OpenSSL on a BIO of our own, which lends the thread's buffer to OpenSSL for reading and gathers
 * what it writes, so that no buffer stays behind between events. */
#include "net/channel-tls.h"
#include <openssl/bio.h>
#include <openssl/err.h>

struct _ChannelTls {
  SSL *ssl;
  ChannelTlsPull pull;
  gpointer data;
  const guint8 *window; /* pulled, not yet read by OpenSSL */
  gsize window_length;
  guint8 *kept; /* owns the window when it had to be copied */
  GByteArray *output;
  gboolean ended;
};

static gboolean
pull_window (ChannelTls *self)
{
  gssize count;

  g_clear_pointer (&self->kept, g_free);
  count = self->ended ? 0 : self->pull (&self->window, self->data);
  if (count == 0)
    self->ended = TRUE;
  if (count > 0)
    self->window_length = count;
  return count > 0;
}

static int
bio_read (BIO *bio, char *bytes, size_t length, size_t *count)
{
  ChannelTls *self = BIO_get_data (bio);

  BIO_clear_retry_flags (bio);
  *count = 0;
  if (self->window_length == 0 && !pull_window (self)) {
    if (!self->ended)
      BIO_set_retry_read (bio);
    return 0;
  }
  *count = MIN (length, self->window_length);
  memcpy (bytes, self->window, *count);
  self->window += *count;
  self->window_length -= *count;
  return 1;
}

static int
bio_write (BIO *bio, const char *bytes, size_t length, size_t *count)
{
  ChannelTls *self = BIO_get_data (bio);

  BIO_clear_retry_flags (bio);
  if (self->output == NULL)
    self->output = g_byte_array_sized_new (length);
  g_byte_array_append (self->output, (const guint8 *)bytes, length);
  *count = length;
  return 1;
}

static long
bio_ctrl (BIO *bio, int command, long number, void *pointer)
{
  ChannelTls *self = BIO_get_data (bio);

  if (command == BIO_CTRL_EOF)
    return self->ended;
  return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *
bio_method (void)
{
  static BIO_METHOD *method = NULL;

  if (g_once_init_enter (&method)) {
    BIO_METHOD *made = BIO_meth_new (BIO_get_new_index () | BIO_TYPE_SOURCE_SINK, "channel");
    BIO_meth_set_read_ex (made, bio_read);
    BIO_meth_set_write_ex (made, bio_write);
    BIO_meth_set_ctrl (made, bio_ctrl);
    g_once_init_leave (&method, made);
  }
  return method;
}

ChannelTls *
channel_tls_new (SSL *ssl, ChannelTlsPull pull, gpointer data)
{
  ChannelTls *self = g_new0 (ChannelTls, 1);
  BIO *bio = BIO_new (bio_method ());

  self->ssl = ssl;
  self->pull = pull;
  self->data = data;
  BIO_set_data (bio, self);
  BIO_set_init (bio, 1);
  SSL_set_bio (ssl, bio, bio);
  return self;
}

void
channel_tls_free (ChannelTls *self)
{
  SSL_free (self->ssl);
  if (self->output != NULL)
    g_byte_array_unref (self->output);
  g_free (self->kept);
  g_free (self);
}

static ChannelTlsResult
judge (ChannelTls *self, int result, const char *what, GError **error)
{
  if (result > 0)
    return CHANNEL_TLS_DONE;
  int code = SSL_get_error (self->ssl, result);
  if (code == SSL_ERROR_WANT_READ)
    return CHANNEL_TLS_WAIT;
  /* Many clients leave without close_notify. Every protocol here marks the end of what it sends by
   * itself, so nothing can be cut off unnoticed. */
  if (code == SSL_ERROR_ZERO_RETURN || (self->ended && SSL_is_init_finished (self->ssl)))
    return CHANNEL_TLS_END;
  const char *reason = ERR_reason_error_string (ERR_peek_last_error ());
  if (self->ended || reason == NULL)
    reason = "the peer has gone";
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED, "%s: %s", what, reason);
  return CHANNEL_TLS_FAILED;
}

ChannelTlsResult
channel_tls_handshake (ChannelTls *self, GError **error)
{
  ERR_clear_error ();
  return judge (self, SSL_do_handshake (self->ssl), "TLS handshake failed", error);
}

ChannelTlsResult
channel_tls_read (ChannelTls *self, guint8 *bytes, gsize length, gsize *count, GError **error)
{
  ERR_clear_error ();
  return judge (self, SSL_read_ex (self->ssl, bytes, length, count), "TLS failed", error);
}

ChannelTlsResult
channel_tls_write (ChannelTls *self, const guint8 *bytes, gsize length, GError **error)
{
  gsize written;

  ERR_clear_error ();
  /* The BIO takes everything, so this never waits. */
  return judge (self, SSL_write_ex (self->ssl, bytes, length, &written), "TLS failed", error);
}

void
channel_tls_shutdown (ChannelTls *self)
{
  ERR_clear_error ();
  if (SSL_is_init_finished (self->ssl))
    SSL_shutdown (self->ssl); /* 0: ours is sent, the peer's is not awaited */
}

gsize
channel_tls_output_length (ChannelTls *self)
{
  return self->output != NULL ? self->output->len : 0;
}

GBytes *
channel_tls_take_output (ChannelTls *self)
{
  if (self->output == NULL)
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->output));
}

void
channel_tls_keep (ChannelTls *self)
{
  if (self->kept != NULL)
    return;
  if (self->window_length > 0) {
    self->kept = g_memdup2 (self->window, self->window_length);
    self->window = self->kept;
  }
}

gsize
channel_tls_kept_length (ChannelTls *self)
{
  return self->kept != NULL ? self->window_length : 0;
}

SSL *
channel_tls_ssl (ChannelTls *self)
{
  return self->ssl;
}
