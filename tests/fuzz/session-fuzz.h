/* Whole sessions as a fuzzer's input: what a client sends from its first byte to its last. After
 * each the server must have let go of the connection. */
#pragma once
#include "tests/unit/accounts-fixture.h"
#include "tests/unit/net-fixture.h"
#include "accounts/acl.h"
#include "accounts/rights.h"
#include "mail/summary.h"
#include "metrics.h"
#include "store/mailbox.h"
#include "store/message.h"

enum {
  SESSION_PATIENCE = 600000, /* looks, 0.1 ms apart, until a connection counts as stuck */
  SESSIONS_A_STORE = 2000, /* then the server begins anew: the store must not grow for ever */
  SESSIONS_A_MAIL = 40, /* Anna's INBOX gets new mail when so many have been at the old */
};

/* Each from an address of its own: failed logins slow down who tries again from the same one. */
static GSocket *
session_connect (void)
{
  static guint count;
  g_autoptr (GError) error = NULL;
  const guint number = ++count;
  const guint8 bytes[] = { 127, 1 + (number >> 16) % 250, number >> 8, number };
  g_autoptr (GInetAddress) own = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new (own, 0);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) to
      = g_inet_socket_address_new (loopback, listener_port (net.listener));
  GSocket *client
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_socket_bind (client, from, FALSE, &error);
  g_assert_no_error (error);
  g_socket_connect (client, to, NULL, &error);
  g_assert_no_error (error);
  g_socket_set_blocking (client, FALSE);
  return client;
}

/* TRUE while the server has not closed. */
static gboolean
session_hear (GSocket *client)
{
  char bytes[16384];
  gssize got;

  do
    got = g_socket_receive (client, bytes, sizeof bytes, NULL, NULL);
  while (got > 0);
  return got < 0;
}

static void
session_wait_for_end (void)
{
  /* Not by the clock: a fuzzer runs beside other work, and may be stopped for it. */
  for (guint i = 0; metric_get (METRIC_CONNECTIONS_OPEN) > 0; i++) {
    g_assert_cmpuint (i, <, SESSION_PATIENCE);
    g_usleep (100);
  }
}

/* Sends BYTES and hears what comes meanwhile, until all is sent and the server has nothing to say
 * for a moment or closes; then hangs up. */
static void
session_talk (const char *greeting, const guint8 *bytes, gsize length)
{
  g_autoptr (GSocket) client = session_connect ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize sent = 0;
  gboolean open = TRUE;

  g_byte_array_append (out, (const guint8 *)greeting, strlen (greeting));
  g_byte_array_append (out, bytes, length);
  while (open && sent < out->len) {
    gssize taken
        = g_socket_send (client, (const char *)out->data + sent, out->len - sent, NULL, NULL);
    sent += MAX (taken, 0);
    if (taken <= 0)
      g_socket_condition_timed_wait (client, G_IO_IN | G_IO_OUT, 1000, NULL, NULL);
    open = session_hear (client);
  }
  if (open)
    g_socket_shutdown (client, FALSE, TRUE, NULL);
  for (guint i = 0; open && i < 100; i++) {
    g_socket_condition_timed_wait (client, G_IO_IN, 10000, NULL, NULL);
    open = session_hear (client);
  }
  g_socket_close (client, NULL);
  session_wait_for_end ();
}

static struct {
  Office office;
  Authenticator *authenticator;
} session;

/* Anna's INBOX has something to read, search and take apart. */
static const char *const session_mails[] = {
  "From: =?utf-8?Q?J=C3=BCrgen?= <j@example.net>\r\nTo: anna@example.com, Bert:b@example.com;\r\n"
  "Subject: Re: [list] one\r\nDate: Sun, 1 Nov 2026 10:00:00 +0100\r\nMessage-ID: "
  "<1@example.net>\r\n"
  "References: <0@example.net>\r\n\r\n.A dot, and text\r\nof two lines\r\n",
  "From: b@example.net\r\nSubject: parts\r\nMessage-ID: <2@example.net>\r\n"
  "In-Reply-To: <1@example.net>\r\nMIME-Version: 1.0\r\n"
  "Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/html;"
  " charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n<p>sch=F6n</p>\r\n"
  "--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\ninner text\r\n"
  "--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
  "Content-Disposition: attachment; "
  "filename*=utf-8''b%C3%BCld.png\r\n\r\niVBORw0KGgo=\r\n--b--\r\n",
  "From: j\303\274rgen@ex\303\244mple.net\r\nSubject: sch\303\266n\r\n\r\nUTF-8: \342\202\254\r\n",
};

typedef struct {
  gint64 account;
  PreparedMessage *message;
} SessionMail;

static gboolean
session_add_mail (StoreTransaction *transaction, gpointer data, GError **error)
{
  SessionMail *mail = data;
  gint64 id = message_append (transaction, mail->message, error);
  g_autoptr (Mailbox) inbox
      = mailbox_find (store_transaction_database (transaction), mail->account, "INBOX", error);

  return id != 0 && inbox != NULL
      && mailbox_add (transaction, inbox->id, id, 0, 1000000, 60, NULL, error);
}

static void
session_bring_mail (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (session_mails); i++) {
    g_autoptr (GError) error = NULL;
    const char *text = session_mails[i];
    g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
    g_autoptr (GBytes) summary = summary_new ((const guint8 *)text, strlen (text));
    g_autoptr (PreparedMessage) message
        = prepared_message_new (session.office.store, bytes, summary, NULL, &error);
    SessionMail mail = { session.office.anna, message };

    g_assert_no_error (error);
    store_write_sync (session.office.store, session_add_mail, &mail, &error);
    g_assert_no_error (error);
  }
}

/* Bert lets Anna use his INBOX. */
static gboolean
session_share (StoreTransaction *transaction, gpointer data, GError **error)
{
  g_autoptr (Mailbox) inbox = mailbox_find (store_transaction_database (transaction),
                                            session.office.bert, "INBOX", error);

  return inbox != NULL
      && acl_change (transaction, inbox, "anna@example.com", ACL_REPLACE,
                     RIGHT_LOOKUP | RIGHT_READ | RIGHT_SEEN | RIGHT_WRITE | RIGHT_INSERT
                         | RIGHT_MARK,
                     error);
}

static void
session_end (void)
{
  net_stop ();
  authenticator_free (session.authenticator);
  office_tear_down (&session.office, NULL);
}

/* Before each session; the server starts with the first and anew from time to time. SERVICE gets
 * the fixture's TLS; FILL makes its data from the fixture. */
static void
session_begin (ListenerService *service, void (*fill) (gpointer data))
{
  static guint count;

  if (count > 0 && count % SESSIONS_A_STORE == 0)
    session_end ();
  if (count % SESSIONS_A_STORE != 0) {
    if (count++ % SESSIONS_A_MAIL == 0)
      session_bring_mail ();
    return;
  }
  count++;
  office_set_up (&session.office, NULL);
  net_start_threads ();
  net_load_tls ();
  session.authenticator = authenticator_new (session.office.store);
  office_run (&session.office, session_share);
  session_bring_mail ();
  service->tls = net.tls;
  fill (service->data);
  net_listen (service);
}
