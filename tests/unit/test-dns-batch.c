/* Tests of daemon/net/dns-batch.c with a server that is not there. */
#include "net/dns-batch.h"

static void
test_wait (void)
{
  g_autofree char *folder = g_dir_make_tmp ("dns-batch-XXXXXX", NULL);
  const DnsOptions options = { folder, "127.0.0.1@1" };
  g_autoptr (Dns) dns = dns_new (&options, NULL);
  g_autoptr (DnsBatch) batch = dns_batch_new (dns);
  const guint local = dns_batch_add (batch, "localhost", DNS_TYPE_A);
  const guint none = dns_batch_add (batch, "nothing.invalid", DNS_TYPE_TXT);

  g_assert_cmpuint (dns_batch_add (batch, "LOCALHOST", DNS_TYPE_A), ==, local);
  g_assert_cmpuint (dns_batch_add (batch, "localhost", DNS_TYPE_AAAA), !=, local);
  dns_batch_wait (batch);
  g_assert_cmpint (dns_batch_answer (batch, local)->status, ==, DNS_FOUND);
  g_assert_cmpint (dns_batch_answer (batch, none)->status, ==, DNS_NO_NAME);
  /* What is added later is asked later; what is known stays. */
  const guint later = dns_batch_add (batch, "other.invalid", DNS_TYPE_MX);
  dns_batch_wait (batch);
  g_assert_cmpint (dns_batch_answer (batch, later)->status, ==, DNS_NO_NAME);
  g_assert_cmpint (dns_batch_answer (batch, local)->records->len, ==, 1);
  dns_batch_wait (batch); /* nothing to wait for */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dns-batch/wait", test_wait);
  return g_test_run ();
}
