/* What a call has found becomes bytes. */
#include "admin/admin-answer.h"
#include "admin/change.h"
#include <string.h>

/* jansson refuses to print text that is not UTF-8. */
static GBytes *
print (const json_t *answer)
{
  char *dumped = json_dumps (answer, JSON_COMPACT);
  const char *text = dumped != NULL ? dumped : "{}";

  return g_bytes_new_with_free_func (text, strlen (text), free, dumped);
}

static guint
status_of (const GError *error)
{
  static const struct {
    int code;
    guint status;
  } store[] = {
    { STORE_ERROR_NOT_FOUND, SOUP_STATUS_NOT_FOUND },
    { STORE_ERROR_EXISTS, SOUP_STATUS_CONFLICT },
    { STORE_ERROR_INVALID, SOUP_STATUS_BAD_REQUEST },
    { STORE_ERROR_FULL, SOUP_STATUS_INSUFFICIENT_STORAGE },
    { STORE_ERROR_DENIED, SOUP_STATUS_FORBIDDEN },
  }, io[] = {
    { G_IO_ERROR_NOT_FOUND, SOUP_STATUS_NOT_FOUND },
    { G_IO_ERROR_EXISTS, SOUP_STATUS_CONFLICT },
    { G_IO_ERROR_INVALID_ARGUMENT, SOUP_STATUS_BAD_REQUEST },
    { G_IO_ERROR_INVALID_DATA, SOUP_STATUS_BAD_REQUEST },
    { G_IO_ERROR_BUSY, SOUP_STATUS_CONFLICT },
    { G_IO_ERROR_NO_SPACE, SOUP_STATUS_INSUFFICIENT_STORAGE },
    { G_IO_ERROR_PERMISSION_DENIED, SOUP_STATUS_FORBIDDEN },
  };

  for (guint i = 0; error->domain == STORE_ERROR && i < G_N_ELEMENTS (store); i++)
    if (error->code == store[i].code)
      return store[i].status;
  for (guint i = 0; error->domain == G_IO_ERROR && i < G_N_ELEMENTS (io); i++)
    if (error->code == io[i].code)
      return io[i].status;
  return SOUP_STATUS_INTERNAL_SERVER_ERROR;
}

/* Of a list: of all that it holds. */
static char *
etag_of_bytes (GBytes *bytes)
{
  g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);

  return g_strdup_printf ("\"%.32s\"", digest);
}

void
admin_answer_success (AdminCall *call, guint *status, GBytes **bytes)
{
  *status = SOUP_STATUS_OK;
  if (call->text != NULL) {
    *bytes = g_bytes_new (call->text, strlen (call->text));
    return;
  }
  *bytes = call->raw ? g_string_free_to_bytes (g_steal_pointer (&call->raw)) : print (call->answer);
  if (call->etag == NULL && strcmp (call->resource->method, "GET") == 0)
    call->etag = etag_of_bytes (*bytes);
}

/* What a GET of the same path answers now; NULL: nothing is there. */
static json_t *
read_current (const AdminCall *call, char **etag)
{
  const char *argument;
  gboolean wrong;
  const Resource *resource = resource_find ("GET", call->path, &argument, &wrong);
  AdminCall look = *call;
  json_t *state;

  if (resource == NULL)
    return NULL;
  look.resource = resource;
  look.argument = argument;
  look.body = json_object ();
  look.answer = json_object ();
  state = admin_call_read_state (&look);
  *etag = admin_etag (state);
  json_decref (state);
  if (!resource->run (&look, NULL))
    g_clear_pointer (&look.answer, json_decref);
  if (look.raw) {
    json_decref (look.answer);
    look.answer = json_loads (look.raw->str, 0, NULL);
    g_string_free (look.raw, TRUE);
  }
  json_decref (look.body);
  return look.answer;
}

void
admin_answer_failure (AdminCall *call, const GError *error, guint *status, GBytes **bytes)
{
  json_t *answer = json_pack ("{s:s}", "error", error->message);

  *status = call->is_stale ? SOUP_STATUS_PRECONDITION_FAILED : status_of (error);
  g_clear_pointer (&call->etag, g_free);
  g_clear_pointer (&call->text, g_free);
  if (call->raw)
    g_string_free (g_steal_pointer (&call->raw), TRUE);
  if (call->is_stale) {
    json_t *current = read_current (call, &call->etag);
    json_object_set_new (answer, "current", current ? current : json_null ());
  }
  g_clear_pointer (bytes, g_bytes_unref);
  *bytes = print (answer);
  json_decref (answer);
}

/* Passwords and tokens travel in bodies and headers; nothing may keep an answer either. */
void
admin_answer_bytes (SoupServerMessage *message, guint status, AdminAnswer kind, GBytes *bytes,
                    const char *etag)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  soup_message_headers_replace (headers, "Cache-Control", "no-store");
  if (etag != NULL)
    soup_message_headers_replace (headers, "ETag", etag);
  http_door_answer (message, status,
                    kind == ADMIN_ANSWER_JSON ? "application/json"
                                              : "text/plain; version=0.0.4; charset=utf-8",
                    bytes);
}

void
admin_answer_error (SoupServerMessage *message, guint status, const char *sentence)
{
  json_t *answer = json_pack ("{s:s}", "error", sentence);
  g_autoptr (GBytes) bytes = print (answer);

  admin_answer_bytes (message, status, ADMIN_ANSWER_JSON, bytes, NULL);
  json_decref (answer);
}
