/* Moves a channel's bytes and tells its events. Everything happens in channel_settle, which the
 * reactor runs when something is due, so no event ever runs inside a call of the protocol. */
#include "net/channel-private.h"
#include "metrics.h"
#include "tls/tls-context.h"

enum {
  READS_AT_ONCE = 4, /* then the neighbours have their turn */
  RECORDS_AT_ONCE = 64 * 1024, /* bytes encrypted for one write */
  PACKED_AT_ONCE = 4 * 1024, /* compressed bytes read at once */
};

void
channel_settle_soon (Channel *self)
{
  if (!self->settling && self->phase != CHANNEL_CLOSED)
    reactor_defer (self->thread->reactor, &self->settle);
}

void
channel_end (Channel *self, GError *reason)
{
  g_autoptr (GError) owned = reason;

  if (self->phase >= CHANNEL_ENDED)
    return;
  if (self->reason == NULL)
    self->reason = g_steal_pointer (&owned);
  self->phase = CHANNEL_ENDED;
  self->settling = FALSE; /* settle once more, even from inside */
  channel_settle_soon (self);
}

/* The connection cannot go on, but an alert may wait to be sent. */
static void
fail_tls (Channel *self, GError *reason)
{
  self->broken = TRUE;
  if (self->reason == NULL)
    self->reason = reason;
  else
    g_error_free (reason);
  channel_output_clear (&self->output);
  channel_output_clear (&self->packed);
  self->phase = CHANNEL_CLOSING;
  self->phase_deadline = timers_now () + CHANNEL_LINGER_SECONDS;
}

static void
drop_input (Channel *self)
{
  g_clear_pointer (&self->input, g_byte_array_unref);
  self->dropping = FALSE;
}

static gboolean
takes_input (Channel *self)
{
  return self->phase == CHANNEL_OPEN && self->pauses == 0 && self->events != NULL;
}

/* Offers bytes until the protocol waits for more; returns how many it consumed. */
static gsize
offer (Channel *self, const guint8 *bytes, gsize length)
{
  gsize used = 0;

  while (used < length && takes_input (self) && !self->dropping) {
    gsize count = self->events->received (self, bytes + used, length - used, self->data);
    g_assert (count <= length - used);
    self->starved = count == 0;
    if (count == 0)
      break;
    used += count;
  }
  return used;
}

static void
offer_kept (Channel *self)
{
  gsize used = offer (self, self->input->data, self->input->len);

  if (used == self->input->len || self->phase != CHANNEL_OPEN || self->dropping)
    drop_input (self);
  else if (used > 0)
    g_byte_array_remove_range (self->input, 0, used);
}

/* The scratch buffer is the thread's: what is not consumed is copied. */
static void
offer_fresh (Channel *self, const guint8 *bytes, gsize length)
{
  if (self->input != NULL) {
    g_byte_array_append (self->input, bytes, length);
    offer_kept (self);
    return;
  }
  gsize used = offer (self, bytes, length);
  if (used == length || self->phase != CHANNEL_OPEN || self->dropping) {
    self->dropping = FALSE;
    return;
  }
  self->input = g_byte_array_sized_new (length - used);
  g_byte_array_append (self->input, bytes + used, length - used);
}

static gssize
read_plain (Channel *self, guint8 *bytes, gsize length, GError **error)
{
  gssize count = socket_read (self->socket, bytes, length, NULL);

  if (count < 0 && !socket_would_block (self->socket))
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                         "The connection was lost");
  return count;
}

/* -1 without ERROR: nothing is there now. */
static gssize
read_bytes (Channel *self, guint8 *bytes, gsize length, GError **error)
{
  gsize count = 0;

  if (self->tls == NULL)
    return read_plain (self, bytes, length, error);
  switch (channel_tls_read (self->tls, bytes, length, &count, error)) {
  case CHANNEL_TLS_DONE:
    return count;
  case CHANNEL_TLS_END:
    return 0;
  default:
    return -1;
  }
}

/* However well it was compressed, no more comes out at once than the protocol takes. */
static gssize
read_deflated (Channel *self, guint8 *bytes, gsize length, GError **error)
{
  guint8 packed[PACKED_AT_ONCE];

  for (;;) {
    gssize count = channel_deflate_unpack (self->deflate, bytes, length, error);
    if (count != 0)
      return count;
    if (!channel_deflate_is_hungry (self->deflate))
      continue;
    count = read_bytes (self, packed, sizeof packed, error);
    if (count <= 0)
      return count;
    channel_deflate_feed (self->deflate, packed, (gsize)count);
  }
}

static gssize
read_some (Channel *self, guint8 *bytes, gsize length, GError **error)
{
  return self->deflate ? read_deflated (self, bytes, length, error)
                       : read_bytes (self, bytes, length, error);
}

