/* The names of a new office: what is guessed from the machine's, and how a person is asked. */
#include "admin/office-names.h"
#include <string.h>

static void
test_guess (void)
{
  static const struct {
    const char *machine, *hostname, *domain;
  } rows[] = {
    { "mail.example.com", "mail.example.com", "example.com" },
    { "MAIL.Example.COM", "mail.example.com", "example.com" },
    { "srv1.office.example.com", "srv1.office.example.com", "office.example.com" },
    { "example.com", "example.com", "example.com" },
    { "mail.büro.example", "mail.xn--bro-hoa.example", "xn--bro-hoa.example" },
    { "srv1", NULL, NULL },
    { "", NULL, NULL },
    { NULL, NULL, NULL },
    { "srv1.local", NULL, NULL },
    { "localhost.localdomain", NULL, NULL },
    { "srv1.localhost", NULL, NULL },
    { "a_b.example.com", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *hostname = office_names_guess_hostname (rows[i].machine);
    g_autofree char *domain = office_names_guess_domain (rows[i].machine);
    g_test_message ("%s", rows[i].machine);
    g_assert_cmpstr (hostname, ==, rows[i].hostname);
    g_assert_cmpstr (domain, ==, rows[i].domain);
  }
}

static const char *const *answers; /* what the person types, up to the end of the input */
static GString *seen; /* the prompts and complaints */

static char *
answer (const char *prompt)
{
  g_string_append_printf (seen, "%s|", prompt);
  return g_strdup (*answers != NULL ? *answers++ : NULL);
}

static void
keep_complaint (const char *text)
{
  g_string_append (seen, text);
}

#define HOSTNAME "Full name of this server, such as mail.example.com"
#define DOMAIN "Domain of the mail addresses, such as example.com"

static const struct {
  const char *path, *hostname, *domain, *machine;
  const char *answers[6];
  const char *seen, *found_hostname, *found_domain;
} talks[] = {
  { "/office-names/ask/enter",
    NULL,
    NULL,
    "mail.example.org",
    { "", "", NULL },
    HOSTNAME " [mail.example.org]: |" DOMAIN " [example.org]: |",
    "mail.example.org",
    "example.org" },
  { "/office-names/ask/typed",
    NULL,
    NULL,
    "mail.example.org",
    { " mx.office.example ", "büro.example", NULL },
    HOSTNAME " [mail.example.org]: |" DOMAIN " [office.example]: |",
    "mx.office.example",
    "büro.example" },
  { "/office-names/ask/again",
    NULL,
    NULL,
    "srv1",
    { "", "srv1", "mail.example.org", "a b", "", NULL },
    HOSTNAME ": |" HOSTNAME
             ": |“srv1” is not the full name of a server, such as mail.example.com.\n" HOSTNAME
             ": |" DOMAIN " [example.org]: |“a b” is not a domain.\n" DOMAIN " [example.org]: |",
    "mail.example.org",
    "example.org" },
  { "/office-names/ask/domain-only",
    "mail.example.org",
    NULL,
    NULL,
    { "", NULL },
    DOMAIN " [example.org]: |",
    "mail.example.org",
    "example.org" },
  { "/office-names/ask/hostname-only",
    NULL,
    "example.net",
    "mail.example.org",
    { "", NULL },
    HOSTNAME " [mail.example.org]: |",
    "mail.example.org",
    "example.net" },
  { "/office-names/ask/end", NULL, NULL, "srv1", { NULL }, HOSTNAME ": |", NULL, NULL },
  { "/office-names/ask/end-in-between",
    NULL,
    NULL,
    "srv1",
    { "mail.example.org", NULL },
    HOSTNAME ": |" DOMAIN " [example.org]: |",
    "mail.example.org",
    NULL },
};

static void
test_ask (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autofree char *hostname = g_strdup (talks[i].hostname);
  g_autofree char *domain = g_strdup (talks[i].domain);
  gboolean is_complete = talks[i].found_domain != NULL;

  answers = talks[i].answers;
  seen = g_string_new (NULL);
  GPrintFunc before = g_set_printerr_handler (keep_complaint);
  g_assert_cmpint (office_names_ask (&hostname, &domain, talks[i].machine, answer), ==,
                   is_complete);
  g_set_printerr_handler (before);
  g_assert_cmpstr (seen->str, ==, talks[i].seen);
  g_assert_cmpstr (hostname, ==, talks[i].found_hostname);
  g_assert_cmpstr (domain, ==, talks[i].found_domain);
  g_assert_null (*answers);
  g_string_free (seen, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/office-names/guess", test_guess);
  for (guint i = 0; i < G_N_ELEMENTS (talks); i++)
    g_test_add_data_func (talks[i].path, GUINT_TO_POINTER (i), test_ask);
  return g_test_run ();
}
