/* The configuration file: what is read, what is refused, what init writes. */
#include "configuration.h"
#include <glib/gstdio.h>
#include <string.h>

typedef struct {
  char *folder, *path;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("hauspost-configuration-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "hauspost.conf", NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_remove (self->path);
  g_rmdir (self->folder);
  g_free (self->path);
  g_free (self->folder);
}

static Configuration *
load (Fixture *self, const char *text, GError **error)
{
  g_assert_true (g_file_set_contents (self->path, text, -1, NULL));
  return configuration_load (self->path, error);
}

static void
test_load (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Configuration) configuration
      = load (self,
              "[server]\nhostname = mail.example.com  # its name\ndata = data\nthreads = 0  # all\n"
              "[listen]\nsmtp = 0.0.0.0:25 [::]:25\nimap =\n",
              &error);
  g_autofree char *data_folder = g_build_filename (self->folder, "data", NULL);
  g_autofree char *certificates = g_build_filename (data_folder, "certificates", NULL);

  g_assert_no_error (error);
  g_autofree char *found = configuration_certificates (configuration);
  g_assert_cmpstr (configuration->hostname, ==, "mail.example.com");
  g_assert_cmpstr (configuration->data, ==, data_folder);
  g_assert_cmpstr (found, ==, certificates);
  g_assert_cmpuint (configuration->threads, ==, g_get_num_processors ());
  g_assert_cmpstr (configuration->listen[LISTEN_SMTP][0], ==, "0.0.0.0:25");
  g_assert_cmpstr (configuration->listen[LISTEN_SMTP][1], ==, "[::]:25");
  g_assert_null (configuration->listen[LISTEN_SMTP][2]);
  g_assert_null (configuration->listen[LISTEN_IMAP][0]);
  g_assert_null (configuration->listen[LISTEN_SUBMISSION][0]);
  g_assert_cmpstr (configuration->listen[LISTEN_ADMIN][0], ==, "127.0.0.1:8420");
}

/* Paths of Windows are full of backslashes. */
static void
test_backslashes (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Configuration) configuration
      = load (self, "[server]\nhostname = mail.example.com\ndata = \\Mail\\new\n", &error);
  g_autofree char *expected = g_canonicalize_filename ("\\Mail\\new", self->folder);

  g_assert_no_error (error);
  g_assert_cmpstr (configuration->data, ==, expected);
}

static const struct {
  const char *text, *key;
} refused[] = {
  { "[server]\nhostname = mail\n", "hostname" },
  { "[server]\nhostname = mail.example.com; rm\n", "hostname" },
  { "[server]\ndata = /x\n", "hostname" },
  { "[server]\nhostname = m.example.com\nthreads = many\n", "threads" },
  { "[server]\nhostname = m.example.com\nthreads = 257\n", "threads" },
  { "[server]\nhostname = m.example.com\nthread = 2\n", "thread: there is no such key" },
  { "[server]\nhostname = m.example.com\n[listen]\nimaap = 1.2.3.4:5\n", "imaap" },
  { "[server]\nhostname = m.example.com\n[listen]\nimap = 1.2.3.4\n", "imap" },
  { "[server]\nhostname = m.example.com\n[listen]\nimap = localhost:143\n", "imap" },
  { "[server]\nhostname = m.example.com\n[listen]\nimap = 1.2.3.4:99999\n", "imap" },
  { "[server]\nhostname = m.example.com\n[listen]\nimap = ::1:143\n", "imap" },
  { "[server]\nhostname = m.example.com\n[lissen]\n", "lissen" },
  { "hostname = m.example.com\n", "cannot be read" },
};

static void
test_refused (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (Configuration) configuration = load (self, refused[i].text, &error);

    g_assert_null (configuration);
    g_test_message ("%s", error->message);
    g_assert_nonnull (strstr (error->message, refused[i].key));
    g_assert_nonnull (strstr (error->message, self->path));
  }
}

