/* What a request says, and the fields of its answer. */
#include "http/web-call.h"
#include "http/http-door.h"
#include "http/web-fields.h"
#include "language.h"
#include <openssl/crypto.h>
#include <string.h>

#define FORM_TYPE "application/x-www-form-urlencoded"
#define LANGUAGE_SECONDS (365 * G_GINT64_CONSTANT (86400))
#define HSTS_FIELD "max-age=31536000"
/* Pages need nothing but themselves and one stylesheet: whatever else somebody could smuggle in
 * does nothing. */
#define SECURITY_POLICY                                                                            \
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "    \
  "frame-ancestors 'none'"

WebCall *
web_call_new (const WebService *service, const Configuration *configuration, WebSessions *sessions)
{
  WebCall *self = g_new0 (WebCall, 1);

  self->service = service;
  self->configuration = configuration;
  self->sessions = sessions;
  self->status = SOUP_STATUS_OK;
  self->cache = "no-store";
  self->cookies = g_ptr_array_new_with_free_func (g_free);
  return self;
}

static void
wipe (gpointer key, gpointer value, gpointer data)
{
  OPENSSL_cleanse (value, strlen (value));
}

void
web_call_free (WebCall *self)
{
  if (self == NULL)
    return;
  if (self->form != NULL)
    g_hash_table_foreach (self->form, wipe, NULL);
  g_clear_pointer (&self->form, g_hash_table_unref);
  g_clear_pointer (&self->query, g_hash_table_unref);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_clear_pointer (&self->answer, g_bytes_unref);
  web_session_free (self->session);
  g_ptr_array_unref (self->cookies);
  g_free (self->path);
  g_free (self->host);
  g_free (self->peer);
  g_free (self->token);
  g_free (self->user);
  g_free (self->location);
  g_free (self->ended_user);
  g_free (self);
}

static GHashTable *
read_form (SoupServerMessage *message, GBytes *body)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  gsize length;
  const char *bytes = g_bytes_get_data (body, &length);

  return g_strcmp0 (type, FORM_TYPE) == 0 ? form_parse (bytes, length) : NULL;
}

static GHashTable *
no_fields (void)
{
  return g_hash_table_new (g_str_hash, g_str_equal);
}

const char *
web_call_field (const WebCall *self, const char *name)
{
  return field_text (self->form, name);
}

const char *
web_call_query (const WebCall *self, const char *name)
{
  return field_text (self->query, name);
}

static Language
choose_language (const WebCall *self, SoupMessageHeaders *headers)
{
  g_autofree char *cookie
      = cookie_find (soup_message_headers_get_list (headers, "Cookie"), WEB_LANGUAGE_COOKIE);
  Language language;

  if (language_parse (web_call_query (self, "language"), &language)
      || (cookie != NULL && language_parse (cookie, &language)))
    return language;
  return accept_language (soup_message_headers_get_list (headers, "Accept-Language"),
                          language_of_server ());
}

/* Of what was too large nothing is kept, and libsoup has nothing to give. */
static GBytes *
read_body (SoupServerMessage *message)
{
  return http_door_is_too_large (message)
      ? g_bytes_new_static ("", 0)
      : soup_message_body_flatten (soup_server_message_get_request_body (message));
}

/* The prefix "__Host-" lets a browser take it from no other host and without TLS never. SECONDS 0:
 * as long as the browser runs; -1: it is to be forgotten. */
void
web_call_set_cookie (WebCall *self, const char *name, const char *value, gint64 seconds)
{
  g_autofree char *age = seconds == 0
      ? g_strdup ("")
      : g_strdup_printf ("; Max-Age=%" G_GINT64_FORMAT, MAX (seconds, 0));

  g_ptr_array_add (
      self->cookies,
      g_strdup_printf ("%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict%s", name, value, age));
}

void
web_call_read (WebCall *self, SoupServerMessage *message, const char *path, GHashTable *query)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  self->is_post = strcmp (soup_server_message_get_method (message), "POST") == 0;
  self->path = g_strdup (path);
  self->host = host_parse (soup_message_headers_get_one (headers, "Host"));
  self->peer = g_strdup (soup_server_message_get_remote_host (message));
  self->query = query != NULL ? g_hash_table_ref (query) : no_fields ();
  self->body = read_body (message);
  self->form = read_form (message, self->body);
  if (self->form == NULL)
    self->form = no_fields ();
  self->language = choose_language (self, headers);
  if (*web_call_query (self, "language") != '\0')
    web_call_set_cookie (self, WEB_LANGUAGE_COOKIE, language_tag (self->language),
                         LANGUAGE_SECONDS);
  self->token = cookie_find (soup_message_headers_get_list (headers, "Cookie"), WEB_SESSION_COOKIE);
  self->session = web_sessions_find (self->sessions, self->token, g_get_monotonic_time ());
}

void
web_call_answer_bytes (WebCall *self, guint status, const char *type, GBytes *bytes)
{
  self->status = status;
  self->type = type;
  g_clear_pointer (&self->answer, g_bytes_unref);
  self->answer = bytes;
}

void
web_call_answer (WebCall *self, guint status, const char *type, char *text)
{
  web_call_answer_bytes (self, status, type, g_bytes_new_take (text, strlen (text)));
}

void
web_call_redirect (WebCall *self, const char *location)
{
  web_call_answer (self, SOUP_STATUS_SEE_OTHER, "text/plain; charset=utf-8", g_strdup (""));
  g_free (self->location);
  self->location = g_strdup (location);
}

void
web_call_write (const WebCall *self, SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) empty = g_bytes_new_static ("", 0);

  soup_message_headers_replace (headers, "Content-Security-Policy", SECURITY_POLICY);
  soup_message_headers_replace (headers, "X-Frame-Options", "DENY");
  /* "no-referrer" would take the Origin away from our own forms. */
  soup_message_headers_replace (headers, "Referrer-Policy", "same-origin");
  soup_message_headers_replace (headers, "Cross-Origin-Opener-Policy", "same-origin");
  soup_message_headers_replace (headers, "Cross-Origin-Resource-Policy", "same-origin");
  soup_message_headers_replace (headers, "Cache-Control", self->cache);
  soup_message_headers_replace (headers, "Vary", "Accept-Language, Cookie");
  /* With a certificate that nobody knows it would lock people out (RFC 6797 §12.1). */
  if (self->is_trusted)
    soup_message_headers_replace (headers, "Strict-Transport-Security", HSTS_FIELD);
  if (self->location != NULL)
    soup_message_headers_replace (headers, "Location", self->location);
  if (self->file_name != NULL) {
    g_autofree char *disposition = g_strdup_printf ("attachment; filename=\"%s\"", self->file_name);
    soup_message_headers_replace (headers, "Content-Disposition", disposition);
  }
  for (guint i = 0; i < self->cookies->len; i++)
    soup_message_headers_append (headers, "Set-Cookie", self->cookies->pdata[i]);
  http_door_answer (message, self->status, self->type, self->answer != NULL ? self->answer : empty);
}
