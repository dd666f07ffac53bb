/* What is offered, from what the configuration listens to. */
#include "http/offer.h"

static const struct {
  const char *listen; /* the lines of [listen] */
  guint ports[6]; /* in the order of the table: submissions, submission, imaps, imap, pop3s, pop3 */
  guint https;
  int best_imap, best_smtp; /* of the table; -1: none */
} cases[] = {
  { "submissions = 0.0.0.0:465 [::]:465\nsubmission = 0.0.0.0:587\nimaps = 0.0.0.0:993\n"
    "imap = 0.0.0.0:143\nhttps = 0.0.0.0:443\n",
    { 465, 587, 993, 143, 0, 0 },
    443,
    2,
    0 },
  { "submission = [::]:2587\nimap = [2001:db8::1]:2143\npop3 = 192.0.2.1:110\n",
    { 0, 2587, 0, 2143, 0, 110 },
    0,
    3,
    1 },
  /* What is on loopback is for this machine … */
  { "imaps = 127.0.0.1:993 192.0.2.1:1993\nimap = 127.0.0.1:143\nsubmissions = 192.0.2.1:465\n"
    "https = [::1]:443\n",
    { 465, 0, 1993, 0, 0, 0 },
    0,
    2,
    0 },
  /* … unless all is. */
  { "imaps = 127.0.0.1:20993\nsubmission = 127.0.0.1:20587\nhttps = 127.0.0.1:20443\n",
    { 0, 20587, 20993, 0, 0, 0 },
    20443,
    2,
    1 },
  { "", { 0 }, 0, -1, -1 },
};

static void
test_ports (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *text
        = g_strdup_printf ("[server]\nhostname = mail.example.com\n[listen]\n%s", cases[i].listen);
    g_autoptr (GError) error = NULL;
    g_autoptr (Configuration) configuration
        = configuration_parse ("/nowhere/hauspost.conf", text, &error);
    guint count;
    const Offer *all = offers (&count);

    g_assert_no_error (error);
    g_assert_cmpuint (count, ==, G_N_ELEMENTS (cases[i].ports));
    for (guint o = 0; o < count; o++)
      g_assert_cmpuint (offer_port (configuration, &all[o]), ==, cases[i].ports[o]);
    g_assert_cmpuint (offer_listen_port (configuration, LISTEN_HTTPS), ==, cases[i].https);
    g_assert_true (offer_best (configuration, OFFER_IMAP)
                   == (cases[i].best_imap < 0 ? NULL : &all[cases[i].best_imap]));
    g_assert_true (offer_best (configuration, OFFER_SMTP)
                   == (cases[i].best_smtp < 0 ? NULL : &all[cases[i].best_smtp]));
  }
}

static void
test_url (void)
{
  static const struct {
    const char *listen, *url;
  } urls[] = { { "0.0.0.0:443", "https://a.example/x" },
               { "127.0.0.1:20443", "https://a.example:20443/x" },
               { "", "https://a.example/x" } };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++) {
    g_autofree char *text = g_strdup_printf (
        "[server]\nhostname = mail.example.com\n[listen]\nhttps = %s\n", urls[i].listen);
    g_autoptr (Configuration) configuration
        = configuration_parse ("/nowhere/hauspost.conf", text, NULL);
    g_autofree char *url = offer_url (configuration, "a.example", "/x");
    g_assert_cmpstr (url, ==, urls[i].url);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/offer/ports", test_ports);
  g_test_add_func ("/offer/url", test_url);
  return g_test_run ();
}
