/* A listener with a small line protocol on loopback, and blocking clients for it. */
#pragma once
#include "daemon/net/listener.h"
#include "daemon/tls/certificate.h"
#include "daemon/tls/tls-context.h"
#include "platform/file.h"
#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <string.h>

enum { NET_THREADS = 2 };
/* IPPROTO_TCP and TCP_NODELAY of both systems: Windows' header has macros by the thousand. */
enum { NET_TCP = 6, NET_NO_DELAY = 1 };

typedef struct {
  IoThread *threads[NET_THREADS];
  Limits *limits;
  TlsContexts *tls;
  char *folder;
  Listener *listener;
  gint open, closed, failed, timeouts, drained, secured; /* atomic */
} Net;

/* Protocol functions find the fixture here. */
static Net net;

static inline void
net_start_threads (void)
{
  memset (&net, 0, sizeof net);
  for (guint i = 0; i < NET_THREADS; i++) {
    net.threads[i] = io_thread_new ("test-io", NULL);
    g_assert_nonnull (net.threads[i]);
  }
  net.limits = limits_new ();
}

static inline void
net_listen (const ListenerService *service)
{
  g_autoptr (GError) error = NULL;

  net.listener
      = listener_new ("127.0.0.1:0", service, net.limits, net.threads, NET_THREADS, &error);
  g_assert_no_error (error);
}

static inline void
net_certificate (const char *folder, const char *name, const char *host)
{
  g_autoptr (GError) error = NULL;
  const char *hosts[] = { host, NULL };

  certificate_self_sign (folder, name, hosts, 30, &error);
  g_assert_no_error (error);
}

static inline void
net_load_tls (void)
{
  g_autoptr (GError) error = NULL;

  net.folder = g_dir_make_tmp ("net-XXXXXX", &error);
  net_certificate (net.folder, "mail", "mail.example.com");
  net.tls = tls_contexts_new ();
  tls_contexts_load (net.tls, net.folder, "mail.example.com", &error);
  g_assert_no_error (error);
}

static inline void
net_remove_folder (const char *folder)
{
  g_autoptr (GPtrArray) names = file_list (folder, NULL);

  for (guint i = 0; names != NULL && i < names->len; i++) {
    g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
    file_remove (path, NULL);
  }
  file_remove_folder (folder, NULL);
}

/* Waits until NUMBER reaches WANTED; fails after ten seconds. */
static inline void
net_wait_for (gint *number, gint wanted)
{
  for (guint i = 0; i < 1000 && g_atomic_int_get (number) < wanted; i++)
    g_usleep (10000);
  g_assert_cmpint (g_atomic_int_get (number), ==, wanted);
}

static inline void
net_stop (void)
{
  /* The threads look at these while they come to their end. */
  if (net.listener)
    listener_free (net.listener);
  for (guint i = 0; i < NET_THREADS; i++)
    if (net.threads[i])
      io_thread_free (net.threads[i]);
  net.listener = NULL;
  memset (net.threads, 0, sizeof net.threads);
  g_assert_cmpint (net.open, ==, net.closed);
  g_clear_pointer (&net.limits, limits_free);
  g_clear_pointer (&net.tls, tls_contexts_unref);
  if (net.folder != NULL)
    net_remove_folder (net.folder);
  g_clear_pointer (&net.folder, g_free);
}

static inline GSocket *
net_connect (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new (loopback, listener_port (net.listener));
  GSocket *client
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);

  g_socket_set_timeout (client, 15);
  g_socket_connect (client, address, NULL, &error);
  g_assert_no_error (error);
  /* What is sent in two pieces does not wait for the server's acknowledgement in between. */
  g_socket_set_option (client, NET_TCP, NET_NO_DELAY, 1, &error);
  g_assert_no_error (error);
  return client;
}

static inline void
net_send (GSocket *client, const char *bytes, gsize length)
{
  g_autoptr (GError) error = NULL;

  while (length > 0) {
    gssize sent = g_socket_send (client, bytes, length, NULL, &error);
    g_assert_no_error (error);
    bytes += sent;
    length -= sent;
  }
}

/* Reads COUNT bytes, or fewer at the end. */
static inline char *
net_receive (GSocket *client, gsize count, gsize *got)
{
  g_autoptr (GError) error = NULL;
  char *text = g_malloc (count + 1);
  gsize have = 0;

  while (have < count) {
    gssize part = g_socket_receive (client, text + have, count - have, NULL, &error);
    g_assert_no_error (error);
    if (part == 0)
      break;
    have += part;
  }
  text[have] = '\0';
  if (got != NULL)
    *got = have;
  return text;
}

static inline void
net_expect (GSocket *client, const char *wanted)
{
  g_autofree char *text = net_receive (client, strlen (wanted), NULL);

  g_assert_cmpstr (text, ==, wanted);
}

static inline void
net_expect_end (GSocket *client)
{
  gsize got;
  g_autofree char *text = net_receive (client, 1, &got);

  g_assert_cmpuint (got, ==, 0);
}

/* GIO's sockets never block by themselves. */
static inline gboolean
net_tls_again (SSL *ssl, int result)
{
  int code = SSL_get_error (ssl, result);

  if (result > 0 || (code != SSL_ERROR_WANT_READ && code != SSL_ERROR_WANT_WRITE))
    return FALSE;
  return g_socket_condition_timed_wait (SSL_get_app_data (ssl),
                                        code == SSL_ERROR_WANT_READ ? G_IO_IN : G_IO_OUT,
                                        15 * G_USEC_PER_SEC, NULL, NULL);
}

static inline int
net_tls_read (SSL *ssl, void *bytes, int length)
{
  int count;

  do
    count = SSL_read (ssl, bytes, length);
  while (net_tls_again (ssl, count));
  return count;
}

/* For all clients: making one takes longer than a handshake. */
static inline SSL_CTX *
net_tls_client (void)
{
  static gsize context;

  if (g_once_init_enter (&context))
    g_once_init_leave (&context, (gsize)SSL_CTX_new (TLS_client_method ()));
  return (SSL_CTX *)context;
}

/* A TLS client over a connected socket; NULL when the handshake fails. */
static inline SSL *
net_tls (GSocket *client, const char *name, int version)
{
  SSL *ssl = SSL_new (net_tls_client ());
  int result;

  SSL_set_min_proto_version (ssl, version);
  SSL_set_max_proto_version (ssl, version);
  SSL_set_app_data (ssl, client);
  SSL_set_fd (ssl, g_socket_get_fd (client));
  if (name != NULL)
    SSL_set_tlsext_host_name (ssl, name);
  do
    result = SSL_connect (ssl);
  while (net_tls_again (ssl, result));
  if (result == 1)
    return ssl;
  SSL_free (ssl);
  return NULL;
}
