/* Tests of daemon/policy/iprev.c. */
#include "policy/iprev.h"
#include "zone-fixture.h"

static const ZoneRecord zone[] = {
  { "1.2.0.192.in-addr.arpa", QUESTION_PTR, "mail.example.com" },
  { "mail.example.com", QUESTION_A, "198.51.100.1" },
  { "mail.example.com", QUESTION_A, "192.0.2.1" },
  { "2.2.0.192.in-addr.arpa", QUESTION_PTR, "mail.example.com" },
  { "3.2.0.192.in-addr.arpa", QUESTION_PTR, NULL },
  { "4.2.0.192.in-addr.arpa", QUESTION_PTR, "slow.example.com" },
  { "slow.example.com", QUESTION_A, NULL },
  { "5.2.0.192.in-addr.arpa", QUESTION_PTR, "gone.example.com" },
  { "6.2.0.192.in-addr.arpa", QUESTION_PTR, "slow.example.com" },
  { "6.2.0.192.in-addr.arpa", QUESTION_PTR, "six.example.com" },
  { "six.example.com", QUESTION_A, "192.0.2.6" },
  { "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa", QUESTION_PTR,
    "v6.example.com" },
  { "v6.example.com", QUESTION_AAAA, "2001:db8::1" },
  { NULL },
};

static const struct {
  const char *address;
  IprevResult result;
  const char *name;
} cases[] = {
  { "192.0.2.1", IPREV_PASS, "mail.example.com" },
  { "::ffff:192.0.2.1", IPREV_PASS, "mail.example.com" },
  { "2001:db8::1", IPREV_PASS, "v6.example.com" },
  { "192.0.2.2", IPREV_FAIL, NULL },
  { "192.0.2.3", IPREV_TEMPERROR, NULL },
  { "192.0.2.4", IPREV_TEMPERROR, NULL },
  { "192.0.2.5", IPREV_FAIL, NULL },
  { "192.0.2.6", IPREV_PASS, "six.example.com" },
  { "192.0.2.7", IPREV_PERMERROR, NULL },
};

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GInetAddress) peer = g_inet_address_new_from_string (cases[i].address);
    g_autoptr (GInetAddress) address = address_unmapped (peer);
    g_autoptr (Answers) answers = answers_new ();
    g_autoptr (GPtrArray) names = NULL;
    IprevResult result;

    while (!(names = iprev_names (address, answers, &result)))
      g_assert_cmpuint (zone_answer (answers, zone), >, 0);
    g_test_message ("%s", cases[i].address);
    g_assert_cmpstr (iprev_result_name (result), ==, iprev_result_name (cases[i].result));
    g_assert_cmpuint (names->len, ==, cases[i].name ? 1 : 0);
    if (cases[i].name)
      g_assert_cmpstr (names->pdata[0], ==, cases[i].name);
  }
}

static void
test_inside (void)
{
  static const struct {
    const char *address, *network;
    guint length;
    gboolean inside;
  } networks[] = {
    { "192.0.2.127", "192.0.2.0", 25, TRUE }, { "192.0.2.128", "192.0.2.0", 25, FALSE },
    { "192.0.2.1", "203.0.113.1", 0, TRUE },  { "192.0.2.1", "192.0.2.1", 32, TRUE },
    { "192.0.2.1", "192.0.2.0", 32, FALSE },  { "2001:db8::1", "2001:db8::", 64, TRUE },
    { "2001:db8::1", "192.0.2.1", 0, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (networks); i++) {
    g_autoptr (GInetAddress) address = g_inet_address_new_from_string (networks[i].address);
    g_autoptr (GInetAddress) network = g_inet_address_new_from_string (networks[i].network);

    g_assert_cmpint (address_is_inside (address, network, networks[i].length), ==,
                     networks[i].inside);
  }
}

/* Whoever has a thousand names is asked for ten. */
static void
test_many (void)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string ("192.0.2.9");
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (g_free);
  IprevResult result;
  guint count = 0;

  for (guint i = 0; i < 1000; i++)
    g_ptr_array_add (records, g_strdup_printf ("host%u.example.com", i));
  g_ptr_array_add (records, NULL);
  g_assert_null (iprev_names (address, answers, &result));
  answers_add (answers, QUESTION_PTR, answers_next_question (answers)->name, ANSWER_FOUND,
               (const char *const *)records->pdata, FALSE);
  g_assert_null (iprev_names (address, answers, &result));
  while (answers_next_question (answers))
    count++;
  g_assert_cmpuint (count, ==, IPREV_NAMES_MAX);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iprev/names", test_names);
  g_test_add_func ("/iprev/inside", test_inside);
  g_test_add_func ("/iprev/many", test_many);
  return g_test_run ();
}
