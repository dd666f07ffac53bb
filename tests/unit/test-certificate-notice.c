/* Tests of daemon/queue/certificate-notice.c: the mail is in the administrator's box, in the
 * house's language. */
#include "queue/certificate-notice.h"
#include "accounts-fixture.h"
#include "settings.h"
#include "store/message.h"

typedef struct {
  gint64 account;
  GString *text;
} Box;

static gboolean
collect (const Entry *entry, gpointer data)
{
  g_array_append_val ((GArray *)data, entry->message);
  return TRUE;
}

static gboolean
read_box (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Box *box = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Mailbox) inbox = mailbox_find (database, box->account, "INBOX", error);
  g_autoptr (GArray) messages = g_array_new (FALSE, FALSE, sizeof (gint64));

  g_string_truncate (box->text, 0);
  g_assert_true (
      mailbox_each (database, inbox->id, 1, G_MAXUINT32, FALSE, collect, messages, error));
  for (guint i = 0; i < messages->len; i++) {
    g_autoptr (GBytes) bytes
        = message_read (snapshot, g_array_index (messages, gint64, i), 0, G_MAXUINT64, error);
    g_string_append_len (box->text, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  }
  return TRUE;
}

typedef struct {
  gboolean is_done, told;
} Answer;

static void
did_tell (gboolean told, gpointer data)
{
  *(Answer *)data = (Answer) { TRUE, told };
}

static const struct {
  const char *language, *problem, *words;
} cases[] = {
  { "en", "Port 80 is closed.", "    Port 80 is closed.\r\n" },
  { "de", "Port 80 ist zu.", "misslingt:\r\n\r\n    Port 80 ist zu.\r\n" },
  { "en", NULL, "    hauspost certificate import own --chain FILE --key FILE\r\n" },
  { "de", NULL, "    hauspost certificate import own --chain DATEI --key DATEI\r\n" },
};

static void
test_tell (Office *self, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const CertificateNotice notice
      = { "own", "mail.example.com autoconfig.example.com", 1000000000, cases[i].problem };
  Box box = { self->admin, g_string_new (NULL) };
  Answer answer = { 0 };

  g_assert_true (setting_set (SETTING_LANGUAGE, cases[i].language, NULL));
  certificate_notice_send (self->store, "mail.example.com", NULL, &notice, did_tell, &answer);
  while (!answer.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (answer.told);
  g_assert_true (store_read_sync (self->store, read_box, &box, NULL));
  g_assert_nonnull (strstr (box.text->str, cases[i].words));
  g_assert_nonnull (strstr (box.text->str, "To: <postmaster@example.com>\r\n"));
  g_assert_nonnull (strstr (box.text->str, "    mail.example.com autoconfig.example.com\r\n"));
  g_assert_nonnull (strstr (box.text->str, " 2001-09-0"));
  g_string_free (box.text, TRUE);
  g_assert_true (setting_set (SETTING_LANGUAGE, "en", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/certificate-notice/%u", i);
    g_test_add (path, Office, GUINT_TO_POINTER (i), office_set_up, test_tell, office_tear_down);
  }
  return g_test_run ();
}
