/* The three SMTP services on loopback over the office's store, and conversations with them. */
#pragma once
#include "accounts-fixture.h"
#include "net-fixture.h"
#include "metrics.h"
#include "settings.h"
#include "smtp/smtp-session.h"

typedef struct {
  Office office;
  SmtpService service;
} Post;

static inline void
post_set_up (Post *self, gconstpointer kind)
{
  ListenerService listener = { .protocol = "smtp", .accepted = smtp_accepted };

  office_set_up (&self->office, NULL);
  net_start_threads ();
  net_load_tls ();
  self->service
      = (SmtpService) { (SmtpKind)GPOINTER_TO_INT (kind), self->office.store,
                        authenticator_new (self->office.store), net.tls, "mail.example.com" };
  listener.tls = net.tls;
  listener.data = &self->service;
  net_listen (&listener);
}

static inline void
post_tear_down (Post *self, gconstpointer kind)
{
  for (guint i = 0; i < 1000 && metric_get (METRIC_CONNECTIONS_OPEN) > 0; i++)
    g_usleep (10000);
  net_stop ();
  authenticator_free (self->service.authenticator);
  office_tear_down (&self->office, NULL);
}

#define post_add(path, kind, func)                                                                 \
  g_test_add (path, Post, GINT_TO_POINTER (kind), post_set_up, func, post_tear_down)

/* A line without CRLF, "" at the end of the connection. */
static inline char *
post_read_line (GSocket *client)
{
  GString *line = g_string_new (NULL);
  char byte;

  while (g_socket_receive (client, &byte, 1, NULL, NULL) == 1 && byte != '\n')
    g_string_append_c (line, byte);
  if (g_str_has_suffix (line->str, "\r"))
    g_string_truncate (line, line->len - 1);
  return g_string_free (line, FALSE);
}

/* The last line of a reply must begin with WANTED; "" is the end of the connection. */
static inline void
post_expect (GSocket *client, const char *wanted)
{
  g_autofree char *line = post_read_line (client);

  while (strlen (line) > 3 && line[3] == '-') {
    g_free (line);
    line = post_read_line (client);
  }
  if (!g_str_has_prefix (line, wanted) || (*wanted == '\0' && *line))
    g_error ("wanted \"%s\", heard \"%s\"", wanted, line);
}

/* Steps: "S: bytes" are sent with CRLF, "R: bytes" without, all others are wanted replies. */
static inline void
post_talk (GSocket *client, const char *const *steps)
{
  for (; *steps; steps++) {
    if (g_str_has_prefix (*steps, "S: ") || g_str_has_prefix (*steps, "R: "))
      net_send (client, *steps + 3, strlen (*steps + 3));
    else
      post_expect (client, *steps);
    if (**steps == 'S')
      net_send (client, "\r\n", 2);
  }
}

/* A connection of its own. */
static inline void
post_converse (const char *const *steps)
{
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, steps);
}

typedef struct {
  gint64 account;
  GString *mails; /* each followed by a line of "=" */
  guint count;
} PostBox;

static inline gboolean
post_collect (const Entry *entry, gpointer data)
{
  g_array_append_val ((GArray *)data, entry->message);
  return TRUE;
}

static inline gboolean
post_read_inbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  PostBox *box = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) inbox = mailbox_find (database, box->account, "INBOX", error);
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_assert_true (
      mailbox_each (database, inbox->id, 1, G_MAXUINT32, FALSE, post_collect, messages, error));
  box->count = messages->len;
  for (guint i = 0; i < messages->len; i++) {
    g_autoptr (GBytes) bytes
        = message_read (snapshot, g_array_index (messages, gint64, i), 0, G_MAXUINT64, error);
    g_string_append_len (box->mails, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    g_string_append (box->mails, "=====\n");
  }
  return TRUE;
}

/* All mail of an INBOX, one after the other; COUNT may be NULL. */
static inline char *
post_inbox (Post *self, gint64 account, guint *count)
{
  PostBox box = { account, g_string_new (NULL), 0 };
  g_autoptr (GError) error = NULL;

  store_read_sync (self->office.store, post_read_inbox, &box, &error);
  g_assert_no_error (error);
  if (count)
    *count = box.count;
  return g_string_free (box.mails, FALSE);
}
