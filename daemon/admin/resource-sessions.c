/* Who is connected, and the end of it. */
#include "admin/resources.h"
#include "net/sessions.h"

#define ANSWER_MILLISECONDS 2000

typedef struct {
  const AdminService *service;
  Survey *survey;
} Asking;

/* Main thread: only there the I/O threads are sure to live. */
static gboolean
ask (gpointer data)
{
  g_autofree Asking *asking = data;

  asking->service->survey (asking->survey, asking->service->data);
  survey_unref (asking->survey);
  return G_SOURCE_REMOVE;
}

GPtrArray *
admin_call_sessions (const AdminCall *call)
{
  g_autoptr (Survey) survey = survey_new ();
  Asking *asking;

  if (call->service->survey == NULL)
    return g_ptr_array_new ();
  asking = g_new (Asking, 1);
  *asking = (Asking) { call->service, survey_ref (survey) };
  g_idle_add_full (G_PRIORITY_DEFAULT, ask, asking, NULL);
  return survey_wait (survey, ANSWER_MILLISECONDS);
}

gboolean
sessions_get (AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) sessions = admin_call_sessions (call);
  json_t *list = json_array ();

  for (guint i = 0; i < sessions->len; i++) {
    const Session *session = sessions->pdata[i];

    if (call->caller->role == ADMIN_DOMAINS
        && (session->user == NULL || !caller_sees (call->caller, session->user)))
      continue;
    json_array_append_new (
        list,
        json_pack ("{s:s, s:s, s:s?, s:s, s:I, s:b, s:s?}", "id", session->id, "protocol",
                   session->protocol, "user", session->user, "address", session->address, "since",
                   (json_int_t)session->since, "tls", session->secure, "client", session->client));
  }
  json_object_set_new (call->answer, "sessions", list);
  return TRUE;
}

gboolean
session_delete (AdminCall *call, GError **error)
{
  g_autoptr (GPtrArray) sessions = admin_call_sessions (call);

  for (guint i = 0; i < sessions->len; i++)
    if (g_strcmp0 (((Session *)sessions->pdata[i])->id, call->argument) == 0) {
      call->ended_session = g_strdup (call->argument);
      return TRUE;
    }
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND,
                       _ ("There is no such session any more."));
  return FALSE;
}
