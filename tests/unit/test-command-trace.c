/* Tests of daemon/admin/command-trace.c: the sentences. */
#include "command-fixture.h"
#include "archive/history.h"
#include "settings.h"

/* A mail of which everything happened, so that every kind has its sentence. */
static void
say_all (void)
{
  for (guint kind = 0; kind < HISTORY_KIND_COUNT; kind++) {
    const HistoryEvent event = { .kind = kind,
                                 .message = 5,
                                 .size = kind == HISTORY_TAKEN ? 2048 : 0,
                                 .message_id = kind == HISTORY_TAKEN ? "id@x.example" : NULL,
                                 .sender = "anna@office.example",
                                 .recipient = kind == HISTORY_TAKEN ? NULL : "carl@c.example",
                                 .user = kind == HISTORY_TAKEN ? "anna@office.example" : NULL,
                                 .address = "192.0.2.1",
                                 .host = kind == HISTORY_SENT ? "mx.c.example" : NULL,
                                 .reply = "250 fine" };
    history_note (&event);
  }
}

static void
use (Office *office)
{
  static const char *const sentences[]
      = { "Mail from anna@office.example, ",
          ", <id@x.example>\n",
          "  anna@office.example handed it in from 192.0.2.1.\n",
          "  It is in the mailbox of carl@c.example.\n",
          "  It is in the mailbox of carl@c.example, under Junk.\n",
          "  It waits to be sent to carl@c.example.\n",
          "  mx.c.example took it for carl@c.example: 250 fine\n",
          "  It could not be sent to carl@c.example yet, and will be tried again: 250 fine\n",
          "  It cannot be delivered to carl@c.example: 250 fine\n",
          "  carl@c.example was told by mail.\n",
          "  It was refused for carl@c.example: 250 fine\n",
          "  An administrator holds it back from carl@c.example.\n",
          "  An administrator lets it go on to carl@c.example.\n",
          "  An administrator had it tried again at once for carl@c.example.\n",
          "  An administrator took it out of the queue; carl@c.example will not get it.\n" };
  const char *told;

  g_assert_nonnull (strstr (command_run (office, "trace"), "Nothing is known"));
  say_all ();
  told = command_run (office, "trace <id@x.example>");
  for (guint i = 0; i < G_N_ELEMENTS (sentences); i++)
    if (strstr (told, sentences[i]) == NULL)
      g_error ("“%s” is missing in “%s”", sentences[i], told);
  g_assert_nonnull (strstr (command_run (office, "trace carl@c.example --json"), "\"junked\""));
  g_assert_nonnull (strstr (command_run (office, "trace nobody@x.example"), "Nothing is known"));
}

static void
test_tell (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (setting_set (SETTING_TRACE_TIME, "365d", NULL));
  history_start (self->folder, &error);
  g_assert_no_error (error);
  office_with_client (self, use);
  history_stop ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/command-trace/tell", Office, NULL, office_set_up, test_tell, office_tear_down);
  return g_test_run ();
}
