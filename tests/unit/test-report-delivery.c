/* Tests of daemon/queue/report-delivery.c: whom a report reaches, and how. */
#include "queue/report-delivery.h"
#include "inbox-fixture.h"
#include "queue/queue.h"

static const struct {
  const char *path, *sender;
  gboolean requires_tls;
  guint annas, berts; /* mails in their INBOXes then */
  const char *destination; /* in the queue, or NULL */
} cases[] = {
  { "/report-delivery/user", "anna@example.com", FALSE, 1, 0, NULL },
  { "/report-delivery/alias", "info@example.com", FALSE, 1, 1, NULL },
  { "/report-delivery/removed-alias", "gone@example.com", FALSE, 1, 0, NULL },
  { "/report-delivery/nobody", "nobody@example.com", FALSE, 0, 0, NULL },
  { "/report-delivery/elsewhere", "far@example.com", FALSE, 0, 0, "there.example" },
  { "/report-delivery/protected", "far@example.com", TRUE, 0, 0, "there.example/preferred" },
};

typedef struct {
  QueueMail *mail;
  PreparedMessage *report;
  GPtrArray *destinations;
} Delivery;

static gboolean
deliver (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const elsewhere[] = { "carl@there.example", NULL };
  Delivery *self = data;

  return alias_add (transaction, "far@example.com", elsewhere, error)
      && report_deliver (transaction, self->mail, self->report, self->destinations, error);
}

static guint
count (Office *office, gint64 account)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Inbox box = { account, text, 0 };

  g_assert_true (store_read_sync (office->store, inbox_read, &box, NULL));
  g_assert_true (box.count == 0 || strstr (text->str, "Subject: report\r\n"));
  return box.count;
}

static void
test_case (Office *office, gconstpointer data)
{
  static const char text[] = "From: <mailer-daemon@x>\r\nSubject: report\r\n\r\nWords\r\n";
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (PreparedMessage) report
      = prepared_message_new (office->store, bytes, NULL, NULL, &error);
  g_autoptr (QueueMail) mail = queue_mail_new ();
  g_autoptr (GPtrArray) destinations = g_ptr_array_new_with_free_func (g_free);
  Delivery delivery = { mail, report, destinations };

  g_assert_no_error (error);
  mail->sender = g_strdup (cases[i].sender);
  mail->account = g_str_has_prefix (cases[i].sender, "gone") ? office->anna : 0;
  mail->requires_tls = cases[i].requires_tls;
  store_write_sync (office->store, deliver, &delivery, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (office, office->anna), ==, cases[i].annas);
  g_assert_cmpuint (count (office, office->bert), ==, cases[i].berts);
  g_assert_cmpuint (destinations->len, ==, cases[i].destination != NULL);
  if (cases[i].destination)
    g_assert_cmpstr (destinations->pdata[0], ==, cases[i].destination);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add (cases[i].path, Office, GUINT_TO_POINTER (i), office_set_up, test_case,
                office_tear_down);
  return g_test_run ();
}
