/* What is no HTTPS, is nowhere or is given up. (Answers: test-mta-sts-fetch.c, and
 * tests/clients/acme.py.) */
#include "net/fetch.h"

static const struct {
  const char *url, *authorities;
} cases[] = {
  { "http://127.0.0.1:1/", NULL },
  { "file:///etc/passwd", NULL },
  { "https://127.0.0.1:1/", NULL },
  { "https://127.0.0.1:1/", "/nowhere.pem" },
  { "", NULL },
};

static void
test_refused (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    const FetchRequest request
        = { .url = cases[i].url, .authorities = cases[i].authorities, .most = 100, .seconds = 5 };
    g_autoptr (GError) error = NULL;
    g_test_message ("%s", cases[i].url);
    g_assert_null (fetch (&request, &error));
    g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  }
}

static void
test_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  const FetchRequest request
      = { .url = "https://127.0.0.1:1/", .most = 100, .seconds = 5, .cancellable = cancellable };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (fetch (&request, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fetch/refused", test_refused);
  g_test_add_func ("/fetch/cancelled", test_cancelled);
  return g_test_run ();
}
