/* A channel's life, its settings and what is known about it. How bytes move: channel-flow.c. */
#include "net/channel-private.h"
#include "tls/tls-context.h"
#include <string.h>

/* Unique while fewer than 36^6 connections were made; scattered, so that two neighbours are not
 * mistaken for each other by a reader. */
static void
make_id (char out[7])
{
  static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyz";
  static gint count;
  const guint64 all = G_GUINT64_CONSTANT (2176782336); /* 36^6; the factor is a prime */
  guint64 number = ((guint)g_atomic_int_add (&count, 1) * G_GUINT64_CONSTANT (2654435761)) % all;

  for (guint i = 0; i < 6; i++, number /= 36)
    out[i] = digits[number % 36];
  out[6] = '\0';
}

static gint64
least_of (gint64 a, gint64 b)
{
  return a == 0 || (b != 0 && b < a) ? b : a;
}

static gint64
idle_deadline (Channel *self)
{
  return self->idle_timeout > 0 && self->pauses == 0 ? self->last_input + self->idle_timeout : 0;
}

static gint64
next_deadline (Channel *self)
{
  if (self->phase != CHANNEL_OPEN)
    return self->phase_deadline;
  return least_of (self->stall_deadline, least_of (self->total_deadline, idle_deadline (self)));
}

/* A deadline that has moved away is noticed when the timer fires: bytes that arrive cost nothing
 * here. */
void
channel_rearm (Channel *self)
{
  gint64 next = self->phase >= CHANNEL_ENDED ? 0 : next_deadline (self);

  if (next != 0 && (self->timer.link.data == NULL || next < self->timer.second))
    timers_set (self->thread->timers, &self->timer, next);
}

static void
end_late (Channel *self, const char *what)
{
  if (self->socket != NULL)
    socket_reset_on_free (self->socket);
  channel_end (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_TIMED_OUT, what));
}

static void
tell_timeout (Channel *self, gint64 now)
{
  gboolean is_over = self->total_deadline != 0 && now >= self->total_deadline;

  self->total_deadline = is_over ? 0 : self->total_deadline;
  self->last_input = now;
  if (self->events != NULL && self->events->timed_out != NULL)
    self->events->timed_out (self, self->data);
  else
    is_over = TRUE;
  if (self->phase == CHANNEL_OPEN && is_over)
    end_late (self, "The client was silent or took too long");
  channel_settle_soon (self);
}

void
channel_dismiss (Channel *self)
{
  g_autoptr (Channel) kept = channel_ref (self);

  if (kept->phase != CHANNEL_OPEN || kept->pauses > 0)
    return;
  if (kept->events != NULL && kept->events->stopping != NULL)
    kept->events->stopping (kept, kept->data);
  if (kept->phase == CHANNEL_OPEN)
    channel_close (kept);
}

static void
did_time_out (Timer *timer)
{
  g_autoptr (Channel) self
      = channel_ref ((Channel *)((guint8 *)timer - G_STRUCT_OFFSET (Channel, timer)));
  gint64 now = timers_now ();
  gint64 deadline = next_deadline (self);

  if (deadline == 0 || deadline > now)
    channel_rearm (self);
  else if (self->phase == CHANNEL_LINGERING)
    channel_end (self, NULL);
  else if (self->phase == CHANNEL_SHAKING)
    end_late (self, "The TLS handshake took too long");
  else if (self->phase == CHANNEL_CLOSING || deadline == self->stall_deadline)
    end_late (self, "The client does not read");
  else
    tell_timeout (self, now);
}

Channel *
channel_new (IoThread *thread, SocketHandle handle, GInetAddress *peer, guint16 local_port,
             Limits *limits, const ChannelOwner *owner, gpointer owner_data, GError **error)
{
  g_autoptr (GInetAddress) owned_peer = peer;
  Socket *socket = socket_adopt (thread->reactor, handle, error);

  if (socket == NULL)
    return NULL;
  return channel_new_on (thread, socket, g_steal_pointer (&owned_peer), local_port, limits, owner,
                         owner_data);
}

Channel *
channel_new_on (IoThread *thread, Socket *socket, GInetAddress *peer, guint16 local_port,
                Limits *limits, const ChannelOwner *owner, gpointer owner_data)
{
  Channel *self = g_new0 (Channel, 1);

  self->refs = 1; /* the thread's, until `closed` */
  self->thread = thread;
  self->socket = socket;
  self->settle.run = channel_settle;
  self->timer.run = did_time_out;
  self->owner = owner;
  self->owner_data = owner_data;
  self->limits = limits;
  self->input_limit = CHANNEL_INPUT_LIMIT;
  self->last_input = timers_now ();
  self->local_port = local_port;
  self->peer = peer;
  self->since = g_get_real_time () / G_USEC_PER_SEC;
  make_id (self->id);
  self->link.data = self;
  g_queue_push_tail_link (&thread->channels, &self->link);
  return self;
}

static void
begin_shaking (Channel *self, TlsContexts *contexts)
{
  self->contexts = contexts ? tls_contexts_ref (contexts) : NULL;
  self->phase = CHANNEL_SHAKING;
  self->phase_deadline = timers_now () + CHANNEL_HANDSHAKE_SECONDS;
  self->input_ready = TRUE;
}

