/* What is remembered comes back; waits grow; times are reckoned from the lifetime. */
#include "tls/acme-state.h"
#include "platform/file.h"
#include <string.h>

#define DAY 86400

static void
test_file (void)
{
  static const char *const hosts[] = { "a.example", NULL };
  g_autofree char *top = g_dir_make_tmp ("hauspost-acme-state-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (top, "acme", NULL);
  g_autoptr (AcmeState) state = acme_state_load (folder, "x"), back = NULL, after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (state->failures, ==, 0);
  g_assert_null (state->order);
  g_assert_null (state->order_hosts[0]);
  state->renew_at = 5;
  state->order = g_strdup ("https://ca.example/1");
  g_strfreev (state->order_hosts);
  state->order_hosts = g_strdupv ((char **)hosts);
  acme_state_fail (state, json_pack ("{s:s}", "type", "dns"), 0, 1000);
  acme_state_fail_host (state, "a.example", json_pack ("{s:s}", "type", "caa"), 0, 1000);
  g_assert_true (acme_state_save (state, folder, &error));
  back = acme_state_load (folder, "x");
  g_assert_cmpint (back->renew_at, ==, 5);
  g_assert_cmpstr (back->order, ==, "https://ca.example/1");
  g_assert_cmpstr (back->order_hosts[0], ==, "a.example");
  g_assert_cmpuint (back->failures, ==, 1);
  g_assert_cmpint (back->next, ==, state->next);
  g_assert_cmpstr (json_string_value (json_object_get (back->problem, "type")), ==, "dns");
  g_assert_true (acme_state_host_waits (back, "a.example", 1000));
  g_assert_false (acme_state_host_waits (back, "a.example", 1000 + 2 * 3600));
  g_assert_false (acme_state_host_waits (back, "b.example", 1000));

  acme_state_succeed (back, hosts, 2000);
  g_assert_true (acme_state_save (back, folder, &error));
  after = acme_state_load (folder, "x");
  g_assert_null (after->order);
  g_assert_null (after->problem);
  g_assert_cmpuint (after->failures + (guint)after->next, ==, 0);
  g_assert_cmpuint (json_object_size (after->hosts), ==, 0);
  g_assert_true (acme_state_remove (folder, "x", &error));
  g_assert_true (acme_state_remove (folder, "x", &error)); /* nothing is there: no error */
  g_assert_true (file_remove_folder (folder, NULL) && file_remove_folder (top, NULL));
}

static void
test_broken (void)
{
  g_autofree char *folder = g_dir_make_tmp ("hauspost-acme-state-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.json", NULL);
  static const char *const texts[]
      = { "", "{", "[]",
          "{\"hosts\": 3, \"order\": {}, \"order_hosts\": \"x\", \"failures\": -5}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new_static (texts[i], strlen (texts[i]));
    g_assert_true (file_replace (path, bytes, NULL));
    g_autoptr (AcmeState) state = acme_state_load (folder, "x");
    g_assert_cmpuint (state->failures, ==, 0);
    g_assert_true (json_is_object (state->hosts));
    g_assert_null (state->order);
  }
  g_assert_true (file_remove (path, NULL) && file_remove_folder (folder, NULL));
}

/* Ten minutes, half an hour … half a day, a fifth more or less; never less than the authority says.
 */
static void
test_waits (void)
{
  static const gint64 expected[] = { 600, 1800, 5400, 16200, 43200, 43200 };
  g_autoptr (AcmeState) state = acme_state_load ("nowhere", "x");

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    acme_state_fail (state, json_object (), 0, 0);
    g_assert_cmpint (state->next, >=, expected[i] * 8 / 10);
    g_assert_cmpint (state->next, <=, expected[i] * 12 / 10);
  }
  for (guint i = 0; i < 2000; i++) /* no overflow */
    acme_state_fail (state, json_object (), 0, 0);
  acme_state_fail (state, json_object (), 5 * DAY, 0);
  g_assert_cmpint (state->next, ==, 5 * DAY);
}

static const struct {
  gint64 life, left; /* days */
  guint due;
} notices[] = {
  { 90, 30, 0 },  { 90, 21, 0 },  { 90, 19, 1 }, { 90, 8, 1 }, { 90, 6, 2 }, { 90, 0, 3 },
  { 398, 25, 0 }, { 398, 19, 1 }, { 45, 11, 0 }, { 45, 9, 1 }, { 6, 2, 0 },  { 6, 1, 1 },
};

static void
test_times (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (notices); i++) {
    const gint64 end = notices[i].life * DAY;
    g_test_message ("%d of %d", (int)notices[i].left, (int)notices[i].life);
    g_assert_cmpuint (acme_notices_due (0, end, end - notices[i].left * DAY), ==, notices[i].due);
    /* Nobody is told before a renewal was due. */
    g_assert_cmpuint (acme_notices_due (0, end, acme_renewal_time (0, end, 0)), ==, 0);
  }
  g_assert_cmpint (acme_renewal_time (0, 90 * DAY, 0), ==, 60 * DAY);
  g_assert_cmpint (acme_renewal_time (0, 90 * DAY, 1), >=, 56 * DAY);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-state/file", test_file);
  g_test_add_func ("/acme-state/broken", test_broken);
  g_test_add_func ("/acme-state/waits", test_waits);
  g_test_add_func ("/acme-state/times", test_times);
  return g_test_run ();
}