static void
fill (Channel *self)
{
  g_autoptr (GError) error = NULL;
  gsize have = self->input != NULL ? self->input->len : 0;

  if (have >= self->input_limit) {
    channel_end (self,
                 g_error_new_literal (G_IO_ERROR, G_IO_ERROR_MESSAGE_TOO_LARGE,
                                      "The client sent more than the protocol takes"));
    return;
  }
  guint8 *bytes = self->thread->plain_scratch;
  gssize count = read_some (self, bytes, MIN (SCRATCH_SIZE, self->input_limit - have), &error);
  if (error != NULL && self->tls != NULL)
    fail_tls (self, g_steal_pointer (&error));
  else if (error != NULL)
    channel_end (self, g_steal_pointer (&error));
  else if (count < 0)
    self->input_ready = FALSE;
  else if (count == 0)
    self->end_of_input = TRUE;
  if (count <= 0)
    return;
  self->last_input = timers_now ();
  self->starved = FALSE;
  offer_fresh (self, bytes, count);
}

static void
deliver_input (Channel *self)
{
  guint left = READS_AT_ONCE;

  if (takes_input (self) && self->input != NULL && !self->starved)
    offer_kept (self);
  while (takes_input (self) && self->input_ready && !self->end_of_input && left-- > 0)
    fill (self);
  if (!takes_input (self))
    return;
  if (self->end_of_input)
    channel_close (self); /* all that came is answered: the answers are still sent */
}

static gssize
pull_records (const guint8 **bytes, gpointer data)
{
  Channel *self = data;
  guint8 *scratch = self->thread->cipher_scratch;
  gssize count = socket_read (self->socket, scratch, SCRATCH_SIZE, NULL);

  *bytes = scratch;
  if (count >= 0)
    return count;
  return socket_would_block (self->socket) ? -1 : 0;
}

static void
begin_handshake (Channel *self)
{
  SSL *ssl = self->client_ssl ? g_steal_pointer (&self->client_ssl)
                              : tls_contexts_accept (self->contexts);

  drop_input (self); /* RFC 3207 §4.2: nothing said before the handshake counts */
  self->starved = FALSE;
  self->end_of_input = FALSE;
  if (ssl == NULL)
    channel_end (
        self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "No certificate is loaded"));
  else
    self->tls = channel_tls_new (ssl, pull_records, self);
  g_clear_pointer (&self->contexts, tls_contexts_unref);
}

static void
did_secure (Channel *self)
{
  metric_add (METRIC_TLS_HANDSHAKES, 1);
  self->phase = CHANNEL_OPEN;
  self->last_input = timers_now ();
  if (!self->was_ready) {
    self->was_ready = TRUE;
    self->owner->ready (self, self->owner_data);
  } else if (self->events != NULL && self->events->secured != NULL) {
    self->events->secured (self, self->data);
  }
}

static void
shake (Channel *self)
{
  g_autoptr (GError) error = NULL;

  if (self->tls == NULL) {
    if (self->clear_length > 0 || self->writing)
      return;
    begin_handshake (self);
  }
  if (self->tls == NULL)
    return;
  switch (channel_tls_handshake (self->tls, &error)) {
  case CHANNEL_TLS_DONE:
    /* What came behind the client's last message is read already, and no event will tell of it. */
    self->input_ready = TRUE;
    did_secure (self);
    break;
  case CHANNEL_TLS_WAIT:
    self->input_ready = FALSE;
    break;
  default:
    metric_add (METRIC_TLS_FAILURES, 1);
    fail_tls (self, g_steal_pointer (&error));
  }
}

static void
did_write (Socket *socket, const GError *error, gpointer data)
{
  Channel *self = data;

  self->writing = FALSE;
  self->in_flight = 0;
  self->stall_deadline = 0;
  if (error != NULL)
    channel_end (self, g_error_copy (error));
  channel_settle (&self->settle);
}

/* What goes out next: the protocol's output, or what became of it. */
static ChannelOutput *
next_output (Channel *self)
{
  if (self->deflate == NULL)
    return &self->output;
  if (self->packed.length == 0)
    channel_deflate_pack (&self->output, &self->packed, RECORDS_AT_ONCE);
  return &self->packed;
}

/* As many records as one write takes. */
static guint
take_records (Channel *self, GBytes **pieces)
{
  while (self->phase != CHANNEL_SHAKING && !self->broken
         && channel_tls_output_length (self->tls) < RECORDS_AT_ONCE) {
    g_autoptr (GError) error = NULL;
    GBytes *taken = NULL;
    if (channel_output_take (next_output (self), &taken, 1, 1) == 0)
      break;
    g_autoptr (GBytes) piece = taken;
    gsize length;
    const guint8 *bytes = g_bytes_get_data (piece, &length);
    if (channel_tls_write (self->tls, bytes, length, &error) != CHANNEL_TLS_DONE)
      fail_tls (self, g_steal_pointer (&error));
  }
  pieces[0] = channel_tls_take_output (self->tls);
  return pieces[0] != NULL ? 1 : 0;
}

static guint
take_plain (Channel *self, GBytes **pieces)
{
  ChannelOutput *output = next_output (self);
  gsize before = output->length;
  gboolean before_tls = self->phase == CHANNEL_SHAKING;
  guint count = channel_output_take (output, pieces, SOCKET_PIECES,
                                     before_tls ? self->clear_length : CHANNEL_HIGH_MARK);

  if (before_tls)
    self->clear_length -= before - output->length;
  return count;
}

