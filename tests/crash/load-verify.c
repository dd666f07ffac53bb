/* The judge: what was acknowledged against what is found. */
#include "load.h"
#include "archive/backup.h"
#include "store/check.h"
#include "store/mailbox.h"

#include <string.h>

typedef struct {
  gint64 mailbox;
  guint32 uid;
  char digest[65]; /* "": nobody was told that it is there */
  guint64 modseq; /* the highest that a client has seen */
  guint64 flags; /* at MODSEQ; all ones: not known */
  gboolean may_be_gone, must_be_gone;
  gboolean found;
} Promise;

typedef struct {
  const char *root;
  Verdict *verdict;
  GHashTable *promises; /* "mailbox uid" → Promise */
  GHashTable *mailboxes; /* gint64 * → the promises' highest uid and modseq, as a Promise */
  gint64 mailbox; /* that is looked at */
  StoreSnapshot *snapshot;
} Judge;

static void complain (Judge *self, const Promise *promise, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
complain (Judge *self, const Promise *promise, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->verdict->problems++;
  if (promise != NULL)
    g_printerr ("mailbox %" G_GINT64_FORMAT " UID %u: %s\n", promise->mailbox, promise->uid, text);
  else
    g_printerr ("%s\n", text);
}

static Promise *
find_promise (Judge *self, gint64 mailbox, guint32 uid, gboolean make)
{
  g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT " %u", mailbox, uid);
  Promise *promise = g_hash_table_lookup (self->promises, key);

  if (promise == NULL && make) {
    promise = g_new0 (Promise, 1);
    promise->mailbox = mailbox;
    promise->uid = uid;
    promise->flags = G_MAXUINT64;
    g_hash_table_insert (self->promises, g_steal_pointer (&key), promise);
  }
  return promise;
}

static void
note_mailbox (Judge *self, const Ack *ack)
{
  Promise *most = g_hash_table_lookup (self->mailboxes, &ack->mailbox);

  if (most == NULL) {
    most = g_new0 (Promise, 1);
    most->mailbox = ack->mailbox;
    g_hash_table_insert (self->mailboxes, g_memdup2 (&ack->mailbox, sizeof ack->mailbox), most);
  }
  most->uid = MAX (most->uid, ack->uid);
  most->modseq = MAX (most->modseq, ack->modseq);
}

static void
check_backup (Judge *self, guint number)
{
  g_autofree char *name = g_strdup_printf ("backup-%u", number);
  g_autofree char *folder = g_build_filename (self->root, name, NULL);
  g_autoptr (GError) error = NULL;

  self->verdict->backups++;
  if (!backup_verify (folder, NULL, NULL, &error))
    complain (self, NULL, "Backup %u: %s", number, error->message);
}

static void
take_ack (Judge *self, const Ack *ack)
{
  Promise *promise;

  if (ack->kind == ACK_BACKUP) {
    check_backup (self, ack->uid);
    return;
  }
  promise = find_promise (self, ack->mailbox, ack->uid, TRUE);
  if (ack->kind == ACK_EXPUNGE_BEGUN) {
    promise->may_be_gone = TRUE;
    return;
  }
  note_mailbox (self, ack);
  promise->must_be_gone |= ack->kind == ACK_EXPUNGED;
  self->verdict->acknowledged += ack->kind == ACK_ADDED;
  self->verdict->flags += ack->kind == ACK_FLAGS;
  self->verdict->expunged += ack->kind == ACK_EXPUNGED;
  if (ack->kind != ACK_EXPUNGED)
    g_strlcpy (promise->digest, ack->digest, sizeof promise->digest);
  if (ack->modseq >= promise->modseq) {
    promise->modseq = ack->modseq;
    promise->flags = ack->flags;
  }
}

static gboolean
take_acks (Judge *self, const char *path, gint64 time, GError **error)
{
  g_autofree char *text = NULL;
  const char *at;
  Ack ack;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;
  for (at = text; ack_parse (&at, &ack);)
    if (ack.time < time)
      take_ack (self, &ack);
  return TRUE;
}