void
channel_begin (Channel *self, TlsContexts *contexts)
{
  if (contexts != NULL)
    begin_shaking (self, contexts);
  channel_settle_soon (self);
}

Channel *
channel_ref (Channel *self)
{
  self->refs++;
  return self;
}

void
channel_unref (Channel *self)
{
  if (--self->refs > 0)
    return;
  g_assert (self->phase == CHANNEL_CLOSED);
  g_clear_error (&self->reason);
  g_object_unref (self->peer);
  g_free (self->peer_text);
  g_free (self->user);
  g_free (self->client);
  g_free (self);
}

static void
release_memory (Channel *self)
{
  reactor_forget (self->thread->reactor, &self->settle);
  timers_clear (self->thread->timers, &self->timer);
  g_clear_pointer (&self->tls, channel_tls_free);
  g_clear_pointer (&self->contexts, tls_contexts_unref);
  g_clear_pointer (&self->client_ssl, SSL_free);
  g_clear_pointer (&self->socket, socket_free);
  g_clear_pointer (&self->input, g_byte_array_unref);
  channel_output_clear (&self->output);
  channel_output_clear (&self->packed);
  g_clear_pointer (&self->deflate, channel_deflate_free);
  if (self->limits == NULL)
    return;
  limits_release_bytes (self->limits, self->counted);
  self->counted = 0;
  if (self->user != NULL)
    limits_release_user (self->limits, self->user, self->peer);
}

/* The last event, and the end of the thread's reference. */
void
channel_release (Channel *self)
{
  if (self->phase == CHANNEL_CLOSED)
    return;
  self->phase = CHANNEL_CLOSED;
  release_memory (self);
  g_queue_unlink (&self->thread->channels, &self->link);
  if (self->events != NULL && self->events->closed != NULL)
    self->events->closed (self, self->reason, self->data);
  if (self->owner != NULL && self->owner->gone != NULL)
    self->owner->gone (self, self->owner_data);
  channel_unref (self);
}

void
channel_set_events (Channel *self, const ChannelEvents *events, gpointer data)
{
  self->events = events;
  self->data = data;
  channel_settle_soon (self);
}

static gboolean
takes_output (Channel *self)
{
  return self->phase == CHANNEL_OPEN || self->phase == CHANNEL_SHAKING;
}

void
channel_write (Channel *self, const void *bytes, gsize length)
{
  if (!takes_output (self) || length == 0)
    return;
  channel_output_copy (&self->output, bytes, length);
  channel_settle_soon (self);
}

void
channel_write_bytes (Channel *self, GBytes *bytes)
{
  if (!takes_output (self) || g_bytes_get_size (bytes) == 0)
    return;
  channel_output_add (&self->output, bytes);
  channel_settle_soon (self);
}

void
channel_print (Channel *self, const char *format, ...)
{
  char small[512];
  va_list arguments;

  va_start (arguments, format);
  int length = g_vsnprintf (small, sizeof small, format, arguments);
  va_end (arguments);
  if (length < (int)sizeof small) {
    channel_write (self, small, MAX (length, 0));
    return;
  }
  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  channel_write (self, text, strlen (text));
}

gboolean
channel_is_full (Channel *self)
{
  if (self->output.length + self->in_flight > CHANNEL_HIGH_MARK)
    self->full = TRUE;
  return self->full;
}

void
channel_pause (Channel *self)
{
  self->pauses++;
}

void
channel_resume (Channel *self)
{
  g_assert (self->pauses > 0);
  if (--self->pauses > 0)
    return;
  self->last_input = timers_now ();
  channel_settle_soon (self);
}

void
channel_set_input_limit (Channel *self, gsize bytes)
{
  self->input_limit = bytes;
  channel_settle_soon (self);
}

void
channel_set_idle_timeout (Channel *self, guint seconds)
{
  self->idle_timeout = seconds;
  self->last_input = timers_now ();
  channel_rearm (self);
}

void
channel_set_total_timeout (Channel *self, guint seconds)
{
  self->total_deadline = seconds > 0 ? timers_now () + seconds : 0;
  channel_rearm (self);
}

static void
start_tls (Channel *self, TlsContexts *contexts)
{
  g_assert (self->tls == NULL);
  channel_output_seal (&self->output);
  self->clear_length = self->output.length;
  begin_shaking (self, contexts);
  channel_settle_soon (self);
}

void
channel_start_tls (Channel *self, TlsContexts *contexts)
{
  if (self->phase == CHANNEL_OPEN)
    start_tls (self, contexts);
}

void
channel_start_client_tls (Channel *self, SSL *ssl)
{
  if (self->phase != CHANNEL_OPEN) {
    SSL_free (ssl);
    return;
  }
  self->client_ssl = ssl;
  start_tls (self, NULL);
}

void
channel_start_deflate (Channel *self)
{
  if (self->phase != CHANNEL_OPEN)
    return;
  g_assert (self->deflate == NULL);
  self->deflate = channel_deflate_new ();
  channel_output_seal (&self->output);
  self->packed = self->output;
  self->output = (ChannelOutput) { 0 };
  self->dropping = TRUE;
  channel_settle_soon (self);
}

