/* What is open is answered, what is not is not, whatever was asked. */
#include "tls/acme-challenges.h"

#define TOKEN "evaGxfADs6pSRb2LAv9IZf17Dt3juxGJ-PCt92wr-oA"

static void
assert_answer (const char *token, const char *expected)
{
  g_autofree char *answer = acme_challenges_http (token);
  g_assert_cmpstr (answer, ==, expected);
}

static void
test_http (void)
{
  assert_answer (TOKEN, NULL);
  acme_challenges_remove_http (TOKEN);
  acme_challenges_add_http (TOKEN, TOKEN ".first");
  acme_challenges_add_http (TOKEN, TOKEN ".second");
  acme_challenges_add_http ("other", "other.key");
  assert_answer (TOKEN, TOKEN ".second");
  assert_answer ("other", "other.key");
  assert_answer ("", NULL);
  assert_answer ("../../certificates", NULL);
  assert_answer ("OTHER", NULL); /* base64url knows case */
  acme_challenges_remove_http (TOKEN);
  assert_answer (TOKEN, NULL);
  assert_answer ("other", "other.key");
  acme_challenges_remove_http ("other");
  assert_answer ("other", NULL);
}

static void
assert_context (const char *name, const SSL_CTX *expected)
{
  SSL_CTX *found = acme_challenges_tls (name);
  g_assert_true (found == expected);
  SSL_CTX_free (found);
}

static void
test_tls (void)
{
  SSL_CTX *first = SSL_CTX_new (TLS_server_method ());
  SSL_CTX *second = SSL_CTX_new (TLS_server_method ());

  assert_context ("mail.example.com", NULL);
  acme_challenges_add_tls ("mail.example.com", first);
  assert_context ("mail.example.com", first);
  assert_context ("MAIL.Example.com", first);
  assert_context ("example.com", NULL);
  acme_challenges_add_tls ("MAIL.example.com", second);
  assert_context ("mail.example.com", second);
  acme_challenges_remove_tls ("mail.EXAMPLE.com");
  assert_context ("mail.example.com", NULL);
  SSL_CTX_free (first);
  SSL_CTX_free (second);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/acme-challenges/http", test_http);
  g_test_add_func ("/acme-challenges/tls", test_tls);
  return g_test_run ();
}
