/* Tests of daemon/queue/mta-sts-fetch.c with an HTTPS server on loopback. */
#include "queue/mta-sts-fetch.h"
#include "queue/mta-sts.h"
#include "platform/trust.h"
#include "tls/certificate.h"
#include <glib/gstdio.h>
#include <openssl/ssl.h>
#include <string.h>

#define POLICY "version: STSv1\nmode: none\nmax_age: 1\n"
#define ANSWER(status, type)                                                                       \
  "HTTP/1.1 " status "\r\nContent-Type: " type "\r\nConnection: close\r\n\r\n" POLICY

static char *authorities; /* whom this process trusts: the environment names the file */

/* It answers everybody alike. */
typedef struct {
  char *folder, *certificate;
  SSL_CTX *context;
  GSocket *listener;
  guint16 port;
  const char *answer;
  gsize padding; /* bytes behind it */
  char *request; /* the last one's first line */
  GCancellable *cancellable;
  GThread *thread;
} Server;

/* A GSocket never blocks by itself. FALSE: RESULT is no matter of waiting. */
static gboolean
is_to_be_repeated (GSocket *socket, SSL *ssl, int result)
{
  const int error = SSL_get_error (ssl, result);

  if (result > 0 || (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE))
    return FALSE;
  return g_socket_condition_timed_wait (socket, error == SSL_ERROR_WANT_READ ? G_IO_IN : G_IO_OUT,
                                        10 * G_USEC_PER_SEC, NULL, NULL);
}

static gboolean
shake (GSocket *socket, SSL *ssl)
{
  int result;

  do
    result = SSL_accept (ssl);
  while (is_to_be_repeated (socket, ssl, result));
  return result == 1;
}

static void
say (GSocket *socket, SSL *ssl, const char *text, gsize length)
{
  while (length > 0) {
    const int result = SSL_write (ssl, text, (int)length);
    if (result > 0) {
      text += result;
      length -= (gsize)result;
    } else if (!is_to_be_repeated (socket, ssl, result))
      return;
  }
}

static void
read_request (Server *self, GSocket *socket, SSL *ssl)
{
  g_autoptr (GString) text = g_string_new (NULL);
  char byte;
  int result = 1;

  while (!g_str_has_suffix (text->str, "\r\n\r\n")
         && ((result = SSL_read (ssl, &byte, 1)) == 1 || is_to_be_repeated (socket, ssl, result)))
    if (result == 1)
      g_string_append_c (text, byte);
  g_free (self->request);
  self->request = g_strndup (text->str, strcspn (text->str, "\r"));
}

static void
serve_one (Server *self, GSocket *socket)
{
  SSL *ssl = SSL_new (self->context);
  g_autofree char *padding = g_strnfill (self->padding, '#');

  SSL_set_fd (ssl, g_socket_get_fd (socket));
  if (shake (socket, ssl)) {
    read_request (self, socket, ssl);
    say (socket, ssl, self->answer, strlen (self->answer));
    say (socket, ssl, padding, self->padding);
    SSL_shutdown (ssl);
  }
  SSL_free (ssl);
}

static gpointer
serve (gpointer data)
{
  Server *self = data;
  GSocket *socket;

  while ((socket = g_socket_accept (self->listener, self->cancellable, NULL))) {
    serve_one (self, socket);
    g_socket_close (socket, NULL);
    g_object_unref (socket);
  }
  return NULL;
}

static void
listen_somewhere (Server *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->listener
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_assert_true (g_socket_bind (self->listener, address, TRUE, &error));
  g_assert_true (g_socket_listen (self->listener, &error));
  bound = g_socket_get_local_address (self->listener, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
trust (const char *certificate)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (certificate, &text, &length, NULL));
  g_assert_true (g_file_set_contents (authorities, text, (gssize)length, NULL));
}

static void
set_up (Server *self, gconstpointer data)
{
  static const char *const hosts[] = { "mta-sts.there.example", NULL };
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("mta-sts-fetch-XXXXXX", NULL);
  self->certificate = g_build_filename (self->folder, "x.pem", NULL);
  g_assert_true (certificate_self_sign (self->folder, "x", hosts, 10, &error));
  trust (self->certificate);
  self->context = SSL_CTX_new (TLS_server_method ());
  g_assert_cmpint (SSL_CTX_use_certificate_chain_file (self->context, self->certificate), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey_file (self->context, self->certificate, SSL_FILETYPE_PEM),
                   ==, 1);
  listen_somewhere (self);
  self->cancellable = g_cancellable_new ();
  self->thread = g_thread_new ("https", serve, self);
}

static void
tear_down (Server *self, gconstpointer data)
{
  g_cancellable_cancel (self->cancellable);
  g_thread_join (self->thread);
  g_object_unref (self->cancellable);
  g_object_unref (self->listener);
  SSL_CTX_free (self->context);
  g_remove (self->certificate);
  g_rmdir (self->folder);
  g_free (self->certificate);
  g_free (self->folder);
  g_free (self->request);
}

