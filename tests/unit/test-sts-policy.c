/* Our policy as another server reads it. */
#include "http/sts-policy.h"
#include "queue/mta-sts.h"
#include "settings.h"
#include <string.h>

static const struct {
  const char *mode;
  MtaStsMode read;
  gint64 age;
} modes[] = {
  { "enforce", MTA_STS_ENFORCE, 1209600 },
  { "testing", MTA_STS_TESTING, 86400 },
  { "none", MTA_STS_NONE, 86400 },
};

static void
test_modes (void)
{
  g_autofree char *last = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (modes); i++) {
    g_assert_true (setting_set (SETTING_MTA_STS, modes[i].mode, NULL));
    g_autofree char *text = sts_policy_write ("mail.example.com");
    g_autofree char *id = sts_policy_id ("mail.example.com");
    g_autoptr (MtaStsPolicy) policy = mta_sts_policy_parse (text, strlen (text));

    g_assert_nonnull (policy);
    g_assert_cmpint (policy->mode, ==, modes[i].read);
    g_assert_cmpint (policy->max_age, ==, modes[i].age);
    g_assert_true (mta_sts_policy_allows (policy, "mail.example.com"));
    g_assert_false (mta_sts_policy_allows (policy, "other.example.com"));
    g_assert_cmpuint (strlen (id), ==, 16);
    g_assert_cmpstr (id, !=, last);
    g_free (last);
    last = g_steal_pointer (&id);
  }
  g_assert_true (setting_set (SETTING_MTA_STS, "enforce", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sts-policy/modes", test_modes);
  return g_test_run ();
}
