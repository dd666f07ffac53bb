/* What the trace hears of mail that came in: who was served, who was refused, and why. */
#include "smtp-fixture.h"
#include "archive/history.h"
#include "settings.h"

static void
append (gint64 mail, const HistoryLine *line, gpointer data)
{
  const HistoryEvent *event = &line->event;

  g_string_append_printf (data, "%s %s %s %s %s\n", history_kind_name (event->kind),
                          event->message_id ? event->message_id : "-", event->sender,
                          event->recipient ? event->recipient : "-",
                          event->reply ? event->reply : "-");
}

static void
test_conversation (Post *self, gconstpointer data)
{
  static const char *const steps[] = { "220",
                                       "S: EHLO x",
                                       "250",
                                       "S: MAIL FROM:<x@elsewhere.example>",
                                       "250",
                                       "S: RCPT TO:<nobody@example.com>",
                                       "550",
                                       "S: RCPT TO:<anna@example.com>",
                                       "250",
                                       "S: RCPT TO:<bert@example.com>",
                                       "250",
                                       "S: DATA",
                                       "354",
                                       "S: Message-ID: <one@x>\r\n\r\nx\r\n.",
                                       "250 2.0.0 Saved as",
                                       "S: MAIL FROM:<x@elsewhere.example>",
                                       "250",
                                       "S: RCPT TO:<anna@example.com>",
                                       "250",
                                       "R: BDAT 2 LAST\r\n\n\n",
                                       "550 5.6.0",
                                       NULL };
  g_autofree char *folder = g_dir_make_tmp ("hauspost-history-XXXXXX", NULL);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (setting_set (SETTING_TRACE_TIME, "365d", NULL));
  history_start (folder, &error);
  g_assert_no_error (error);
  post_converse (steps);
  history_flush ();
  history_read (folder, NULL, 10, append, told, &error);
  g_assert_no_error (error);
  history_stop ();
  g_assert_cmpstr (told->str, ==,
                   "refused - x@elsewhere.example anna@example.com "
                   "550 5.6.0 A line of the mail ends in a bare CR or LF; send CR LF\n"
                   "taken one@x x@elsewhere.example - -\n"
                   "delivered - x@elsewhere.example anna@example.com -\n"
                   "delivered - x@elsewhere.example bert@example.com -\n"
                   "refused - x@elsewhere.example nobody@example.com "
                   "550 5.1.1 There is nobody with this address\n");
  g_autofree char *file = g_build_filename (folder, "history.db", NULL);
  g_remove (file);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  post_add ("/smtp-history/conversation", SMTP_MX, test_conversation);
  return g_test_run ();
}
