/* The whole daemon: starts, reloads, says goodbye, stops; refuses what it must. */
#include "server.h"
#include "admin-calls.h"
#include "service-fixture.h"
#include <string.h>

/* A port that is free now; the daemon's configuration cannot say "any". */
static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

typedef struct {
  char *folder, *config;
  guint16 smtp, imap, admin;
  gboolean stop_by_api;
} Place;

static void
write_config (Place *self, gboolean with_imap)
{
  g_autofree char *imap = with_imap ? g_strdup_printf ("imap = 127.0.0.1:%u\n", self->imap) : NULL;
  g_autofree char *text = g_strdup_printf (
      "[server]\nhostname = mail.office.example\ndata = data\nthreads = 2\n[listen]\n"
      "smtp = 127.0.0.1:%u\nadmin = 127.0.0.1:%u\npop3 = 127.0.0.1:1\n%s",
      self->smtp, self->admin, imap != NULL ? imap : "");

  g_assert_true (g_file_set_contents (self->config, text, -1, NULL));
}

static void
set_up (Place *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("hauspost-server-XXXXXX", NULL);
  self->config = g_build_filename (self->folder, "hauspost.conf", NULL);
  self->smtp = free_port ();
  self->imap = free_port ();
  self->admin = free_port ();
  write_config (self, FALSE);
}

static void
tear_down (Place *self, gconstpointer data)
{
  remove_tree (self->folder);
  g_free (self->config);
  g_free (self->folder);
}

static void
read_line (guint16 port, GSocketConnection **connection, const char *prefix)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  char line[512] = "";

  for (guint i = 0; i < 500 && *connection == NULL; i++) {
    *connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL);
    if (*connection == NULL)
      g_usleep (10000);
  }
  g_assert_nonnull (*connection);
  g_assert_cmpint (g_input_stream_read (g_io_stream_get_input_stream (G_IO_STREAM (*connection)),
                                        line, sizeof line - 1, NULL, NULL),
                   >, 0);
  g_test_message ("%s", line);
  g_assert_true (g_str_has_prefix (line, prefix));
}

static void
read_goodbye (GSocketConnection *connection, const char *prefix)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (connection));
  char line[512] = "";

  g_assert_cmpint (g_input_stream_read (input, line, sizeof line - 1, NULL, NULL), >, 0);
  g_assert_true (g_str_has_prefix (line, prefix));
  g_assert_cmpint (g_input_stream_read (input, line, 1, NULL, NULL), ==, 0);
}

/* What happens while the daemon runs in the main thread. */
static gpointer
visit (gpointer data)
{
  Place *self = data;
  g_autoptr (GSocketConnection) smtp = NULL, imap = NULL;
  g_autoptr (GError) error = NULL;

  read_line (self->smtp, &smtp, "220 mail.office.example ");
  write_config (self, TRUE);
  ask_reload ();
  read_line (self->imap, &imap, "* OK ");

  g_autoptr (Configuration) configuration = configuration_load (self->config, &error);
  g_assert_no_error (error);
  g_autoptr (AdminClient) client = admin_client_new_local (configuration, &error);
  g_assert_no_error (error);
  json_t *status = admin_client_call (client, "GET", "/v1/status", NULL, &error);
  g_assert_no_error (error);
  json_t *listen = json_object_get (status, "listen");
  g_assert_nonnull (json_object_get (listen, "imap"));
  g_assert_null (json_object_get (listen, "sieve"));
  json_decref (status);

  if (self->stop_by_api)
    json_decref (admin_client_call (client, "POST", "/v1/stop", NULL, &error));
  else
    ask_stop ();
  ask_reload (); /* too late for anything, while the sessions say goodbye */
  g_assert_no_error (error);
  read_goodbye (smtp, "421 4.3.2 ");
  read_goodbye (imap, "* BYE ");
  return NULL;
}

static void
test_life (Place *self, gconstpointer data)
{
  /* Twice: the second start opens what the first one left. */
  for (guint i = 0; i < 2; i++) {
    write_config (self, FALSE);
    self->stop_by_api = i == 1;
    GThread *thread = g_thread_new ("visitor", visit, self);
    g_assert_cmpint (server_run (self->config), ==, 0);
    g_thread_join (thread);
  }
}

