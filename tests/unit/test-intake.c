/* Intake: prefix and bytes become one prepared message with its summary. */
#include "policy/intake.h"
#include "mail/summary.h"
#include "store-fixture.h"

typedef struct {
  PreparedMessage *message;
  gint64 id;
  GBytes *bytes, *summary;
} Mail;

static void
did_prepare (GObject *source, GAsyncResult *result, gpointer data)
{
  Mail *mail = data;
  g_autoptr (GError) error = NULL;

  mail->message = intake_prepare_finish (result, &error);
  g_assert_no_error (error);
}

static gboolean
append (StoreTransaction *transaction, gpointer data, GError **error)
{
  Mail *mail = data;

  mail->id = message_append (transaction, mail->message, error);
  return mail->id != 0;
}

static gboolean
read_back (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Mail *mail = data;

  mail->bytes = message_read (snapshot, mail->id, 0, G_MAXUINT64, error);
  mail->summary = message_summary (snapshot, mail->id, error);
  return mail->bytes != NULL && mail->summary != NULL;
}

static void
pass (Fixture *self, const char *prefix, const char *text, const char *whole)
{
  g_autoptr (GBytes) before = prefix != NULL ? g_bytes_new (prefix, strlen (prefix)) : NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  const char *recipients[] = { "ada@example.com", NULL };
  MessageEnvelope envelope = { "bob@example.net", recipients };
  Mail mail = { NULL };
  const IntakeMail incoming = { .prefix = before,
                                .bytes = bytes,
                                .envelope = prefix != NULL ? &envelope : NULL,
                                .authserv_id = prefix != NULL ? "mx.example.com" : NULL };
  g_autoptr (Summary) summary = NULL;
  g_autoptr (GError) error = NULL;

  intake_prepare_async (self->store, &incoming, did_prepare, &mail);
  while (mail.message == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (prepared_message_size (mail.message), ==, strlen (whole));
  g_assert_true (store_write_sync (self->store, append, &mail, &error));
  g_assert_true (store_read_sync (self->store, read_back, &mail, &error));
  g_assert_cmpmem (g_bytes_get_data (mail.bytes, NULL), g_bytes_get_size (mail.bytes), whole,
                   strlen (whole));
  summary = summary_open (mail.summary);
  g_assert_nonnull (summary);
  g_assert_cmpuint (summary_header (summary).length, ==, strstr (whole, "\r\n\r\n") + 4 - whole);
  g_bytes_unref (mail.bytes);
  g_bytes_unref (mail.summary);
  prepared_message_unref (mail.message);
}

static void
test_plain (Fixture *self, gconstpointer data)
{
  pass (self, NULL, "Subject: x\r\n\r\nbody\r\n", "Subject: x\r\n\r\nbody\r\n");
}

static void
test_prefix (Fixture *self, gconstpointer data)
{
  pass (self, "Received: here\r\n", "Subject: x\r\n\r\nbody\r\n",
        "Received: here\r\nSubject: x\r\n\r\nbody\r\n");
  pass (self, "A: b\r\n\r\n", "", "A: b\r\n\r\n");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/intake/plain", test_plain);
  fixture_test ("/intake/prefix", test_prefix);
  return g_test_run ();
}
