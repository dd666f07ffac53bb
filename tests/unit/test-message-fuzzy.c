/* Where a message holds the words counts. */
#include "mail/message-fuzzy.h"
#include <string.h>

static const char message[] = "From: Anna <anna@example.org>\r\n"
                              "Subject: The =?utf-8?q?Pr=C3=BCfung?= plan\r\n"
                              "X-Note: garden\r\n"
                              "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                              "--b\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
                              "<p>Meet at the river</p><p>Meet anna</p>\r\n"
                              "--b\r\nContent-Type: image/png\r\n\r\nsecret\r\n"
                              "--b\r\nContent-Type: message/rfc822\r\n\r\n"
                              "Subject: inner\r\n\r\ndeep\r\n--b--\r\n";

static guint
score (FuzzyPlace place, const char *field, const char *text)
{
  g_autoptr (FuzzyQuery) query = fuzzy_query_new (text);

  return message_fuzzy_score ((const guint8 *)message, strlen (message), place, field, query);
}

static void
test_places (void)
{
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "prufung"), ==, 100);
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "plan river"), >, 0);
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "plan"), >, score (FUZZY_IN_TEXT, NULL, "meet"));
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "meet"), >, score (FUZZY_IN_TEXT, NULL, "river"));
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "river"), >, score (FUZZY_IN_TEXT, NULL, "garden"));
  g_assert_cmpuint (score (FUZZY_IN_TEXT, NULL, "secret"), ==, 0);
  g_assert_cmpuint (score (FUZZY_IN_BODY, NULL, "plan"), ==, 0);
  g_assert_cmpuint (score (FUZZY_IN_BODY, NULL, "deep inner river"), >, 0);
  g_assert_cmpuint (score (FUZZY_IN_FIELD, "subject", "plan"), ==, 100);
  g_assert_cmpuint (score (FUZZY_IN_FIELD, "From", "plan"), ==, 0);
  g_assert_cmpuint (score (FUZZY_IN_FIELD, "From", "example anna"), ==, 100);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/message-fuzzy/places", test_places);
  return g_test_run ();
}
