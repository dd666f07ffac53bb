/* A store with the domain office.example, an administrator and an admin API on loopback. The API
 * runs in the test's own thread, clients run in another. */
#pragma once
#include "accounts/accounts.h"
#include "accounts/password.h"
#include "admin/admin-server.h"
#include "admin/client.h"
#include "tls/certificate.h"
#include "quick-hash.h"
#include <glib/gstdio.h>

#define ADMIN_PASSWORD "admin-secret"
#define USER_PASSWORD "anna-secret"

typedef struct {
  char *folder;
  Store *store;
  Authenticator *authenticator;
  Configuration *configuration;
  AdminServer *server;
  int reloads; /* atomic */
  char *ended; /* atomic: the last user whose sessions were to end, or NULL */
} Office;

static inline void
remove_tree (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  if (dir != NULL)
    g_dir_close (dir);
  g_remove (path);
}

static inline gboolean
office_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  char **hashes = data;

  return domain_add (transaction, "office.example", error)
      && account_add (transaction, "admin@office.example", hashes[0], NULL, 0, TRUE, error) != 0
      && account_add (transaction, "anna@office.example", hashes[1], NULL, 0, FALSE, error) != 0;
}

static inline gboolean
office_reload (gpointer data, GError **error)
{
  g_atomic_int_inc (&((Office *)data)->reloads);
  return TRUE;
}

static inline void
office_end (const char *user, gpointer data)
{
  Office *self = data;

  g_free (g_atomic_pointer_exchange (&self->ended, g_strdup (user)));
}

/* In the client's thread; free with g_free. */
static inline char *
office_take_ended (Office *self)
{
  return g_atomic_pointer_exchange (&self->ended, NULL);
}

static inline Configuration *
office_configuration (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "hauspost.conf", NULL);
  ListenPlan plan;

  listen_plan_start (&plan, 0);
  g_autofree char *text = configuration_print ("mail.office.example", folder, &plan);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  Configuration *configuration = configuration_load (path, &error);
  g_assert_no_error (error);
  return configuration;
}

static inline void
office_set_up (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  char *hashes[] = { quick_hash (ADMIN_PASSWORD), quick_hash (USER_PASSWORD) };

  self->folder = g_dir_make_tmp ("hauspost-office-XXXXXX", NULL);
  self->configuration = office_configuration (self->folder);
  StoreOptions options = { .folder = self->folder };
  self->store = store_open (&options, &error);
  g_assert_no_error (error);
  g_assert_true (store_write_sync (self->store, office_fill, hashes, NULL));
  g_free (hashes[0]);
  g_free (hashes[1]);

  self->authenticator = authenticator_new (self->store);
  AdminService service
      = { self->configuration, self->store, self->authenticator, NULL, office_reload, self, office_end };
  self->server = admin_server_new (&service, &error);
  g_assert_no_error (error);
  admin_server_listen (self->server, "127.0.0.1:0", &error);
  g_assert_no_error (error);
  g_free (self->configuration->listen[LISTEN_ADMIN][0]);
  self->configuration->listen[LISTEN_ADMIN][0]
      = g_strdup_printf ("127.0.0.1:%u", admin_server_port (self->server));
}

static inline void
office_tear_down (Office *self, gconstpointer data)
{
  g_assert_true (admin_server_free (self->server, 10));
  authenticator_free (self->authenticator);
  store_close (self->store);
  configuration_free (self->configuration);
  remove_tree (self->folder);
  g_free (self->folder);
  g_free (self->ended);
}

/* Runs FUNC (OFFICE) in a thread while the API answers in this one. */
typedef struct {
  void (*func) (Office *office);
  Office *office;
  gboolean ended; /* atomic */
} OfficeClient;

static inline gpointer
office_run_client (gpointer data)
{
  OfficeClient *client = data;

  client->func (client->office);
  g_atomic_int_set (&client->ended, TRUE);
  g_main_context_wakeup (NULL);
  return NULL;
}

static inline void
office_with_client (Office *self, void (*func) (Office *office))
{
  OfficeClient client = { func, self, FALSE };
  GThread *thread = g_thread_new ("client", office_run_client, &client);

  while (!g_atomic_int_get (&client.ended))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
}
