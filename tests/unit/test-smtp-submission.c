/* Tests of daemon/smtp/smtp-submission.c: who may send how much, and a device to whom. */
#include "smtp-fixture.h"
#include "accounts/brake.h"
#include "accounts/device.h"
#include "accounts/rates.h"

#define ANNA "AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==" /* AUTH PLAIN of the fixture */
#define BEGIN "220", "S: EHLO x", "250", "S: AUTH PLAIN " ANNA, "235"
#define MAIL "S: MAIL FROM:<anna@example.com>", "250"
#define TO_BERT "S: RCPT TO:<bert@example.com>", "250"
#define TEXT "S: DATA", "354", "S: From: anna@example.com\r\n\r\nx\r\n."

static gboolean
set_rate (StoreTransaction *transaction, gpointer data, GError **error)
{
  const Rate rate = { 3, RATE_AS_SET };

  return rate_set_user (transaction, "anna@example.com", &rate, error);
}

static void
test_rate (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { BEGIN,
          MAIL,
          TO_BERT,
          "S: RCPT TO:<admin@example.com>",
          "250",
          "S: RCPT TO:<info@example.com>",
          "250",
          "S: RCPT TO:<postmaster>",
          "450 4.7.1 You may send mail to 3 recipients within an hour: send the rest later",
          "S: RSET",
          "250",
          MAIL,
          TO_BERT,
          TEXT,
          "250 2.0.0 Saved",
          MAIL,
          TO_BERT,
          "S: RCPT TO:<admin@example.com>",
          "250",
          "S: RCPT TO:<postmaster>",
          "450 4.7.1",
          TEXT, /* to those who were taken */
          "250 2.0.0 Saved",
          "S: MAIL FROM:<anna@example.com>",
          "450 4.7.1 You may send mail to 3 recipients",
          "S: MAIL FROM:<>",
          "450 4.7.1",
          NULL };

  office_run (&self->office, set_rate);
  post_converse (steps);
}

/* Two connections that were both let in: only one mail fits. */
static void
test_two_connections (Post *self, gconstpointer data)
{
  static const char *const open[]
      = { BEGIN, MAIL, TO_BERT, "S: RCPT TO:<admin@example.com>", "250", NULL };
  static const char *const fits[] = { TEXT, "250 2.0.0 Saved", NULL };
  static const char *const does_not[] = { TEXT, "450 4.7.1 You may send", NULL };
  g_autoptr (GSocket) first = net_connect ();
  g_autoptr (GSocket) second = net_connect ();

  office_run (&self->office, set_rate);
  post_talk (first, open);
  post_talk (second, open);
  post_talk (first, fits);
  post_talk (second, does_not);
}

static gboolean
make_device (StoreTransaction *transaction, gpointer data, GError **error)
{
  return device_set (transaction, "anna@example.com", "", "bert@example.com", error);
}

static void
test_device (Post *self, gconstpointer data)
{
  static const char *const steps[]
      = { BEGIN,   MAIL, "S: RCPT TO:<admin@example.com>", "550 5.7.1 This device may not send",
          TO_BERT, NULL };

  office_run (&self->office, make_device);
  post_converse (steps);
}

static gboolean
lock (StoreTransaction *transaction, gpointer data, GError **error)
{
  return brake_lock (transaction, "anna@example.com", error);
}

/* A session that is there already cannot send any more. */
static void
test_locked (Post *self, gconstpointer data)
{
  static const char *const before[] = { BEGIN, MAIL, TO_BERT, NULL };
  static const char *const after[] = { TEXT, "550 5.7.13", NULL };
  static const char *const new[]
      = { "220", "S: EHLO x", "250", "S: AUTH PLAIN " ANNA, "535", NULL };
  g_autoptr (GSocket) client = net_connect ();

  post_talk (client, before);
  office_run (&self->office, lock);
  post_talk (client, after);
  post_converse (new);
}

static gboolean
hold (StoreTransaction *transaction, gpointer data, GError **error)
{
  return brake_lock (transaction, "anna@example.com", error)
      && database_run (store_transaction_database (transaction), error,
                       "UPDATE account SET locked = 0", "");
}

static void
test_refuse (Post *self, gconstpointer data)
{
  static const char *const held[] = { BEGIN, MAIL, TO_BERT, TEXT, "250 2.0.0 Saved", NULL };
  static const char *const refused[]
      = { BEGIN, "S: MAIL FROM:<anna@example.com>", "450 4.7.1 Your mail is held back", NULL };

  office_run (&self->office, hold);
  post_converse (held); /* people here are reached all the same */
  g_assert_true (setting_set (SETTING_BRAKE, "refuse", NULL));
  post_converse (refused);
  g_assert_true (setting_set (SETTING_BRAKE, "hold", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-submission/rate", SMTP_SUBMISSION, test_rate);
  post_add ("/smtp-submission/two-connections", SMTP_SUBMISSION, test_two_connections);
  post_add ("/smtp-submission/device", SMTP_SUBMISSION, test_device);
  post_add ("/smtp-submission/locked", SMTP_SUBMISSION, test_locked);
  post_add ("/smtp-submission/refuse", SMTP_SUBMISSION, test_refuse);
  return g_test_run ();
}
