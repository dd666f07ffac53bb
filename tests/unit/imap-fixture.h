/* An IMAP server in the test's process, and conversations with it over loopback by several clients
 * at once. */
#pragma once
#include "tests/unit/net-fixture.h"
#include "tests/unit/quick-hash.h"
#include "tests/unit/store-fixture.h"
#include "accounts/accounts.h"
#include "imap/imap-ranks.h"
#include "imap/imap-session.h"
#include "net/spool.h"
#include "metrics.h"
#include "settings.h"

/* One step of a conversation: CLIENT is a letter; "A" … "L" are logged in as Anna when they are
 * first met, "M" … "Z" are strangers. What comes until then must fit RESPONSE, in which '*' and '?'
 * are wildcards; NULL: nothing is waited for. SEND NULL: only listens. */
typedef struct {
  const char *client, *send, *response;
} ImapStep;

static struct {
  char *folder;
  Store *store;
  Authenticator *authenticator;
  ImapService service;
  GSocket *clients[26];
} imap;

static inline gboolean
imap_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return domain_add (transaction, "example.com", error)
      && account_add (transaction, "anna@example.com", data, "Anna", 100000, FALSE, error) != 0;
}

static inline void
imap_set_up (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = quick_hash ("secret");
  ListenerService service = { .protocol = "imap", .accepted = imap_accepted };
  StoreOptions options = { 0 };

  memset (&imap, 0, sizeof imap);
  net_start_threads ();
  net.tls = tls_contexts_new (); /* offered; handshakes are the channel's to test */
  options.folder = imap.folder = g_dir_make_tmp ("imap-XXXXXX", NULL);
  imap.store = store_open (&options, &error);
  g_assert_no_error (error);
  store_write_sync (imap.store, imap_fill, hash, &error);
  g_assert_no_error (error);
  g_assert_true (spool_clean (store_temporary_folder (imap.store), &error));
  imap.authenticator = authenticator_new (imap.store);
  imap.service = (ImapService) { .store = imap.store,
                                 .authenticator = imap.authenticator,
                                 .tls = net.tls,
                                 .hostname = "mail.example.com",
                                 .ranks = imap_ranks_new () };
  service.tls = net.tls;
  service.data = &imap.service;
  net_listen (&service);
}

static inline void
imap_tear_down (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (imap.clients); i++)
    g_clear_object (&imap.clients[i]);
  net_stop ();
  imap_ranks_unref (imap.service.ranks);
  authenticator_free (imap.authenticator);
  store_close (imap.store);
  remove_tree (imap.folder);
  g_free (imap.folder);
}

/* Anna may keep as much as a test needs. */
static inline gboolean
imap_lift_quota (StoreTransaction *transaction, gpointer data, GError **error)
{
  return account_set_quota (transaction, "anna@example.com", 0, error);
}

static inline gboolean
imap_add_many (StoreTransaction *transaction, gpointer data, GError **error)
{
  guint count = GPOINTER_TO_UINT (data);
  g_autoptr (Account) account
      = account_find (store_transaction_database (transaction), "anna@example.com", error);
  g_autoptr (Mailbox) inbox
      = mailbox_find (store_transaction_database (transaction), account->id, "INBOX", error);
  g_autoptr (PreparedMessage) message = prepare_text (imap.store, "Subject: many\r\n\r\nx");
  gint64 id = message_append (transaction, message, error);

  for (guint i = 0; i < count; i++)
    if (!mailbox_add (transaction, inbox->id, id, 0, 0, 0, NULL, error))
      return FALSE;
  return TRUE;
}

/* COUNT messages in Anna's INBOX that share their bytes. */
static inline void
imap_fill_inbox (guint count)
{
  g_autoptr (GError) error = NULL;

  store_write_sync (imap.store, imap_add_many, GUINT_TO_POINTER (count), &error);
  g_assert_no_error (error);
}

/* Reads until all that came fits PATTERN. */
static inline void
imap_expect (GSocket *client, const char *pattern)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  char part[4096];

  while (!g_pattern_match_simple (pattern, text->str)) {
    gssize got = g_socket_receive (client, part, sizeof part, NULL, &error);
    if (got <= 0) {
      g_test_message ("expected:\n%s\ncame:\n%s", pattern, text->str);
      g_assert_cmpstr (text->str, ==, pattern);
    }
    g_string_append_len (text, part, got);
  }
}

static inline GSocket *
imap_client (const char *letter)
{
  GSocket **client = &imap.clients[letter[0] - 'A'];

  if (*client)
    return *client;
  *client = net_connect ();
  g_socket_set_timeout (*client, 10);
  imap_expect (*client, "* OK *\r\n");
  if (letter[0] < 'M') {
    net_send (*client, "login LOGIN anna@example.com secret\r\n", 37);
    imap_expect (*client, "login OK *\r\n");
  }
  return *client;
}

static inline void
imap_talk (const ImapStep *steps, gsize count)
{
  for (gsize i = 0; i < count; i++) {
    GSocket *client = imap_client (steps[i].client);
    g_test_message ("%s: %s", steps[i].client, steps[i].send ? steps[i].send : "(listens)");
    if (steps[i].send) {
      net_send (client, steps[i].send, strlen (steps[i].send));
      net_send (client, "\r\n", 2);
    }
    if (steps[i].response)
      imap_expect (client, steps[i].response);
  }
}

/* A whole test: a server, a conversation, the end. */
#define IMAP_TALK(...)                                                                             \
  do {                                                                                             \
    static const ImapStep steps[] = { __VA_ARGS__ };                                               \
    imap_set_up ();                                                                                \
    imap_talk (steps, G_N_ELEMENTS (steps));                                                       \
    imap_tear_down ();                                                                             \
  } while (0)

/* A step that saves a message of one word, SUBJECT of one letter, in the INBOX. */
#define IMAP_SAVE(subject)                                                                         \
  {                                                                                                \
    "L", "save APPEND INBOX {30+}\r\nFrom: a@b.c\r\nSubject: " subject "\r\n\r\nabc",              \
        "save OK [APPENDUID *] Saved\r\n"                                                          \
  }
