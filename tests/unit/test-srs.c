/* Return paths of forwarded mail: there and back, not for others, not for ever. */
#include "accounts/srs.h"
#include "settings.h"

#include <string.h>

#define NOW G_GINT64_CONSTANT (1795000000)
#define DAY (24 * 3600)

static void
test_round_trip (void)
{
  static const char *const senders[]
      = { "anna@example.net", "a=b=c@example.net", "x+y-z=@sub.example.net", "\"a b\"@example.net",
          "\"a\\\"b\"@example.net" };

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++) {
    g_autofree char *path = srs_encode (senders[i], "example.org", NOW);
    g_autofree char *upper = g_ascii_strup (path, (gssize)(strrchr (path, '@') - path));
    g_autofree char *back = srs_decode (path, NOW + 20 * DAY);
    g_autofree char *shouted = g_strconcat (upper, "@example.org", NULL);
    g_autofree char *back_shouted = srs_decode (shouted, NOW);
    g_assert_true (g_str_has_prefix (path, *senders[i] == '"' ? "\"SRS0=" : "SRS0="));
    g_assert_true (g_str_has_suffix (path, *senders[i] == '"' ? "\"@example.org" : "@example.org"));
    g_assert_true (srs_is_encoded (path));
    g_assert_cmpstr (back, ==, senders[i]);
    g_assert_true (back_shouted && g_ascii_strcasecmp (back_shouted, senders[i]) == 0);
  }
}

/* A second and a third server shorten the path: the report goes to the first one. */
static void
test_again (void)
{
  g_autofree char *second
      = srs_encode ("SRS0=HHH=TT=a.example=anna@first.example", "b.example", NOW);
  g_autofree char *third = srs_encode (second, "c.example", NOW);
  g_autofree char *odd = srs_encode ("SRS0+HHH=TT=a.example=anna@first.example", "b.example", NOW);
  g_autofree char *back = srs_decode (third, NOW);
  g_autofree char *back_odd = srs_decode (odd, NOW);

  g_assert_true (g_str_has_prefix (third, "SRS1="));
  g_assert_true (g_str_has_suffix (third, "=first.example==HHH=TT=a.example=anna@c.example"));
  g_assert_cmpstr (back, ==, "SRS0=HHH=TT=a.example=anna@first.example");
  g_assert_cmpstr (back_odd, ==, "SRS0+HHH=TT=a.example=anna@first.example");
}

static void
test_plain (void)
{
  static const char *const senders[] = { "", "postmaster", "@example.net" };

  for (guint i = 0; i < G_N_ELEMENTS (senders); i++) {
    g_autofree char *path = srs_encode (senders[i], "example.org", NOW);
    g_assert_cmpstr (path, ==, senders[i]);
  }
}

/* Quotes stand around the whole path: a quoted string in the middle of one is none. */
static void
test_quoted (void)
{
  g_autofree char *path = srs_encode ("\"a b\"@example.net", "example.org", NOW);
  g_autofree char *again = srs_encode (path, "b.example", NOW);
  g_autofree char *back = srs_decode (again, NOW);

  g_assert_true (g_str_has_suffix (path, "=example.net=a b\"@example.org"));
  g_assert_true (g_str_has_prefix (again, "\"SRS1="));
  g_assert_cmpstr (back, ==, path);
}

static void
test_long (void)
{
  g_autofree char *name = g_strnfill (61, 'd');
  g_autofree char *domain = g_strdup_printf ("%s.%s.%s.example", name, name, name);
  g_autofree char *sender = g_strdup_printf ("anna@%s", domain);
  g_autofree char *taken = srs_encode (sender, "example.org", NOW);
  g_autofree char *kept = srs_encode (sender, domain, NOW);

  g_assert_true (srs_is_encoded (taken));
  g_assert_cmpuint (strlen (taken), <=, 254);
  g_assert_cmpstr (kept, ==, sender);
}

/* Each byte of the local part counts: the signature holds all of it. */
static void
test_forged (void)
{
  g_autofree char *path = srs_encode ("anna@example.net", "example.org", NOW);
  const char *at = strrchr (path, '@');

  for (char *byte = path + 5; byte < at; byte++) {
    const char before = *byte;
    *byte = before == 'x' ? 'y' : 'x';
    g_assert_null (srs_decode (path, NOW));
    *byte = before;
  }
  g_assert_true (setting_set (SETTING_SRS_KEY, "another key", NULL));
  g_assert_null (srs_decode (path, NOW));
  g_assert_true (setting_set (SETTING_SRS_KEY, "a key", NULL));
}

/* What a stranger writes is signed as well, so it must be neither one of our SRS0 nor no address.
 */
static void
test_strange (void)
{
  g_autofree char *ours = srs_encode ("anna@example.net", "example.org", NOW);
  g_autofree char *bait
      = g_strdup_printf ("SRS1=x=%.2s=victim.example=bob@evil.example", ours + 14);
  g_autofree char *path = srs_encode (bait, "example.org", NOW);
  g_autofree char *nowhere = srs_encode ("SRS1=x=a/b==y@evil.example", "example.org", NOW);

  g_assert_true (g_str_has_prefix (path, "SRS1="));
  path[3] = '0';
  g_assert_null (srs_decode (path, NOW));
  g_assert_null (srs_decode (nowhere, NOW));
}

static void
test_old (void)
{
  g_autofree char *path = srs_encode ("anna@example.net", "example.org", NOW);
  g_autofree char *late = srs_decode (path, NOW + 21 * DAY);

  g_assert_nonnull (late);
  g_assert_null (srs_decode (path, NOW + 22 * DAY));
  g_assert_null (srs_decode (path, NOW - 2 * DAY)); /* from the future */
}

static void
test_broken (void)
{
  static const char *const addresses[] = { "",
                                           "@",
                                           "SRS0",
                                           "SRS0=",
                                           "SRS0=@example.org",
                                           "SRS0=a=b=c=d",
                                           "SRS0=12345678@x",
                                           "SRS0=12345678=@x",
                                           "SRS0=12345678=a@x",
                                           "SRS1=12345678==@x",
                                           "SRS2=12345678=aa=b=c@x" };

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    g_assert_null (srs_decode (addresses[i], NOW));
  g_assert_true (setting_set (SETTING_SRS_KEY, "", NULL));
  g_autofree char *path = srs_encode ("anna@example.net", "example.org", NOW);
  g_assert_null (srs_decode (path, NOW)); /* an empty key is nobody's secret */
  g_assert_true (setting_set (SETTING_SRS_KEY, "a key", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (setting_set (SETTING_SRS_KEY, "a key", NULL));
  g_test_add_func ("/srs/round-trip", test_round_trip);
  g_test_add_func ("/srs/again", test_again);
  g_test_add_func ("/srs/quoted", test_quoted);
  g_test_add_func ("/srs/long", test_long);
  g_test_add_func ("/srs/plain", test_plain);
  g_test_add_func ("/srs/forged", test_forged);
  g_test_add_func ("/srs/strange", test_strange);
  g_test_add_func ("/srs/old", test_old);
  g_test_add_func ("/srs/broken", test_broken);
  return g_test_run ();
}
