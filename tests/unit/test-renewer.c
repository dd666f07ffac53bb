/* Rounds are one at a time, end when the server does, and need no authority to fail well. */
#include "tls/renewer.h"
#include "accounts-fixture.h"
#include "settings.h"
#include "tls/acme-error.h"

static gboolean
reload (gpointer data, GError **error)
{
  g_assert_not_reached ();
}

static void
did_change (gpointer data)
{
  ++*(guint *)data;
}

static guint changes;

static Renewer *
make (Office *self)
{
  const RenewerOptions options = { .data = self->folder,
                                   .hostname = "mail.example.com",
                                   .store = self->store,
                                   .reload = reload,
                                   .did_change = did_change,
                                   .data_of_calls = &changes };

  changes = 0;

  g_assert_true (setting_set (SETTING_ACME_DIRECTORY, "https://127.0.0.1:1/dir", NULL));
  return renewer_new (&options);
}

static gpointer
order (gpointer renewer)
{
  const RenewerOrder order = { .only = NULL };
  GError *error = NULL;
  guint renewed = 7;

  g_assert_false (renewer_order (renewer, &order, &renewed, &error));
  g_assert_cmpuint (renewed, ==, 0);
  return error;
}

static void
test_order (Office *self, gconstpointer data)
{
  Renewer *renewer = make (self);
  g_autoptr (GError) first = order (renewer), second = NULL, third = NULL;

  g_assert_error (first, ACME_ERROR, ACME_ERROR_UNREACHABLE);
  g_assert_false (renewer_roll_over (renewer, &second));
  g_assert_error (second, ACME_ERROR, ACME_ERROR_UNREACHABLE);
  g_assert_false (renewer_revoke (renewer, "nothing", 0, &third));
  g_assert_error (third, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  while (g_main_context_iteration (NULL, FALSE)) { }
  g_assert_cmpuint (changes, ==, 1); /* the order's failure is something to show */
  g_assert_true (renewer_free (renewer, 5));
}

static void
did_look (guint64 done, guint64 total, gpointer data)
{
  g_assert_cmpuint (done, ==, 0);
  g_assert_cmpuint (total, ==, 1);
  g_cancellable_cancel (data);
}

/* Who has ordered changes the mind while it runs: that ends the round and is no failure. */
static void
test_change_of_mind (Office *self, gconstpointer data)
{
  Renewer *renewer = make (self);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  const RenewerOrder order
      = { .cancellable = cancellable, .progress = did_look, .data = cancellable };
  guint renewed;

  g_assert_false (renewer_order (renewer, &order, &renewed, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_true (renewer_free (renewer, 5));
}

static void
test_cancel (Office *self, gconstpointer data)
{
  Renewer *renewer = make (self);

  renewer_set_hook (renewer, "/usr/local/bin/hook");
  renewer_cancel (renewer);
  g_autoptr (GError) error = order (renewer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_assert_true (renewer_free (renewer, 5));
  g_assert_true (renewer_free (NULL, 5));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/renewer/order", Office, NULL, office_set_up, test_order, office_tear_down);
  g_test_add ("/renewer/change-of-mind", Office, NULL, office_set_up, test_change_of_mind,
              office_tear_down);
  g_test_add ("/renewer/cancel", Office, NULL, office_set_up, test_cancel, office_tear_down);
  return g_test_run ();
}
