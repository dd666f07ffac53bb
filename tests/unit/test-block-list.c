/* Tests of daemon/policy/block-list.c. */
#include "policy/block-list.h"
#include "net/dns-answer.h"

#define L BLOCK_LIST_LISTED
#define N BLOCK_LIST_NOT_LISTED
#define R BLOCK_LIST_REFUSED
#define A BLOCK_LIST_ASTRAY
#define S BLOCK_LIST_SILENT

static const struct {
  guint8 addresses[2][4]; /* 0: none */
  BlockListAnswer answer;
} answers[] = {
  { { { 0 } }, N },
  { { { 127, 0, 0, 2 } }, L },
  { { { 127, 0, 0, 10 }, { 127, 0, 0, 4 } }, L },
  { { { 127, 1, 2, 3 } }, L },
  { { { 127, 255, 254, 1 } }, L },
  { { { 127, 0, 0, 1 } }, R }, /* what some say to whom they do not serve */
  { { { 127, 255, 255, 252 } }, R },
  { { { 127, 255, 255, 254 } }, R },
  { { { 127, 0, 0, 2 }, { 127, 255, 255, 255 } }, R },
  { { { 192, 0, 2, 1 } }, A },
  { { { 127, 0, 0, 2 }, { 10, 0, 0, 1 } }, A },
};

static void
test_judge (void)
{
  g_autoptr (DnsAnswer) failed = dns_answer_new ("x", DNS_FAILED);
  g_autoptr (DnsAnswer) bogus = dns_answer_new ("x", DNS_BOGUS);

  for (guint i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (DnsAnswer) answer = dns_answer_new ("x", DNS_FOUND);

    for (guint a = 0; a < 2 && answers[i].addresses[a][0]; a++)
      dns_answer_add (answer, DNS_TYPE_A, answers[i].addresses[a], 4);
    g_assert_cmpint (block_list_judge (answer), ==, answers[i].answer);
  }
  g_assert_cmpint (block_list_judge (NULL), ==, S);
  g_assert_cmpint (block_list_judge (failed), ==, S);
  g_assert_cmpint (block_list_judge (bogus), ==, S);
}

static const struct {
  BlockListAnswer answers[BLOCK_LIST_TESTS]; /* 127.0.0.2, 127.0.0.1, the same as IPv6 */
  BlockListState state;
  gboolean ipv4, ipv6;
} tests[] = {
  { { L, N, N, N }, BLOCK_LIST_GOOD, TRUE, FALSE },
  { { L, N, L, N }, BLOCK_LIST_GOOD, TRUE, TRUE },
  { { N, N, L, N }, BLOCK_LIST_GOOD, FALSE, TRUE },
  { { N, N, N, N }, BLOCK_LIST_EMPTY, FALSE, FALSE },
  { { L, L, N, N }, BLOCK_LIST_FULL, FALSE, FALSE },
  { { L, N, L, L }, BLOCK_LIST_FULL, FALSE, FALSE },
  { { R, R, R, R }, BLOCK_LIST_CLOSED, FALSE, FALSE },
  { { L, R, N, N }, BLOCK_LIST_CLOSED, FALSE, FALSE },
  { { A, A, S, S }, BLOCK_LIST_GONE, FALSE, FALSE },
  { { S, S, S, S }, BLOCK_LIST_UNTESTED, FALSE, FALSE },
  { { L, N, S, N }, BLOCK_LIST_UNTESTED, FALSE, FALSE },
  { { L, L, S, S }, BLOCK_LIST_FULL, FALSE, FALSE },
};

static void
test_conclude (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++) {
    gboolean ipv4, ipv6;

    g_test_message ("%u", i);
    g_assert_cmpint (block_list_conclude (tests[i].answers, &ipv4, &ipv6), ==, tests[i].state);
    g_assert_cmpint (ipv4, ==, tests[i].ipv4);
    g_assert_cmpint (ipv6, ==, tests[i].ipv6);
  }
}

static void
test_names (void)
{
  static const struct {
    const char *address, *name;
  } names[] = {
    { "192.0.2.99", "99.2.0.192.bl.example" },
    { "::ffff:192.0.2.99", "99.2.0.192.bl.example" },
    { "2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.bl.example" },
  };
  static const char *const wanted[BLOCK_LIST_TESTS] = {
    "2.0.0.127.bl.example",
    "1.0.0.127.bl.example",
    "2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.example",
    "1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.example",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (names[i].address);
    g_autofree char *name = block_list_name (address, "bl.example");

    g_assert_cmpstr (name, ==, names[i].name);
  }
  for (guint i = 0; i < BLOCK_LIST_TESTS; i++) {
    g_autofree char *name = block_list_test_name (i, "bl.example");

    g_assert_cmpstr (name, ==, wanted[i]);
  }
}

static void
test_texts (void)
{
  for (BlockListState state = BLOCK_LIST_UNTESTED; state <= BLOCK_LIST_GONE; state++)
    g_assert_true ((block_list_state_text (state) == NULL) == (state <= BLOCK_LIST_GOOD));
  g_assert_cmpstr (block_list_state_name (BLOCK_LIST_CLOSED), ==, "closed");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block-list/judge", test_judge);
  g_test_add_func ("/block-list/conclude", test_conclude);
  g_test_add_func ("/block-list/names", test_names);
  g_test_add_func ("/block-list/texts", test_texts);
  return g_test_run ();
}
