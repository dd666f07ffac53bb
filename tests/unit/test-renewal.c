/* What is due and what is not, with an authority that is away: what is good is left alone, what
 * fails waits. (Whole orders: tests/clients/acme.py.) */
#include "tls/renewal.h"
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-state.h"
#include "tls/certificate.h"
#include "platform/file.h"
#include <glib/gstdio.h>

#define NAME "acme-example.com"

typedef struct {
  char *top, *certificates, *folder;
  GPtrArray *domains;
  RenewalOptions options;
} Fixture;

static void
did_renew (const char *name, gpointer data)
{
  g_assert_not_reached ();
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->top = g_dir_make_tmp ("hauspost-renewal-XXXXXX", NULL);
  self->certificates = g_build_filename (self->top, "certificates", NULL);
  self->folder = g_build_filename (self->top, "acme", NULL);
  self->domains = g_ptr_array_new ();
  g_ptr_array_add (self->domains, (char *)"example.com");
  self->options = (RenewalOptions) { .certificates = self->certificates,
                                     .folder = self->folder,
                                     .hostname = "mail.example.com",
                                     .domains = self->domains,
                                     .did_renew = did_renew };
  g_assert_true (setting_set (SETTING_ACME_DIRECTORY, "https://127.0.0.1:1/dir", NULL));
}

static void
empty (const char *folder)
{
  g_autoptr (GPtrArray) files = file_exists (folder) ? file_list (folder, NULL) : NULL;

  for (guint i = 0; files && i < files->len; i++) {
    g_autofree char *path = g_build_filename (folder, files->pdata[i], NULL);
    g_assert_true (file_remove (path, NULL));
  }
  if (files)
    g_assert_true (file_remove_folder (folder, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  empty (self->certificates);
  empty (self->folder);
  g_assert_true (file_remove_folder (self->top, NULL));
  g_ptr_array_unref (self->domains);
  g_free (self->top);
  g_free (self->certificates);
  g_free (self->folder);
}

/* Whether the authority was asked. */
static gboolean
run (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  guint renewed = 7;
  const gboolean good = renewal_run (&self->options, &renewed, &error);

  g_assert_cmpuint (renewed, ==, 0);
  if (!good)
    g_assert_error (error, ACME_ERROR, ACME_ERROR_UNREACHABLE);
  return !good;
}

static void
make (Fixture *self, gboolean all)
{
  static const char *const hosts[] = { "mail.example.com", "autoconfig.example.com",
                                       "autodiscover.example.com", "mta-sts.example.com", NULL };
  static const char *const one[] = { "mail.example.com", NULL };

  g_assert_true (certificate_self_sign (self->certificates, NAME, all ? hosts : one, 90, NULL));
}

static void
keep (Fixture *self, gint64 renew_at, gint64 next)
{
  g_autoptr (AcmeState) state = acme_state_load (self->folder, NAME);

  state->renew_at = renew_at;
  state->next = next;
  state->ask_at = G_MAXINT64 / 2;
  g_assert_true (acme_state_save (state, self->folder, NULL));
}

static void
test_due (Fixture *self, gconstpointer data)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  g_assert_true (run (self)); /* there is none */
  g_autoptr (AcmeState) state = acme_state_load (self->folder, NAME);
  g_assert_cmpuint (state->failures, ==, 1);
  g_assert_cmpint (state->next, >, now + 300);
  g_assert_false (run (self)); /* it waits */
  self->options.is_asked = TRUE;
  g_assert_true (run (self));
  self->options.is_asked = FALSE;

  make (self, TRUE);
  keep (self, now + 1000, 0);
  g_assert_false (run (self)); /* it is good */
  keep (self, now - 1, 0);
  g_assert_true (run (self)); /* it is old */
  make (self, FALSE);
  keep (self, now + 1000, 0);
  g_assert_true (run (self)); /* names are missing */
}

static void
test_asked (Fixture *self, gconstpointer data)
{
  const gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  make (self, TRUE);
  keep (self, now + 1000, 0);
  self->options.is_asked = TRUE;
  g_assert_false (run (self));
  self->options.only = "other";
  g_assert_false (run (self));
  self->options.only = NAME;
  g_assert_true (run (self));
  self->options.only = "*";
  g_assert_true (run (self));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/renewal/due", Fixture, NULL, set_up, test_due, tear_down);
  g_test_add ("/renewal/asked", Fixture, NULL, set_up, test_asked, tear_down);
  return g_test_run ();
}