static void
test_missing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (configuration_load (self->path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_print (Fixture *self, gconstpointer data)
{
  ListenPlan plan;
  g_autoptr (GError) error = NULL;

  listen_plan_start (&plan, 20000);
  g_autofree char *loopback = configuration_print ("mail.example.com", "/srv/mail", &plan);
  listen_plan_start (&plan, 0);
  g_autofree char *standard = configuration_print ("mail.example.com", "/srv/mail", &plan);

  g_autoptr (Configuration) first = load (self, loopback, &error);
  g_assert_no_error (error);
  g_autofree char *expected = g_canonicalize_filename ("/srv/mail", NULL);
  g_assert_cmpstr (first->data, ==, expected);
  g_assert_cmpstr (first->listen[LISTEN_SMTP][0], ==, "127.0.0.1:20025");
  g_assert_cmpstr (first->listen[LISTEN_LMTP][0], ==, "127.0.0.1:20024");
  g_assert_cmpstr (first->listen[LISTEN_ADMIN][0], ==, "127.0.0.1:28420");
  for (guint i = 0; i < LISTEN_COUNT; i++)
    g_assert_cmpint (first->listen[i][0] != NULL, ==, listen_info (i)->served);

  g_autoptr (Configuration) second = load (self, standard, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second->listen[LISTEN_SMTP][1], ==, "[::]:25");
  g_assert_null (second->listen[LISTEN_LMTP][0]);
  g_assert_cmpstr (second->listen[LISTEN_ADMIN][0], ==, "127.0.0.1:8420");
}

static const struct {
  const char *changes; /* on the standard ports */
  guint smtp, imap, lmtp;
} plans[] = {
  { "smtp=2525", 2525, 143, 0 },
  { "smtp=2525,imap=off", 2525, 0, 0 },
  { "lmtp=24, imap=1", 25, 1, 24 },
  { "smtp=65535", 65535, 143, 0 },
  { "", 25, 143, 0 },
};
static const char *const bad_plans[]
    = { "smtp",    "smtp=",   "smtp=0",         "smtp=65536", "smtp=-1",
        "smtp=of", "smpt=25", "smtp=25;imap=1", "smtp=25,",   "=25" };

static void
test_plan (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  ListenPlan plan;

  for (guint i = 0; i < G_N_ELEMENTS (plans); i++) {
    listen_plan_start (&plan, 0);
    g_assert_true (listen_plan_change (&plan, plans[i].changes, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (plan.ports[LISTEN_SMTP], ==, plans[i].smtp);
    g_assert_cmpuint (plan.ports[LISTEN_IMAP], ==, plans[i].imap);
    g_assert_cmpuint (plan.ports[LISTEN_LMTP], ==, plans[i].lmtp);
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad_plans); i++) {
    listen_plan_start (&plan, 0);
    g_assert_false (listen_plan_change (&plan, bad_plans[i], &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    g_clear_error (&error);
  }
  listen_plan_start (&plan, 0);
  g_assert_true (listen_plan_change (&plan, "smtp=2525,imap=off", NULL));
  g_autofree char *text = configuration_print ("mail.example.com", "/srv/mail", &plan);
  g_autoptr (Configuration) parsed = configuration_parse (self->path, text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (parsed->listen[LISTEN_SMTP][0], ==, "0.0.0.0:2525");
  g_assert_null (parsed->listen[LISTEN_IMAP][0]);
}

static void
test_find (void)
{
  g_setenv ("HAUSPOST_CONFIG", "/from/variable", TRUE);
  g_autofree char *given = configuration_find ("/given"), *variable = configuration_find (NULL);
  g_unsetenv ("HAUSPOST_CONFIG");
  g_autofree char *usual = configuration_find (NULL);

  g_assert_cmpstr (given, ==, "/given");
  g_assert_cmpstr (variable, ==, "/from/variable");
  g_assert_true (g_str_has_suffix (usual, "hauspost.conf"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/configuration/load", Fixture, NULL, set_up, test_load, tear_down);
  g_test_add ("/configuration/backslashes", Fixture, NULL, set_up, test_backslashes, tear_down);
  g_test_add ("/configuration/refused", Fixture, NULL, set_up, test_refused, tear_down);
  g_test_add ("/configuration/missing", Fixture, NULL, set_up, test_missing, tear_down);
  g_test_add ("/configuration/print", Fixture, NULL, set_up, test_print, tear_down);
  g_test_add ("/configuration/plan", Fixture, NULL, set_up, test_plan, tear_down);
  g_test_add_func ("/configuration/find", test_find);
  return g_test_run ();
}
