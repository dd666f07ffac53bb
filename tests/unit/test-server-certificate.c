/* A stranger's certificate is seen before anything is sent. */
#include "admin/server-certificate.h"
#include "admin-fixture.h"

static void
look (Office *office)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Access) access = access_load (office->folder, &error);
  g_autoptr (ServerCertificate) seen
      = server_certificate_look (office->configuration->listen[LISTEN_ADMIN][0], &error);

  g_assert_no_error (error);
  g_assert_cmpstr (seen->fingerprint, ==, access->fingerprint);
  g_assert_cmpint (seen->not_before, <=, g_get_real_time () / G_USEC_PER_SEC);
  g_assert_cmpint (seen->not_after, >, g_get_real_time () / G_USEC_PER_SEC);
  g_assert_false (seen->is_expired);
}

static void
test_look (Office *self, gconstpointer data)
{
  office_with_client (self, look);
}

static void
test_nobody (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (server_certificate_look ("127.0.0.1:1", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

#define DIGITS "86460000000000000000000000000000000000000000000000000000000000ab"

static void
test_print (void)
{
  g_autofree char *print = fingerprint_print (DIGITS);

  g_assert_cmpstr (print, ==,
                   "8646 0000 0000 0000\n0000 0000 0000 0000\n"
                   "0000 0000 0000 0000\n0000 0000 0000 00AB");
  g_assert_null (fingerprint_print ("86"));
}

static void
test_parse (void)
{
  static const struct {
    const char *typed;
    gboolean good;
  } table[] = {
    { DIGITS, TRUE },
    { " 8646 0000 0000 0000\n0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 0000 00AB ", TRUE },
    { "86:46:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:"
      "00:ab",
      TRUE },
    { "", FALSE },
    { "8646", FALSE },
    { DIGITS "0", FALSE },
    { "x" DIGITS, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    g_autofree char *parsed = fingerprint_parse (table[i].typed);
    g_assert_cmpstr (parsed, ==, table[i].good ? DIGITS : NULL);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/server-certificate/look", Office, NULL, office_set_up, test_look, office_tear_down);
  g_test_add_func ("/server-certificate/nobody", test_nobody);
  g_test_add_func ("/server-certificate/print", test_print);
  g_test_add_func ("/server-certificate/parse", test_parse);
  return g_test_run ();
}