/* A connection of its own holds the database: whatever is to be written waits. */
static Database *
stop_writing (Place *self)
{
  g_autofree char *path = g_build_filename (self->folder, "data", "store.db", NULL);
  g_autoptr (GError) error = NULL;
  Database *database = database_open (path, DATABASE_WRITE, &error);

  g_assert_no_error (error);
  g_assert_true (database_execute (database, "BEGIN IMMEDIATE", &error));
  return database;
}

static void
go_on_writing (Database *database)
{
  g_assert_true (database_execute (database, "ROLLBACK", NULL));
  database_close (database);
}

static AdminClient *
make_client (Place *self)
{
  g_autoptr (Configuration) configuration = configuration_load (self->config, NULL);
  g_autoptr (GError) error = NULL;
  AdminClient *client = admin_client_new_local (configuration, &error);

  g_assert_no_error (error);
  return client;
}

/* The server may end before it answers. */
static gpointer
disable (gpointer data)
{
  g_autoptr (AdminClient) client = make_client (data);
  json_t *body = json_pack ("{s:b}", "enabled", FALSE);

  json_decref (admin_client_call (client, "PATCH", "/v1/users/anna@office.example", body, NULL));
  json_decref (body);
  return NULL;
}

/* The administration closes its door after the pages are gone. */
static void
wait_for_closed_door (Place *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection;

  while ((connection
          = g_socket_client_connect_to_host (client, "127.0.0.1", self->admin, NULL, NULL))) {
    g_object_unref (connection);
    g_usleep (5000);
  }
}

/* A user is disabled, which waits for the disk; meanwhile the server stops. */
static gpointer
change_late (gpointer data)
{
  Place *self = data;
  g_autoptr (GSocketConnection) smtp = NULL;
  json_t *password = json_pack ("{s:s}", "password", "correct horse");

  read_line (self->smtp, &smtp, "220 mail.office.example ");
  g_clear_object (&smtp);
  g_autoptr (AdminClient) client = make_client (self);
  json_decref (api_call (client, "PUT", "/v1/domains/office.example", NULL, -1));
  json_decref (admin_client_call (client, "POST", "/v1/users/anna@office.example", password, NULL));
  Database *database = stop_writing (self);
  GThread *disabling = g_thread_new ("disabling", disable, self);
  for (guint i = 0; i < 20; i++) /* what comes later is answered: so it has come */
    json_decref (api_call (client, "GET", "/v1/whoami", NULL, -1));
  ask_stop ();
  wait_for_closed_door (self);
  go_on_writing (database);
  g_thread_join (disabling);
  json_decref (password);
  return NULL;
}

static gboolean
read_enabled (Place *self)
{
  g_autofree char *path = g_build_filename (self->folder, "data", "store.db", NULL);
  g_autoptr (Database) database = database_open (path, DATABASE_WRITE, NULL);
  g_autoptr (Account) account = account_find (database, "anna@office.example", NULL);

  g_assert_nonnull (account);
  return account->enabled;
}

/* What a change has on its heels (sessions that end) comes when the pages, and whoever signed in
 * there, are gone. */
static void
test_late_change (Place *self, gconstpointer data)
{
  GThread *thread = g_thread_new ("visitor", change_late, self);

  g_assert_cmpint (server_run (self->config), ==, 0);
  g_thread_join (thread);
  g_assert_false (read_enabled (self));
}

static void
test_taken_port (Place *self, gconstpointer data)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new_from_string ("127.0.0.1", self->smtp);

  g_assert_true (g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, NULL, NULL));
  g_assert_cmpint (server_run (self->config), ==, 1);
}

static void
test_bad_configuration (Place *self, gconstpointer data)
{
  g_assert_true (g_file_set_contents (self->config, "[server]\nhostnam = x\n", -1, NULL));
  g_assert_cmpint (server_run (self->config), ==, 1);
  g_assert_cmpint (server_check (self->config), ==, 1);
}

static void
test_check (Place *self, gconstpointer data)
{
  g_autofree char *folder = g_build_filename (self->folder, "data", NULL);

  g_assert_cmpint (server_check (self->config), ==, 0);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS)); /* it changes nothing */
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *path;
    void (*func) (Place *, gconstpointer);
  } tests[] = {
    { "/server/life", test_life },
    { "/server/late-change", test_late_change },
    { "/server/taken-port", test_taken_port },
    { "/server/bad-configuration", test_bad_configuration },
    { "/server/check", test_check },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Place, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}
