/* Tests of daemon/queue/brake-notice.c: the administrator is told once, in the house's language. */
#include "queue/brake-notice.h"
#include "accounts/brake.h"
#include "inbox-fixture.h"
#include "settings.h"

static gboolean
trip (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  g_autoptr (GPtrArray) outside = g_ptr_array_new_with_free_func (g_free);
  BrakeState state;

  for (guint i = 0; i < 201; i++)
    g_ptr_array_add (outside, g_strdup_printf ("x%u@there.example", i));
  return brake_note_mail (transaction, self->anna, 201, outside, &state, error);
}

static gboolean
did_wait (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

/* Until so many are there, or for a while when there are. */
static char *
wait_for (Office *self, guint count)
{
  Inbox box = { self->admin, g_string_new (NULL), 0 };
  const guint tick = g_timeout_add (10, did_wait, NULL);

  for (guint i = 0; i < 500 && box.count != count; i++) {
    g_main_context_iteration (NULL, TRUE);
    g_assert_true (store_read_sync (self->store, inbox_read, &box, NULL));
  }
  g_source_remove (tick);
  g_assert_cmpuint (box.count, ==, count);
  return g_string_free (box.text, FALSE);
}

static void
run_a_while (guint ticks)
{
  const guint tick = g_timeout_add (10, did_wait, NULL);

  for (guint i = 0; i < ticks; i++)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

static void
test_tell (Office *self, gconstpointer language)
{
  const gboolean is_german = g_str_equal (language, "de");
  g_autofree char *text = NULL;
  g_autofree char *flow = NULL;

  g_assert_true (setting_set (SETTING_LANGUAGE, language, NULL));
  office_run (self, trip);
  brake_notice_send (self->store, "mail.example.com", NULL);
  brake_notice_send (self->store, "mail.example.com", NULL); /* both see that nobody was told */
  text = wait_for (self, 1);
  flow = inbox_flow (text);
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, "hauspost brake release anna@example.com\r\n"));
  g_assert_nonnull (strstr (text, "hauspost brake lock anna@example.com\r\n"));
  g_assert_nonnull (strstr (text, "To: <postmaster@example.com>\r\n"));
  g_assert_nonnull (strstr (text, "Auto-Submitted: auto-generated\r\n"));
  g_assert_nonnull (strstr (flow, is_german ? "an 201 Personen außer" : "to 201 people elsewhere"));
  g_assert_nonnull (strstr (flow, is_german ? "Fragen Sie am Telefon nach" : "Call the user and"));
  g_assert_nonnull (
      strstr (text, is_german ? "Content-Language: de\r\n" : "Content-Language: en\r\n"));
  run_a_while (30);
  g_free (g_steal_pointer (&text));
  brake_notice_send (self->store, "mail.example.com", NULL);
  run_a_while (30);
  text = wait_for (self, 1);
  g_assert_true (setting_set (SETTING_LANGUAGE, "en", NULL));
}

static void
test_nobody (Office *self, gconstpointer data)
{
  g_autofree char *text = NULL;

  brake_notice_send (self->store, "mail.example.com", NULL);
  run_a_while (10);
  text = wait_for (self, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/brake-notice/english", Office, "en", office_set_up, test_tell, office_tear_down);
  g_test_add ("/brake-notice/german", Office, "de", office_set_up, test_tell, office_tear_down);
  g_test_add ("/brake-notice/nobody", Office, NULL, office_set_up, test_nobody, office_tear_down);
  return g_test_run ();
}
