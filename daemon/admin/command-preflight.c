/* hauspost preflight, setup. */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include <glib/gi18n.h>
#include <string.h>

#define POLL_MICROSECONDS 300000

static const struct {
  const char *state, *mark;
} marks[] = { { "good", N_ ("[good]") },
              { "attention", N_ ("[look]") },
              { "bad", N_ ("[bad]") },
              { "unknown", N_ ("[?]") } };

static const char *
mark_of (const json_t *step)
{
  const char *state = item_text (step, "state");

  for (guint i = 0; i < G_N_ELEMENTS (marks); i++)
    if (strcmp (marks[i].state, state) == 0)
      return _ (marks[i].mark);
  return NULL; /* it is not through */
}

/* Those that are through, from *TOLD on. */
static void
print_steps (const json_t *job, gsize *told)
{
  const json_t *steps = json_object_get (json_object_get (job, "result"), "steps");

  for (; *told < json_array_size (steps); (*told)++) {
    const json_t *step = json_array_get (steps, *told);
    const char *mark = mark_of (step), *next = item_text (step, "next");

    if (mark == NULL)
      return;
    console_progress_end ();
    g_print ("%-10s %s: %s\n", mark, item_text (step, "title"), item_text (step, "text"));
    if (*next)
      g_print ("           %s\n", next);
  }
}

static json_t *
follow (Invocation *invocation, gint64 number, GError **error)
{
  g_autofree char *path = g_strdup_printf ("/v1/jobs/%" G_GINT64_FORMAT, number);
  const gboolean quiet = invocation->options[OPTION_JSON] != NULL;
  gsize told = 0;
  json_t *job;

  while ((job = command_ask (invocation, path, error)) != NULL) {
    if (!quiet)
      print_steps (job, &told);
    if (strcmp (item_text (job, "state"), "running") != 0)
      return job;
    console_progress (_ ("Testing"), told, 10);
    json_decref (job);
    g_usleep (POLL_MICROSECONDS);
  }
  return NULL;
}

static json_t *
make_body (const char *outside)
{
  g_auto (GStrv) hosts = g_strsplit_set (outside ? outside : "", " ,", -1);
  json_t *body = json_object (), *list = json_array ();

  for (char **host = hosts; *host; host++)
    if (**host)
      json_array_append_new (list, json_string (*host));
  if (outside)
    json_object_set (body, "outside", list);
  json_decref (list);
  return body;
}

gboolean
command_preflight (Invocation *invocation, GError **error)
{
  AdminClient *client = command_client (invocation, error);
  json_t *body = make_body (invocation->options[OPTION_OUTSIDE]);
  json_t *answer = client ? admin_client_call (client, "POST", "/v1/preflight", body, error) : NULL;
  json_t *job = answer
      ? follow (invocation, json_integer_value (json_object_get (answer, "job")), error)
      : NULL;
  const char *problem = item_text (job, "error");
  const gboolean done = job != NULL && *problem == '\0';

  console_progress_end ();
  if (*problem)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, problem);
  if (done && invocation->options[OPTION_JSON] != NULL)
    console_print_json (json_object_get (job, "result"));
  json_decref (body);
  json_decref (answer);
  json_decref (job);
  return done;
}

/* The answers stay as they are. */
static gboolean
go_on (Invocation *invocation, const json_t *setup, GError **error)
{
  const char *step = command_argument (invocation, 0), *before = item_text (setup, "step");
  json_t *answers = json_object_get (setup, "answers");
  json_t *body = json_pack ("{s:s, s:b, s:O}", "step", step ? step : before, "done",
                            invocation->options[OPTION_DONE] != NULL, "answers", answers);
  const gboolean done = command_send (invocation, "PUT", "/v1/setup", body, error);

  json_decref (body);
  return done;
}

static void
print_setup (const json_t *answer)
{
  const json_t *setup = json_object_get (answer, "setup"),
               *facts = json_object_get (answer, "facts");
  const char *step = item_text (setup, "step"), *name;
  json_t *value;

  g_print ("%s\n",
           json_is_true (json_object_get (setup, "done")) ? _ ("The setup is finished.")
                                                          : _ ("The setup is not finished."));
  if (*step)
    g_print (_ ("It goes on at: %s\n"), step);
  json_object_foreach ((json_t *)facts, name, value)
  {
    char *text = json_dumps (value, JSON_ENCODE_ANY);
    g_print ("  %-16s %s\n", name, text);
    free (text);
  }
}

gboolean
command_setup (Invocation *invocation, GError **error)
{
  json_t *answer;
  gboolean done = TRUE;

  if (invocation->options[OPTION_FORGET] != NULL)
    return command_send (invocation, "DELETE", "/v1/setup", NULL, error);
  answer = command_ask (invocation, "/v1/setup", error);
  if (answer == NULL)
    return FALSE;
  if (command_argument (invocation, 0) || invocation->options[OPTION_DONE] != NULL)
    done = go_on (invocation, json_object_get (answer, "setup"), error);
  else if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else
    print_setup (answer);
  json_decref (answer);
  return done;
}
