/* Tests of daemon/admin/resource-trace.c: see test-command-trace.c for what a person reads. */
#include "admin-fixture.h"
#include "archive/history.h"
#include "settings.h"

static json_t *
ask (Office *office, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, &error);
  json_t *body = json_loads (text, 0, NULL), *answer;

  g_assert_no_error (error);
  answer = admin_client_call (client, "POST", "/v1/trace", body, &error);
  g_assert_no_error (error);
  json_decref (body);
  return answer;
}

static void
use (Office *office)
{
  for (gint64 i = 1; i <= 30; i++) {
    const HistoryEvent event = { .kind = HISTORY_TAKEN,
                                 .message = i,
                                 .size = 100,
                                 .sender = "x@x.example",
                                 .address = "192.0.2.1" };
    history_note (&event);
  }
  json_t *answer = ask (office, "{}");
  json_t *mails = json_object_get (answer, "mails");
  g_assert_cmpuint (json_array_size (mails), ==, 20);
  json_t *line = json_array_get (json_object_get (json_array_get (mails, 0), "lines"), 0);
  g_assert_cmpstr (json_string_value (json_object_get (line, "what")), ==, "taken");
  g_assert_cmpstr (json_string_value (json_object_get (line, "address")), ==, "192.0.2.1");
  g_assert_cmpint (json_integer_value (json_object_get (line, "size")), ==, 100);
  g_assert_null (json_object_get (line, "recipient"));
  json_decref (answer);
  answer = ask (office, "{\"about\": \"x@x.example\", \"limit\": 25}");
  g_assert_cmpuint (json_array_size (json_object_get (answer, "mails")), ==, 25);
  json_decref (answer);
  answer = ask (office, "{\"about\": \"y@x.example\"}");
  g_assert_cmpuint (json_array_size (json_object_get (answer, "mails")), ==, 0);
  json_decref (answer);
}

static void
test_ask (Office *self, gconstpointer data)
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
  g_test_add ("/resource-trace/ask", Office, NULL, office_set_up, test_ask, office_tear_down);
  return g_test_run ();
}