static void
flush (Channel *self)
{
  GBytes *pieces[SOCKET_PIECES];
  guint count;

  if (self->writing || self->phase >= CHANNEL_LINGERING)
    return;
  count = self->tls != NULL ? take_records (self, pieces) : take_plain (self, pieces);
  if (count == 0)
    return;
  for (guint i = 0; i < count; i++)
    self->in_flight += g_bytes_get_size (pieces[i]);
  self->writing = TRUE;
  self->stall_deadline = timers_now () + CHANNEL_STALL_SECONDS;
  socket_write (self->socket, pieces, count, did_write, self);
  for (guint i = 0; i < count; i++)
    g_bytes_unref (pieces[i]);
}

/* Everything is sent: close_notify, then FIN. */
static void
finish_output (Channel *self)
{
  if (self->tls != NULL && !self->notified && !self->broken) {
    self->notified = TRUE;
    channel_tls_shutdown (self->tls);
    flush (self);
  }
  if (self->writing)
    return;
  socket_finish_output (self->socket);
  self->phase = CHANNEL_LINGERING;
  self->phase_deadline = timers_now () + CHANNEL_LINGER_SECONDS;
}

/* A close with unread input would become a reset, and that may destroy our last answer before the
 * client has read it: so the rest is read and dropped, for a while. */
static void
linger (Channel *self)
{
  guint8 *scratch = self->thread->cipher_scratch;
  gssize count = self->end_of_input && self->tls == NULL ? 0 : 1;

  for (guint left = READS_AT_ONCE; count > 0 && left > 0; left--) {
    count = socket_read (self->socket, scratch, SCRATCH_SIZE, NULL);
    self->lingered += MAX (count, 0);
  }
  if (count > 0 && self->lingered < CHANNEL_LINGER_BYTES)
    reactor_defer (self->thread->reactor, &self->settle);
  else if (count >= 0 || !socket_would_block (self->socket))
    channel_end (self, NULL);
}

static void
tell_drained (Channel *self)
{
  if (!self->full || self->output.length + self->in_flight > CHANNEL_LOW_MARK)
    return;
  self->full = FALSE;
  if (self->events != NULL && self->events->drained != NULL)
    self->events->drained (self, self->data);
}

static void
did_become_readable (Socket *socket, gpointer data)
{
  Channel *self = data;

  self->awaiting = FALSE;
  self->input_ready = TRUE;
  channel_settle (&self->settle);
}

/* What is left to do at once waits in the reactor's list, behind the neighbours. */
static void
await_input (Channel *self)
{
  gboolean takes = takes_input (self);
  gboolean has_input = self->input != NULL && !self->starved;

  if (takes && (self->input_ready || has_input || self->end_of_input)) {
    reactor_defer (self->thread->reactor, &self->settle);
    return;
  }
  if (self->phase == CHANNEL_SHAKING && self->tls == NULL && !self->writing) {
    reactor_defer (self->thread->reactor, &self->settle);
    return;
  }
  gboolean wanted = takes || self->phase == CHANNEL_LINGERING || self->phase == CHANNEL_SHAKING;
  if (!wanted || self->awaiting)
    return;
  self->awaiting = TRUE;
  socket_await_input (self->socket, did_become_readable, self);
}

/* The byte budget sees what is held between events. */
static void
count_bytes (Channel *self)
{
  gsize held = self->output.length + self->in_flight;

  if (self->input != NULL)
    held += self->input->len;
  if (self->tls != NULL) {
    channel_tls_keep (self->tls);
    held += channel_tls_kept_length (self->tls);
  }
  if (self->deflate != NULL)
    held += self->packed.length + channel_deflate_rest (self->deflate);
  if (self->limits == NULL || held == self->counted)
    return;
  if (held < self->counted)
    limits_release_bytes (self->limits, self->counted - held);
  else
    limits_add_bytes (self->limits, held - self->counted);
  self->counted = held;
}

static void
make_ready (Channel *self)
{
  self->phase = CHANNEL_OPEN;
  self->was_ready = TRUE;
  self->owner->ready (self, self->owner_data);
}

void
channel_settle (ReactorTask *task)
{
  g_autoptr (Channel) self
      = channel_ref ((Channel *)((guint8 *)task - G_STRUCT_OFFSET (Channel, settle)));

  self->settling = TRUE;
  if (self->phase == CHANNEL_FRESH)
    make_ready (self);
  if (self->phase == CHANNEL_SHAKING)
    shake (self);
  if (self->phase == CHANNEL_OPEN)
    deliver_input (self);
  if (self->phase == CHANNEL_OPEN)
    tell_drained (self);
  flush (self);
  if (self->phase >= CHANNEL_CLOSING)
    drop_input (self);
  if (self->phase == CHANNEL_CLOSING && !self->writing)
    finish_output (self);
  if (self->phase == CHANNEL_LINGERING)
    linger (self);
  self->settling = FALSE;
  if (self->phase >= CHANNEL_ENDED) {
    channel_release (self);
    return;
  }
  await_input (self);
  count_bytes (self);
  channel_rearm (self);
}
