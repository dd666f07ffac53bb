/* A POP3 server in the test's process, and conversations with it over loopback. */
#pragma once
#include "tests/unit/net-fixture.h"
#include "tests/unit/quick-hash.h"
#include "tests/unit/store-fixture.h"
#include "accounts/accounts.h"
#include "metrics.h"
#include "pop3/pop3-session.h"
#include "settings.h"

static struct {
  char *folder;
  Store *store;
  Authenticator *authenticator;
  Pop3Service service;
  gint64 account, inbox;
} pop3;

static inline gboolean
pop3_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Mailbox) inbox = NULL;

  if (!domain_add (transaction, "example.com", error))
    return FALSE;
  pop3.account = account_add (transaction, "anna@example.com", data, "Anna", 0, FALSE, error);
  inbox = pop3.account ? mailbox_find (database, pop3.account, "INBOX", error) : NULL;
  pop3.inbox = inbox ? inbox->id : 0;
  return inbox != NULL;
}

static inline void
pop3_set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = quick_hash ("secret");
  ListenerService service = { .protocol = "pop3", .accepted = pop3_accepted };
  StoreOptions options = { 0 };

  memset (&pop3, 0, sizeof pop3);
  net_start_threads ();
  net_load_tls ();
  options.folder = pop3.folder = g_dir_make_tmp ("pop3-XXXXXX", NULL);
  pop3.store = store_open (&options, &error);
  g_assert_no_error (error);
  store_write_sync (pop3.store, pop3_fill, hash, &error);
  g_assert_no_error (error);
  pop3.authenticator = authenticator_new (pop3.store);
  pop3.service = (Pop3Service) { pop3.store, pop3.authenticator, net.tls, "mail.example.com",
                                 pop3_door_new () };
  service.tls = net.tls;
  service.data = &pop3.service;
  net_listen (&service);
}

static inline void
pop3_tear_down (void)
{
  for (guint i = 0; i < 1000 && metric_get (METRIC_CONNECTIONS_OPEN) > 0; i++)
    g_usleep (10000);
  net_stop ();
  authenticator_free (pop3.authenticator);
  pop3_door_free (pop3.service.door);
  store_close (pop3.store);
  remove_tree (pop3.folder);
  g_free (pop3.folder);
}

/* TEXT becomes COUNT messages of the INBOX. */
static inline void
pop3_add (const char *text, guint count)
{
  g_autoptr (PreparedMessage) message = prepare_text (pop3.store, text);

  for (guint i = 0; i < count; i++) {
    g_autoptr (GError) error = NULL;
    Adding adding = { .mailbox = pop3.inbox, .message = message };
    store_write_sync (pop3.store, add_message, &adding, &error);
    g_assert_no_error (error);
  }
}

/* A line without CRLF, "" at the end of the connection. */
static inline char *
pop3_read_line (GSocket *client)
{
  GString *line = g_string_new (NULL);
  char byte;

  while (g_socket_receive (client, &byte, 1, NULL, NULL) == 1 && byte != '\n')
    g_string_append_c (line, byte);
  if (g_str_has_suffix (line->str, "\r"))
    g_string_truncate (line, line->len - 1);
  return g_string_free (line, FALSE);
}

/* Steps: "C: text" is sent with CRLF; every other one is what the next line must begin with, "$"
 * the end of the connection. */
static inline void
pop3_talk (GSocket *client, const char *const *steps)
{
  for (; *steps; steps++) {
    g_autofree char *line = NULL;

    if (g_str_has_prefix (*steps, "C: ")) {
      net_send (client, *steps + 3, strlen (*steps + 3));
      net_send (client, "\r\n", 2);
      continue;
    }
    line = pop3_read_line (client);
    if (g_str_equal (*steps, "$") ? *line != '\0' : !g_str_has_prefix (line, *steps))
      g_error ("wanted \"%s\", heard \"%s\"", *steps, line);
  }
}

/* A client that is logged in. */
static inline GSocket *
pop3_log_in (void)
{
  static const char *const steps[]
      = { "+OK", "C: USER anna@example.com", "+OK", "C: PASS secret", "+OK", NULL };
  GSocket *client = net_connect ();

  pop3_talk (client, steps);
  return client;
}

/* A whole test: a server with three messages, a login, a conversation, the end. */
#define POP3_MAIL "From: a@b.c\r\nSubject: x\r\n\r\n.dot\r\nsecond\r\n"
#define POP3_TALK(...)                                                                             \
  do {                                                                                             \
    static const char *const steps[] = { __VA_ARGS__, NULL };                                      \
    pop3_set_up ();                                                                                \
    pop3_add (POP3_MAIL, 3);                                                                       \
    GSocket *talker = pop3_log_in ();                                                              \
    pop3_talk (talker, steps);                                                                     \
    g_object_unref (talker);                                                                       \
    pop3_tear_down ();                                                                             \
  } while (0)