/* Whether this system lets a test choose whom it trusts. */
static gboolean
is_trusted (Server *self)
{
  X509_STORE *store = trust_load (NULL);
  X509_STORE_CTX *context = X509_STORE_CTX_new ();
  gboolean trusted = store
      && X509_STORE_CTX_init (context, store, SSL_CTX_get0_certificate (self->context), NULL)
      && X509_verify_cert (context) == 1;

  X509_STORE_CTX_free (context);
  X509_STORE_free (store);
  return trusted;
}

typedef struct {
  GBytes *bytes;
  GError *error;
  gboolean is_over;
} Answer;

static void
did_fetch (GObject *source, GAsyncResult *result, gpointer data)
{
  Answer *answer = data;

  answer->bytes = mta_sts_fetch_finish (result, &answer->error);
  answer->is_over = TRUE;
}

static Answer
fetch (const char *domain, guint16 port, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) addresses = g_ptr_array_new_with_free_func (g_object_unref);
  Answer answer = { 0 };

  g_ptr_array_add (addresses, g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4));
  mta_sts_fetch_async (domain, addresses, port, cancellable, did_fetch, &answer);
  while (!answer.is_over)
    g_main_context_iteration (NULL, TRUE);
  return answer;
}

static const struct {
  const char *domain, *answer;
  gsize padding;
  gint error; /* -1: it is fetched */
} cases[] = {
  { "there.example", ANSWER ("200 OK", "text/plain"), 0, -1 },
  { "there.example", ANSWER ("200 OK", "text/plain; charset=utf-8"), 0, -1 },
  { "there.example", ANSWER ("200 OK", "text/html"), 0, G_IO_ERROR_INVALID_DATA },
  { "there.example", ANSWER ("404 Not Found", "text/plain"), 0, G_IO_ERROR_INVALID_DATA },
  /* Redirects are not followed (RFC 8461 §3.3). */
  { "there.example", ANSWER ("301 Moved\r\nLocation: https://mta-sts.there.example/", "text/plain"),
    0, G_IO_ERROR_INVALID_DATA },
  { "there.example", ANSWER ("200 OK", "text/plain"), MTA_STS_POLICY_MAX, G_IO_ERROR_FAILED },
  { "there.example", "nonsense\r\n\r\n", 0, G_IO_ERROR_FAILED },
  /* The certificate is for another name. */
  { "elsewhere.example", ANSWER ("200 OK", "text/plain"), 0, G_IO_ERROR_FAILED },
};

static void
test_answers (Server *self, gconstpointer data)
{
  if (!is_trusted (self)) {
    g_test_skip ("This system's authorities cannot be chosen by a test");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%u", i);
    self->answer = cases[i].answer;
    self->padding = cases[i].padding;
    Answer answer = fetch (cases[i].domain, self->port, NULL);
    g_autoptr (GBytes) bytes = answer.bytes;
    g_autoptr (GError) error = answer.error;
    if (cases[i].error >= 0) {
      g_assert_null (bytes);
      g_assert_error (error, G_IO_ERROR, cases[i].error);
      continue;
    }
    g_assert_no_error (error);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), POLICY,
                     strlen (POLICY));
    g_assert_cmpstr (self->request, ==, "GET /.well-known/mta-sts.txt HTTP/1.1");
  }
}

static void
test_nobody (Server *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer closed = fetch ("there.example", 1, NULL);

  g_assert_null (closed.bytes);
  g_assert_error (closed.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&closed.error);
  g_cancellable_cancel (cancellable);
  Answer cancelled = fetch ("there.example", self->port, cancellable);
  g_assert_null (cancelled.bytes);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&cancelled.error);
}

/* Whom nobody vouches for is not believed. */
static void
test_stranger (Server *self, gconstpointer data)
{
  g_assert_cmpint (g_remove (authorities), ==, 0);
  self->answer = cases[0].answer;
  Answer answer = fetch ("there.example", self->port, NULL);
  g_assert_null (answer.bytes);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&answer.error);
}

#define add(path, func) g_test_add (path, Server, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("mta-sts-trust-XXXXXX", NULL);
  int status;

  g_test_init (&argc, &argv, NULL);
  authorities = g_build_filename (folder, "trusted.pem", NULL);
  g_assert_true (g_setenv ("SSL_CERT_FILE", authorities, TRUE));
  add ("/mta-sts-fetch/answers", test_answers);
  add ("/mta-sts-fetch/nobody", test_nobody);
  add ("/mta-sts-fetch/stranger", test_stranger);
  status = g_test_run ();
  g_remove (authorities);
  g_rmdir (folder);
  g_free (authorities);
  return status;
}
