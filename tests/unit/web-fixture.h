/* A store with the domain office.example, anna (who logs in) and a device, a certificate, and calls
 * to the pages as a worker would make them. */
#pragma once
#include "accounts/password.h"
#include "http/pages.h"
#include "http/web-call.h"
#include "language.h"
#include "tls/certificate.h"
#include "quick-hash.h"
#include <glib/gstdio.h>
#include <string.h>

#define ANNA "anna@office.example"
#define ANNAS_PASSWORD "anna-secret"

typedef struct {
  char *folder;
  Store *store;
  Authenticator *authenticator;
  TlsContexts *tls;
  Configuration *configuration;
  WebSessions *sessions;
  WebService service;
  GPtrArray *ended; /* users whose sessions were to end */
} Web;

static inline void
web_remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    web_remove_tree (child);
  }
  g_remove (path);
}

static inline gboolean
web_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  return domain_add (transaction, "office.example", error)
      && domain_add (transaction, "second.example", error)
      && account_add (transaction, ANNA, data, "Anna <A>", 0, FALSE, error)
      && account_add (transaction, "bert@office.example", data, NULL, 0, FALSE, error);
}

static inline void
web_end (const char *user, gpointer data)
{
  g_ptr_array_add (((Web *)data)->ended, g_strdup (user));
}

/* CHANGES: of the ports, as of listen_plan_change. */
static inline Configuration *
web_configuration (const char *folder, const char *changes, guint base)
{
  ListenPlan plan;
  g_autoptr (GError) error = NULL;

  listen_plan_start (&plan, base);
  g_assert_true (listen_plan_change (&plan, changes, &error));
  g_autofree char *text = configuration_print ("mail.office.example", folder, &plan);
  g_autofree char *path = g_build_filename (folder, "hauspost.conf", NULL);
  Configuration *configuration = configuration_parse (path, text, &error);
  g_assert_no_error (error);
  return configuration;
}

static inline void
web_set_up (Web *self, gconstpointer data)
{
  static const char *const hosts[]
      = { "mail.office.example", "autoconfig.office.example", "localhost", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *hash = quick_hash (ANNAS_PASSWORD);

  self->folder = g_dir_make_tmp ("hauspost-web-XXXXXX", NULL);
  StoreOptions options = { .folder = self->folder };
  self->store = store_open (&options, &error);
  g_assert_no_error (error);
  g_assert_true (store_write_sync (self->store, web_fill, hash, &error));
  self->authenticator = authenticator_new (self->store);
  self->configuration = web_configuration (self->folder, "", 0);
  g_autofree char *certificates = configuration_certificates (self->configuration);
  g_assert_true (certificate_self_sign (certificates, "one", hosts, 30, &error));
  self->tls = tls_contexts_new ();
  g_assert_true (tls_contexts_load (self->tls, certificates, "mail.office.example", &error));
  self->sessions = web_sessions_new ();
  self->ended = g_ptr_array_new_with_free_func (g_free);
  self->service = (WebService) { self->configuration, self->store, self->authenticator,
                                 self->tls,           web_end,     self };
}

static inline void
web_tear_down (Web *self, gconstpointer data)
{
  g_ptr_array_unref (self->ended);
  web_sessions_free (self->sessions);
  tls_contexts_unref (self->tls);
  authenticator_free (self->authenticator);
  store_close (self->store);
  configuration_free (self->configuration);
  web_remove_tree (self->folder);
  g_free (self->folder);
}

static inline GHashTable *
web_fields (const char *text)
{
  GHashTable *fields = soup_form_decode (text);

  return fields;
}

/* As a worker does before the page. */
static inline void
web_call_speak (WebCall *call, Language language)
{
  call->language = language;
  language_speak (language_speech (language));
}

/* A call to HOST; QUERY and FORM are as a browser writes them. */
static inline WebCall *
web_call_make (Web *self, const char *host, const char *path, const char *query, const char *form)
{
  WebCall *call = web_call_new (&self->service, self->configuration, self->sessions);

  call->is_post = form != NULL;
  call->path = g_strdup (path);
  call->host = g_strdup (host);
  call->peer = g_strdup ("192.0.2.7");
  call->query = web_fields (query != NULL ? query : "");
  call->form = web_fields (form != NULL ? form : "");
  call->body = g_bytes_new (form, form != NULL ? strlen (form) : 0);
  web_call_speak (call, LANGUAGE_ENGLISH);
  return call;
}

/* Anna has signed in. */
static inline void
web_call_sign_in (Web *self, WebCall *call)
{
  call->token = web_sessions_begin (self->sessions, ANNA, g_get_monotonic_time ());
  call->session = web_sessions_find (self->sessions, call->token, g_get_monotonic_time ());
  g_assert_nonnull (call->session);
}

static inline char *
web_call_text (const WebCall *call)
{
  gsize length;
  const char *bytes = g_bytes_get_data (call->answer, &length);

  return g_strndup (bytes, length);
}

static inline void
web_call_must_say (const WebCall *call, guint status, const char *part)
{
  g_autofree char *text = web_call_text (call);

  g_test_message ("%s %s: %u %s", call->host, call->path, call->status, text);
  g_assert_cmpuint (call->status, ==, status);
  g_assert_nonnull (strstr (text, part));
}

#define web_test(path, func) g_test_add (path, Web, NULL, web_set_up, func, web_tear_down)