gboolean
channel_is_deflated (Channel *self)
{
  return self->deflate != NULL;
}

gboolean
channel_is_secure (Channel *self)
{
  return self->tls != NULL && SSL_is_init_finished (channel_tls_ssl (self->tls));
}

const char *
channel_tls_protocol (Channel *self)
{
  return channel_is_secure (self) ? SSL_get_version (channel_tls_ssl (self->tls)) : NULL;
}

const char *
channel_tls_cipher (Channel *self)
{
  return channel_is_secure (self) ? SSL_get_cipher_name (channel_tls_ssl (self->tls)) : NULL;
}

int
channel_tls_bits (Channel *self)
{
  return channel_is_secure (self) ? SSL_get_cipher_bits (channel_tls_ssl (self->tls), NULL) : 0;
}

gboolean
channel_tls_exporter (Channel *self, guint8 out[32])
{
  static const char label[] = "EXPORTER-Channel-Binding"; /* RFC 9266 §2, with an empty context */

  if (!channel_is_secure (self) || SSL_version (channel_tls_ssl (self->tls)) != TLS1_3_VERSION)
    return FALSE;
  return SSL_export_keying_material (channel_tls_ssl (self->tls), out, 32, label, strlen (label),
                                     (const guint8 *)"", 0, 1)
      == 1;
}

/* The digest that signed the certificate, but never MD5 or SHA-1 (RFC 5929 §4.1). */
gsize
channel_tls_end_point (Channel *self, guint8 out[64])
{
  X509 *certificate
      = channel_is_secure (self) ? SSL_get_certificate (channel_tls_ssl (self->tls)) : NULL;
  const EVP_MD *digest = EVP_sha256 ();
  int number, key;
  unsigned length = 0;

  if (certificate == NULL)
    return 0;
  if (OBJ_find_sigid_algs (X509_get_signature_nid (certificate), &number, &key) == 1
      && number != NID_undef && number != NID_md5 && number != NID_sha1)
    digest = EVP_get_digestbynid (number);
  if (digest == NULL || X509_digest (certificate, digest, out, &length) != 1 || length > 64)
    return 0;
  return length;
}

char *
channel_tls_peer_fingerprint (Channel *self)
{
  X509 *certificate
      = channel_is_secure (self) ? SSL_get0_peer_certificate (channel_tls_ssl (self->tls)) : NULL;
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  GString *text;

  if (certificate == NULL || X509_cmp_current_time (X509_get0_notBefore (certificate)) >= 0
      || X509_cmp_current_time (X509_get0_notAfter (certificate)) <= 0
      || X509_digest (certificate, EVP_sha256 (), digest, &length) != 1)
    return NULL;
  text = g_string_sized_new (2 * length);
  for (unsigned i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", digest[i]);
  return g_string_free (text, FALSE);
}

void
channel_close (Channel *self)
{
  if (self->phase >= CHANNEL_CLOSING)
    return;
  if (self->phase != CHANNEL_OPEN) { /* what waits was meant for a secure channel */
    channel_output_clear (&self->output);
    self->broken = TRUE;
  }
  self->phase = CHANNEL_CLOSING;
  self->phase_deadline = timers_now () + CHANNEL_CLOSE_SECONDS;
  channel_settle_soon (self);
}

void
channel_abort (Channel *self)
{
  if (self->phase >= CHANNEL_ENDED)
    return;
  socket_reset_on_free (self->socket);
  channel_end (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "Ended by the server"));
}

gboolean
channel_is_open (Channel *self)
{
  return takes_output (self);
}

const char *
channel_id (Channel *self)
{
  return self->id;
}

const char *
channel_peer_text (Channel *self)
{
  if (self->peer_text == NULL)
    self->peer_text = g_inet_address_to_string (self->peer);
  return self->peer_text;
}

GInetAddress *
channel_peer (Channel *self)
{
  return self->peer;
}

guint16
channel_local_port (Channel *self)
{
  return self->local_port;
}

gboolean
channel_peer_is_loopback (Channel *self)
{
  return g_inet_address_get_is_loopback (self->peer);
}

IoThread *
channel_thread (Channel *self)
{
  return self->thread;
}

gboolean
channel_claim_user (Channel *self, const char *user)
{
  if (self->user != NULL || self->limits == NULL || self->phase >= CHANNEL_ENDED)
    return TRUE;
  if (!limits_claim_user (self->limits, user, self->peer))
    return FALSE;
  self->user = g_strdup (user);
  return TRUE;
}

void
channel_set_client (Channel *self, const char *text)
{
  char *client = g_utf8_make_valid (text, (gssize)strnlen (text, CHANNEL_CLIENT_MAX));

  for (char *at = client; *at; at++)
    if (g_ascii_iscntrl (*at))
      *at = ' ';
  g_free (self->client);
  self->client = client;
}

void
channel_release_user (Channel *self)
{
  if (self->user != NULL)
    limits_release_user (self->limits, self->user, self->peer);
  g_clear_pointer (&self->user, g_free);
}
