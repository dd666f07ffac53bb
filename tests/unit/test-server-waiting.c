/* A service without a configuration: waits for it, ends when it is asked to. */
#include "server-waiting.h"
#include "service-fixture.h"
#include <glib/gstdio.h>

typedef struct {
  const char *path;
  gboolean stop; /* else the configuration is made */
} Visit;

static gpointer
visit (gpointer data)
{
  Visit *self = data;

  g_usleep (300000);
  if (self->stop)
    ask_stop ();
  else
    g_assert_true (g_file_set_contents (self->path, "x", -1, NULL));
  return NULL;
}

static void
test_wait (void)
{
  g_autofree char *folder = g_dir_make_tmp ("hauspost-waiting-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "hauspost.conf", NULL);

  for (guint stop = 2; stop-- > 0;) {
    Visit self = { path, stop == 1 };
    GThread *thread = g_thread_new ("visitor", visit, &self);
    g_assert_cmpint (server_wait (path), ==, !self.stop);
    g_thread_join (thread);
  }
  g_assert_true (server_wait (path)); /* at once: nobody is there to end it */
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server-waiting/wait", test_wait);
  return g_test_run ();
}
