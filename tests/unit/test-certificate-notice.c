/* Tests of daemon/queue/certificate-notice.c: the mail is in the administrator's box, in the
 * house's language. */
#include "queue/certificate-notice.h"
#include "inbox-fixture.h"
#include "settings.h"

typedef struct {
  gboolean is_done, told;
} Answer;

static void
did_tell (gboolean told, gpointer data)
{
  *(Answer *)data = (Answer) { TRUE, told };
}

static const struct {
  const char *language, *problem, *words, *month;
} cases[] = {
  { "en", "Port 80 is closed.", "fails:\r\n\r\n    Port 80 is closed.\r\n", " September 2001:" },
  { "de", "Port 80 ist zu.", "misslingt:\r\n\r\n    Port 80 ist zu.\r\n", ". September 2001 ab:" },
  { "en", NULL, "    hauspost certificate import own --chain FILE --key FILE\r\n", "expires on" },
  { "de", NULL, "    hauspost certificate import own --chain DATEI --key DATEI\r\n", "2001 ab:" },
  /* What an authority says may have lines of its own. */
  { "en", "It said: one\ntwo\r\n.\r\nthree", "    It said: one two . three\r\n", "expires on" },
};

static void
test_tell (Office *self, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  const CertificateNotice notice
      = { "own", "mail.example.com autoconfig.example.com", 1000000000, cases[i].problem };
  Inbox box = { self->admin, g_string_new (NULL) };
  g_autofree char *flow = NULL;
  Answer answer = { 0 };

  g_assert_true (setting_set (SETTING_LANGUAGE, cases[i].language, NULL));
  certificate_notice_send (self->store, "mail.example.com", NULL, &notice, did_tell, &answer);
  while (!answer.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (answer.told);
  g_assert_true (store_read_sync (self->store, inbox_read, &box, NULL));
  g_test_message ("%s", box.text->str);
  g_assert_nonnull (strstr (box.text->str, cases[i].words));
  g_assert_nonnull (strstr (box.text->str, "To: <postmaster@example.com>\r\n"));
  g_assert_nonnull (strstr (box.text->str, "    mail.example.com autoconfig.example.com\r\n"));
  flow = inbox_flow (box.text->str);
  g_assert_nonnull (strstr (flow, cases[i].month));
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
