/* A server of others that says what it likes: all that it sends, from its greeting to its last
 * byte. The first byte chooses what is to be sent, and how. */
#include "net/dial.h"
#include "queue/smtp-client.h"
#include "tests/unit/store-fixture.h"
#include <openssl/ssl.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

enum {
  LOGS_IN = 1,
  WANTS_TLS = 2,
  EIGHT_BIT = 4,
  UTF8 = 8,
  LONG = 16,
  PATIENCE = 600000, /* looks, 0.1 ms apart, until a connection counts as stuck */
  MAILS_MAX = 3,
};

static IoThread *thread;
static GSocket *listener;
static guint16 port;

typedef struct {
  guint8 wishes;
  guint mails, given, settled;
  gint is_over; /* atomic */
} Talk;

/* Long ones are read from the store, as is what is converted. */
static const struct {
  guint8 wishes;
  const char *line;
  guint lines;
} kinds[] = { { 0, ".text\r\n", 1 },
              { EIGHT_BIT, "gr\xc3\xbc\xc3\x9f\x65\r\n", 1 },
              { LONG, ".text\r\n", 20000 },
              { EIGHT_BIT | LONG, "gr\xc3\xbc\xc3\x9f\x65\r\n", 20000 } };

static struct {
  gint64 message;
  GBytes *bytes;
} mails[G_N_ELEMENTS (kinds)];
static Fixture fixture;

static void
end (void)
{
  io_thread_free (thread);
  fixture_tear_down (&fixture, NULL);
}

static void
fill_store (void)
{
  fixture_set_up (&fixture, NULL);
  OPENSSL_init_ssl (0, NULL); /* its own end must come after that of our thread */
  atexit (end);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    GString *text = g_string_new ("Subject: x\r\nMIME-Version: 1.0\r\n\r\n.\r\n");

    for (guint line = 0; line < kinds[i].lines; line++)
      g_string_append (text, kinds[i].line);
    mails[i].message = fixture_add (&fixture, fixture.inbox, text->str, 0).id;
    mails[i].bytes = g_string_free_to_bytes (text);
  }
}

static QueueMail *
make_mail (guint8 wishes)
{
  QueueMail *mail = queue_mail_new ();
  guint kind = 0;

  while ((wishes & (EIGHT_BIT | LONG)) != kinds[kind].wishes)
    kind++;
  mail->message = mails[kind].message;
  mail->size = g_bytes_get_size (mails[kind].bytes);
  mail->bytes = wishes & LONG ? NULL : g_bytes_ref (mails[kind].bytes);
  mail->sender = g_strdup ("anna@example.com");
  mail->envid = g_strdup ("QQ1");
  mail->eight_bit = (wishes & EIGHT_BIT) != 0;
  mail->utf8 = (wishes & UTF8) != 0;
  for (guint i = 1; i <= 3; i++)
    queue_mail_add (mail, i, "a@there.example")->notify = g_strdup ("SUCCESS");
  return mail;
}

static void
did_become_ready (SmtpClient *client, gpointer data)
{
  Talk *self = data;

  if (self->mails == MAILS_MAX) {
    smtp_client_quit (client);
    return;
  }
  self->mails++;
  self->given += 3;
  smtp_client_send (client, make_mail (self->wishes));
}

/* Whatever was said: each recipient is settled, with words that can stand in a header. */
static void
did_send (SmtpClient *client, QueueMail *mail, gpointer data)
{
  Talk *self = data;

  for (guint i = 0; i < mail->recipients->len; i++) {
    const QueueRecipient *recipient = mail->recipients->pdata[i];

    g_assert_cmpint (recipient->outcome, !=, QUEUE_UNTRIED);
    g_assert_true (recipient->reply && g_utf8_validate (recipient->reply, -1, NULL));
    g_assert_null (strpbrk (recipient->reply, "\r\n"));
    g_assert_cmpint (recipient->status[0], ==,
                     recipient->outcome == QUEUE_DELIVERED      ? '2'
                         : recipient->outcome == QUEUE_DEFERRED ? '4'
                                                                : '5');
    self->settled++;
  }
  queue_mail_free (mail);
}

static void
did_end (SmtpClient *client, SmtpEnd end, const char *reason, gpointer data)
{
  Talk *self = data;

  g_assert_true (reason && strpbrk (reason, "\r\n") == NULL);
  g_atomic_int_set (&self->is_over, 1);
}

static const SmtpClientEvents events = { did_become_ready, did_send, did_end };

static void
did_connect (Channel *channel, const GError *error, gpointer data)
{
  Talk *self = data;
  SmtpClientOptions options = { .store = fixture.store,
                                .hostname = "me.example",
                                .host = "mx.there.example",
                                .tls = self->wishes & WANTS_TLS ? SMTP_TLS_MAYBE : SMTP_TLS_NEVER };

  g_assert_no_error (error);
  if (self->wishes & LOGS_IN) {
    options.user = "office";
    options.password = "secret";
  }
  smtp_client_new (channel, &options, &events, self);
}

static void
start (gpointer data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);

  dial_start (thread, loopback, port, NULL, 60, did_connect, data);
}

static void
listen_once (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  if (listener)
    return;
  fill_store ();
  thread = io_thread_new ("client", NULL);
  listener = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);
  g_assert_true (g_socket_bind (listener, address, TRUE, NULL) && g_socket_listen (listener, NULL));
  bound = g_socket_get_local_address (listener, NULL);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

/* TRUE while the client has not closed. */
static gboolean
hear (GSocket *server)
{
  char bytes[16384];
  gssize got;

  do
    got = g_socket_receive (server, bytes, sizeof bytes, NULL, NULL);
  while (got > 0);
  return got < 0;
}

static void
speak (GSocket *server, const guint8 *bytes, gsize length)
{
  gsize sent = 0;
  gboolean open = TRUE;

  g_socket_set_blocking (server, FALSE);
  while (open && sent < length) {
    const gssize taken
        = g_socket_send (server, (const char *)bytes + sent, length - sent, NULL, NULL);
    sent += MAX (taken, 0);
    open = hear (server);
  }
  if (open)
    g_socket_shutdown (server, FALSE, TRUE, NULL);
  while (open) {
    g_socket_condition_timed_wait (server, G_IO_IN, 10000, NULL, NULL);
    open = hear (server);
  }
  g_socket_close (server, NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  Talk talk = { 0 };
  g_autoptr (GSocket) server = NULL;

  if (size == 0)
    return 0;
  listen_once ();
  talk.wishes = data[0];
  io_thread_invoke (thread, start, &talk);
  server = g_socket_accept (listener, NULL, NULL);
  g_assert_nonnull (server);
  speak (server, data + 1, size - 1);
  for (guint i = 0; !g_atomic_int_get (&talk.is_over); i++) {
    g_assert_cmpuint (i, <, PATIENCE);
    g_usleep (100);
  }
  g_assert_cmpuint (talk.settled, ==, talk.given);
  return 0;
}
