/* Calls to the admin API of admin-fixture.h's office, with their answers. */
#pragma once
#include "admin-fixture.h"
#include <string.h>

/* Must be answered, CODE -1, or be refused with that code of GIO's (NULL then). BODY: JSON, or
 * NULL. A new reference. */
static inline json_t *
api_call (AdminClient *client, const char *method, const char *path, const char *body, int code)
{
  json_t *object = body ? json_loads (body, 0, NULL) : NULL;
  g_autoptr (GError) error = NULL;
  json_t *answer = admin_client_call (client, method, path, object, &error);

  g_assert_true ((body == NULL) == (object == NULL));
  g_test_message ("%s %s %s", method, path, error ? error->message : "");
  if (code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, G_IO_ERROR, code);
  json_decref (object);
  return answer;
}

/* The same when nobody looks at the answer. */
static inline void
api_run (AdminClient *client, const char *method, const char *path, const char *body, int code)
{
  json_decref (api_call (client, method, path, body, code));
}

/* Waits for the end of the job that PATH starts; its description. */
static inline json_t *
api_job (AdminClient *client, const char *path, const char *body)
{
  json_t *job = api_call (client, "POST", path, body, -1);
  g_autofree char *place
      = g_strdup_printf ("/v1/jobs/%d", (int)json_integer_value (json_object_get (job, "job")));

  for (guint i = 0; i < 3000; i++) {
    json_decref (job);
    job = api_call (client, "GET", place, NULL, -1);
    if (g_strcmp0 (json_string_value (json_object_get (job, "state")), "running") != 0)
      return job;
    g_usleep (20000);
  }
  g_assert_not_reached ();
}

static inline const char *
api_text (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}
