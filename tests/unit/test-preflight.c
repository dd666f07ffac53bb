/* The pre-flight without a DNS and without the world: each step says something, and what to do. */
#include "admin-calls.h"

static void
run_steps (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  json_t *job, *steps, *step, *kept;
  gsize i;

  api_run (client, "PUT", "/v1/settings/preflight.clock", "{\"value\":\"\"}", -1);
  job = api_job (client, "/v1/preflight", "{\"outside\":[\"127.0.0.1:1\"]}");
  g_assert_cmpstr (api_text (job, "state"), ==, "done");
  steps = json_object_get (json_object_get (job, "result"), "steps");
  g_assert_cmpuint (json_array_size (steps), ==, 10);
  json_array_foreach (steps, i, step)
  {
    static const struct {
      const char *id, *state;
    } wanted[] = { { "clock", "unknown" },
                   { "dns", "bad" },
                   { "host-address", "bad" },
                   { "port-25-out", "bad" },
                   { "block-lists", "unknown" } };

    g_test_message ("%s: %s: %s", api_text (step, "id"), api_text (step, "state"),
                    api_text (step, "text"));
    g_assert_nonnull (api_text (step, "text"));
    g_assert_nonnull (api_text (step, "title"));
    for (guint w = 0; w < G_N_ELEMENTS (wanted); w++)
      if (strcmp (wanted[w].id, api_text (step, "id")) == 0)
        g_assert_cmpstr (api_text (step, "state"), ==, wanted[w].state);
    if (strcmp (api_text (step, "state"), "bad") == 0)
      g_assert_nonnull (api_text (step, "next"));
  }
  kept = api_call (client, "GET", "/v1/preflight", NULL, -1);
  g_assert_true (json_equal (json_object_get (kept, "steps"), steps));
  json_decref (kept);
  json_decref (job);
}

static void
test_steps (Office *self, gconstpointer data)
{
  office_with_client (self, run_steps);
}

static gpointer
greet (gpointer data)
{
  GSocketListener *listener = data;
  g_autoptr (GSocketConnection) connection = g_socket_listener_accept (listener, NULL, NULL, NULL);

  if (connection)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)),
                               "220 mx.example ESMTP\r\n", 22, NULL, NULL, NULL);
  return NULL;
}

/* A server outside that greets; a smart host that does not. */
static void
reach_out (Office *office)
{
  g_autoptr (AdminClient) client = admin_client_new_local (office->configuration, NULL);
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  const guint16 port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  g_autofree char *body = g_strdup_printf ("{\"outside\":[\"127.0.0.1:%u\"]}", port);
  GThread *thread = g_thread_new ("greeter", greet, listener);
  json_t *job, *step;

  api_run (client, "PUT", "/v1/settings/preflight.clock", "{\"value\":\"\"}", -1);
  job = api_job (client, "/v1/preflight", body);
  step = json_array_get (json_object_get (json_object_get (job, "result"), "steps"), 8);
  g_assert_cmpstr (api_text (step, "id"), ==, "port-25-out");
  g_assert_cmpstr (api_text (step, "state"), ==, "good");
  json_decref (job);
  g_thread_join (thread);

  api_run (client, "PUT", "/v1/settings/queue.relay", "{\"value\":\"127.0.0.1:1\"}", -1);
  admin_client_set_language (client, "de");
  job = api_job (client, "/v1/preflight", NULL);
  step = json_array_get (json_object_get (json_object_get (job, "result"), "steps"), 8);
  g_assert_cmpstr (api_text (step, "state"), ==, "bad");
  g_assert_nonnull (strstr (api_text (step, "text"), "127.0.0.1:1"));
  json_decref (job);
  api_run (client, "PUT", "/v1/settings/queue.relay", "{\"value\":null}", -1);
}

static void
test_out (Office *self, gconstpointer data)
{
  office_with_client (self, reach_out);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/preflight/steps", Office, NULL, office_set_up, test_steps, office_tear_down);
  g_test_add ("/preflight/out", Office, NULL, office_set_up, test_out, office_tear_down);
  return g_test_run ();
}
