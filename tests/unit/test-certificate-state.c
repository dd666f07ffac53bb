/* Each condition with its sentence. */
#include "tls/certificate-state.h"
#include "settings.h"
#include "tls/acme-error.h"
#include "tls/acme-state.h"
#include "platform/file.h"
#include <string.h>

typedef struct {
  char *top, *certificates, *folder;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->top = g_dir_make_tmp ("hauspost-state-XXXXXX", NULL);
  self->certificates = g_build_filename (self->top, "certificates", NULL);
  self->folder = g_build_filename (self->top, "acme", NULL);
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
  g_free (self->top);
  g_free (self->certificates);
  g_free (self->folder);
}

static const struct {
  const char *name;
  gint days; /* that it is good for; below 0: there is none */
  gboolean is_on, fails, fails_host;
  const char *condition, *sentence;
} cases[] = {
  { "own", 90, FALSE, FALSE, FALSE, "good", NULL },
  { "own", 10, FALSE, FALSE, FALSE, "good", NULL }, /* ten days of ten */
  { "acme-x.example", 90, TRUE, FALSE, FALSE, "good", NULL },
  { "acme-x.example", 90, TRUE, TRUE, FALSE, "failing",
    "The certificate for a.example is good*CAA*" },
  { "acme-x.example", 90, TRUE, FALSE, TRUE, "failing", "*cannot be renewed*b.example: A CAA*" },
  { "acme-x.example", -1, TRUE, TRUE, FALSE, "missing", "*acme-x.example has not come yet*CAA*" },
  { "own", 0, FALSE, FALSE, FALSE, "ended", "*is not valid*import a new one*" },
  { "acme-x.example", 0, TRUE, TRUE, FALSE, "ended", "*is not valid*CAA*" },
};

static void
prepare (Fixture *self, guint i)
{
  static const char *const hosts[] = { "a.example", NULL };
  g_autoptr (AcmeState) state = acme_state_load (self->folder, cases[i].name);
  g_autoptr (GError) problem = NULL;

  acme_error_set (&problem, ACME_ERROR_CAA, cases[i].fails_host ? "b.example" : NULL, NULL, 0);
  if (cases[i].fails)
    acme_state_fail (state, acme_error_describe (problem), 0, 1);
  if (cases[i].fails_host)
    acme_state_fail_host (state, "b.example", acme_error_describe (problem), 0, 1);
  g_assert_true (acme_state_save (state, self->folder, NULL));
  if (cases[i].days >= 0)
    g_assert_true (certificate_self_sign (self->certificates, cases[i].name, hosts,
                                          (guint)cases[i].days, NULL));
  g_assert_true (setting_set (SETTING_ACME_AGREE, cases[i].is_on ? "yes" : "no", NULL));
  if (cases[i].days == 0)
    g_usleep (1100000); /* until it has expired */
}

static void
test_conditions (Fixture *self, gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GError) error = NULL;

  prepare (self, i);
  g_autoptr (GPtrArray) states = certificate_states (self->certificates, self->folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (states->len, ==, 1);
  const CertificateState *state = states->pdata[0];
  g_autofree char *sentence = certificate_state_sentence (state);
  g_test_message ("%s", sentence);
  g_assert_cmpstr (certificate_condition_name (state->condition), ==, cases[i].condition);
  g_assert_cmpint (sentence == NULL, ==, cases[i].sentence == NULL);
  if (sentence)
    g_assert_true (g_pattern_match_simple (cases[i].sentence, sentence));
  g_assert_cmpint (state->renews_itself, ==, cases[i].is_on);
  g_assert_cmpuint (state->serves->len, ==, cases[i].days >= 0 ? 1 : 0);
}

/* Nobody sees it: nobody need do anything. */
static void
test_unused (Fixture *self, gconstpointer data)
{
  static const char *const hosts[] = { "a.example", NULL };

  g_assert_true (certificate_self_sign (self->certificates, "old", hosts, 0, NULL));
  g_assert_true (certificate_self_sign (self->certificates, "young", hosts, 90, NULL));
  g_usleep (1100000);
  g_autoptr (GPtrArray) states = certificate_states (self->certificates, self->folder, NULL);
  const CertificateState *old = states->pdata[0];
  g_assert_cmpint (old->condition, ==, CERTIFICATE_ENDED);
  g_assert_cmpuint (old->serves->len, ==, 0);
  g_assert_null (certificate_state_sentence (old));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strdup_printf ("/certificate-state/%s/%u", cases[i].condition, i);
    g_test_add (path, Fixture, GUINT_TO_POINTER (i), set_up, test_conditions, tear_down);
  }
  g_test_add ("/certificate-state/unused", Fixture, NULL, set_up, test_unused, tear_down);
  return g_test_run ();
}
