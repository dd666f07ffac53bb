/* What NOTIFY tells Anna (or Bert) of a store, looked at inside one write job. */
#pragma once
#include "accounts-fixture.h"

#include "accounts/acl.h"
#include "imap/imap-notify-news.h"

typedef struct {
  Office *office;
  StoreTransaction *transaction;
  Database *database;
  ImapKnown *known;
  gint64 account;
  gboolean modseq;
  gint64 selected;
  gboolean selected_is_told;
  ImapNotifyNote note; /* what happened lately; text NULL: nothing */
} Watching;

static inline char *
watching_look (Watching *self, guint kinds)
{
  g_autoptr (ImapNotifyNews) news = imap_notify_news_new (self->known, self->account);
  g_autoptr (GError) error = NULL;

  news->modseq = self->modseq;
  news->selected = self->selected;
  news->selected_is_told = self->selected_is_told;
  news->kinds = kinds;
  g_array_append_val (news->accounts, self->account);
  if (self->note.text) {
    ImapNotifyNote *note = g_memdup2 (&self->note, sizeof self->note);
    note->text = g_strdup (note->text);
    g_ptr_array_add (news->notes, note);
  }
  if (kinds == 0)
    imap_notify_news_begin (news, self->database, &error);
  else
    imap_notify_news_read (news, self->database, &error);
  g_assert_no_error (error);
  g_assert_false (news->overflow);
  return g_strdup (news->out->str);
}

/* The first look, after NOTIFY with ARGUMENTS. */
static inline void
watching_begin (Watching *self, const char *arguments, const char *expected)
{
  ImapParser parser = imap_parser (arguments, strlen (arguments));
  g_autofree char *out = NULL;

  g_clear_pointer (&self->known, imap_known_free);
  self->known = imap_known_new (imap_notify_request_parse (&parser));
  g_assert_nonnull (self->known->request);
  out = watching_look (self, 0);
  g_assert_cmpstr (out, ==, expected);
}

static inline void
watching_expect (Watching *self, const char *expected)
{
  g_autofree char *names = watching_look (self, WATCH_NAMES | WATCH_MESSAGES | WATCH_NOTES);
  g_autofree char *names_again = NULL, *numbers_again = NULL;

  g_assert_cmpstr (names, ==, expected);
  self->note.text = NULL;
  names_again = watching_look (self, WATCH_NAMES); /* what was told is known */
  numbers_again = watching_look (self, WATCH_MESSAGES);
  g_assert_cmpstr (names_again, ==, "");
  g_assert_cmpstr (numbers_again, ==, "");
}

static inline gint64
watching_create (Watching *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  gint64 id = mailbox_create (self->transaction, self->account, name, NULL, &error);

  g_assert_no_error (error);
  return id;
}

static inline Watching
watching (StoreTransaction *transaction, Office *office)
{
  return (Watching) { .office = office,
                      .transaction = transaction,
                      .database = store_transaction_database (transaction),
                      .account = office->anna };
}
