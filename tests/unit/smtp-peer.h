/* Somebody else's server on loopback: says and expects the lines of a script, in a thread of its
 * own. */
#pragma once
#include <gio/gio.h>
#include <string.h>

/* Lines: "> 220 Hello" is said, "< EHLO me.example" must come; at "! …" it waits for
 * smtp_peer_go_on. Then the connection ends. */
typedef struct {
  GSocket *listener;
  guint16 port;
  const char *script;
  GThread *thread;
  gint has_stopped, goes_on; /* atomic */
} SmtpPeer;

static inline void
smtp_peer_wait_for (gint *flag)
{
  for (guint i = 0; i < 3000 && !g_atomic_int_get (flag); i++)
    g_usleep (5000);
  g_assert_cmpint (g_atomic_int_get (flag), ==, 1);
}

/* It has reached a line with "!". */
static inline void
smtp_peer_await (SmtpPeer *self)
{
  smtp_peer_wait_for (&self->has_stopped);
}

static inline void
smtp_peer_go_on (SmtpPeer *self)
{
  g_atomic_int_set (&self->goes_on, 1);
}

static inline void
smtp_peer_expect (GSocket *socket, const char *expected)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char byte = 0;

  while (byte != '\n' && g_socket_receive (socket, &byte, 1, NULL, NULL) == 1)
    g_string_append_c (line, byte);
  g_strchomp (line->str);
  g_assert_cmpstr (line->str, ==, expected);
}

static inline gpointer
smtp_peer_run (gpointer data)
{
  SmtpPeer *self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket = g_socket_accept (self->listener, NULL, &error);
  g_auto (GStrv) lines = g_strsplit (self->script, "\n", -1);

  g_assert_no_error (error);
  g_socket_set_timeout (socket, 15);
  for (guint i = 0; lines[i] && *lines[i]; i++)
    if (*lines[i] == '<')
      smtp_peer_expect (socket, lines[i] + MIN (2, strlen (lines[i])));
    else if (*lines[i] == '!') {
      g_atomic_int_set (&self->has_stopped, 1);
      smtp_peer_wait_for (&self->goes_on);
    } else {
      g_autofree char *said = g_strconcat (lines[i] + 2, "\r\n", NULL);
      g_assert_cmpint (g_socket_send (socket, said, strlen (said), NULL, NULL), ==, strlen (said));
    }
  g_socket_close (socket, NULL);
  return NULL;
}

static inline void
smtp_peer_start (SmtpPeer *self, const char *script)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->script = script;
  self->has_stopped = self->goes_on = 0;
  self->listener
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_bind (self->listener, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_listen (self->listener, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (self->listener, 15);
  bound = g_socket_get_local_address (self->listener, &error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  self->thread = g_thread_new ("peer", smtp_peer_run, self);
}

static inline void
smtp_peer_end (SmtpPeer *self)
{
  g_thread_join (self->thread);
  g_object_unref (self->listener);
}