static void
compare_entry (Judge *self, Promise *promise, const Entry *entry)
{
  g_autoptr (GString) digest = g_string_new (NULL);
  guint8 bytes[32];

  if (entry->expunged) {
    if (!promise->may_be_gone && !promise->must_be_gone)
      complain (self, promise, "is expunged, nobody asked for it");
    return;
  }
  promise->found = TRUE;
  if (promise->must_be_gone)
    complain (self, promise, "was expunged and is there again");
  if (entry->modseq < promise->modseq)
    complain (self, promise, "MODSEQ fell from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
              promise->modseq, entry->modseq);
  if (promise->digest[0] == '\0')
    return;
  if (entry->modseq == promise->modseq && promise->flags != entry->flags)
    complain (self, promise, "has other flags at the same MODSEQ");
  if (!message_digest (self->snapshot, entry->message, bytes, NULL)) {
    complain (self, promise, "has no message");
    return;
  }
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (digest, "%02x", bytes[i]);
  if (!g_str_equal (digest->str, promise->digest))
    complain (self, promise, "is another mail");
}

static gboolean
see_entry (const Entry *entry, gpointer data)
{
  Judge *self = data;
  Promise *promise = find_promise (self, self->mailbox, entry->uid, FALSE);

  if (promise != NULL)
    compare_entry (self, promise, entry);
  return TRUE;
}

static gboolean
see_mailbox (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Judge *self = data;
  Database *database = store_snapshot_database (snapshot);
  const Promise *most = g_hash_table_lookup (self->mailboxes, &self->mailbox);
  g_autoptr (Mailbox) mailbox = mailbox_load (database, self->mailbox, error);

  if (mailbox == NULL)
    return FALSE;
  if (mailbox->uid_next <= most->uid)
    complain (self, most, "UIDNEXT is %u", mailbox->uid_next);
  if (mailbox->modseq < most->modseq)
    complain (self, most, "HIGHESTMODSEQ fell from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
              most->modseq, mailbox->modseq);
  self->snapshot = snapshot;
  return mailbox_each (database, self->mailbox, 1, G_MAXUINT32, TRUE, see_entry, self, error);
}

static void
see_mailboxes (Judge *self, Store *store)
{
  GHashTableIter iter;
  gpointer mailbox, promise;

  g_hash_table_iter_init (&iter, self->mailboxes);
  while (g_hash_table_iter_next (&iter, &mailbox, NULL)) {
    g_autoptr (GError) error = NULL;

    self->mailbox = *(const gint64 *)mailbox;
    if (!store_read_sync (store, see_mailbox, self, &error))
      complain (self, NULL, "mailbox %" G_GINT64_FORMAT ": %s", self->mailbox, error->message);
  }
  g_hash_table_iter_init (&iter, self->promises);
  while (g_hash_table_iter_next (&iter, NULL, &promise)) {
    const Promise *mail = promise;

    if (mail->digest[0] != '\0' && !mail->found && !mail->may_be_gone && !mail->must_be_gone)
      complain (self, mail, "is lost");
  }
}

static void
check_store (Judge *self, Store *store)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CheckReport) report = store_check (store, FALSE, NULL, NULL, &error);

  if (report == NULL)
    complain (self, NULL, "The check fails: %s", error->message);
  for (guint i = 0; report != NULL && report->problems > 0 && i < report->lines->len; i++)
    complain (self, NULL, "check: %s", (const char *)report->lines->pdata[i]);
}

gboolean
load_verify (const char *root, const char *acks, gint64 time, Verdict *verdict, GError **error)
{
  g_autofree char *folder = g_build_filename (root, "store", NULL);
  StoreOptions options = { .folder = folder };
  g_autoptr (GHashTable) promises = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (GHashTable) mailboxes
      = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);
  Judge judge = { .root = root, .verdict = verdict, .promises = promises, .mailboxes = mailboxes };
  g_autoptr (Store) store = NULL;

  *verdict = (Verdict) { 0 };
  if (!take_acks (&judge, acks, time, error))
    return FALSE;
  store = store_open (&options, error);
  if (store == NULL)
    return FALSE;
  see_mailboxes (&judge, store);
  check_store (&judge, store);
  return TRUE;
}
