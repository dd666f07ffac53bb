/* The order of messages by the criteria of SORT. */
#include "imap/imap-order.h"
#include <string.h>

static const struct {
  const char *criteria, *order; /* NULL: malformed */
} cases[] = {
  { "(ARRIVAL)", "2 0 1 3" },
  { "(REVERSE ARRIVAL)", "3 0 1 2" },
  { "(DATE)", "3 2 1 0" }, /* 2 has no date: it counts as it arrived */
  { "(SIZE)", "3 0 2 1" },
  { "(size reverse arrival)", "3 0 2 1" },
  { "(SUBJECT)", "3 0 2 1" },
  { "(REVERSE SUBJECT ARRIVAL)", "1 2 0 3" },
  { "(SUBJECT REVERSE SIZE)", "3 2 0 1" },
  { "(FROM)", "1 3 0 2" },
  { "(DISPLAYFROM TO CC DISPLAYTO)", "3 0 1 2" },
  { "(RELEVANCY)", "2 0 3 1" },
  { "(REVERSE RELEVANCY REVERSE ARRIVAL)", "1 3 0 2" },
  { "()", NULL },
  { "(REVERSE)", NULL },
  { "(REVERSE REVERSE SIZE)", NULL },
  { "(SIZE", NULL },
  { "SIZE", NULL },
  { "(SIZES)", NULL },
  { "(BCC)", NULL },
  { "(SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE SIZE "
    "SIZE SIZE SIZE)",
    NULL },
};

static const struct {
  gint64 date;
  guint64 size;
  guint score;
  const char *header;
} messages[] = {
  { 100, 5, 50,
    "Date: Thu, 1 Jan 1970 01:00:00 +0000\r\nSubject: Re: a long subject b\r\n"
    "From: Zoe <m@x>\r\n" },
  { 100, 9, 1,
    "Date: Thu, 1 Jan 1970 00:00:50 +0000\r\nSubject: a long subject c\r\n"
    "From: Zoe <a@x>\r\n" },
  { -5000, 7, 100, "Subject: A LONG SUBJECT B\r\nFrom: zoe <z@x>\r\n" },
  { 200, 1, 50, "Date: Thu, 1 Jan 1970 00:00:00 +0300\r\nSubject: a long\r\nFrom: <b@x>\r\n" },
};

static char *
order_of (const GArray *criteria)
{
  g_autoptr (ImapOrder) order = imap_order_new (criteria, G_N_ELEMENTS (messages));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++) {
    g_autoptr (GBytes) made
        = sort_keys_new ((const guint8 *)messages[i].header, strlen (messages[i].header));
    gsize length;
    const guint8 *bytes = g_bytes_get_data (made, &length);
    ImapFound found
        = { .date = messages[i].date, .size = messages[i].size, .score = messages[i].score };
    SortKeys keys;
    g_assert_true (sort_keys_read (bytes, length, &keys));
    imap_order_add (order, i, &found, &keys);
  }
  g_autoptr (GArray) result = imap_order_run (order);
  for (guint i = 0; i < result->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (result, guint32, i));
  return g_string_free (text, FALSE);
}

static void
test_cases (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    ImapParser parser = imap_parser (cases[i].criteria, strlen (cases[i].criteria));
    g_autoptr (GArray) criteria = imap_order_parse (&parser);
    g_autofree char *order = criteria ? order_of (criteria) : NULL;

    g_test_message ("%s", cases[i].criteria);
    g_assert_cmpstr (order, ==, cases[i].order);
  }
}

typedef struct {
  char subject[40];
  guint64 size;
} Random;

static int
compare_random (const Random *one, const Random *other, gboolean reverse)
{
  int order = strcmp (one->subject, other->subject);

  if (order != 0)
    return reverse ? -order : order;
  return one->size < other->size ? 1 : one->size > other->size ? -1 : 0; /* REVERSE SIZE */
}

/* Texts that differ late, or only in their length, in words of eight bytes. */
static void
test_random (gconstpointer data)
{
  const char *text = data;
  gboolean reverse = strstr (text, "REVERSE SUBJECT") != NULL;
  ImapParser parser = imap_parser (text, strlen (text));
  g_autoptr (GArray) criteria = imap_order_parse (&parser);
  g_autoptr (ImapOrder) order = imap_order_new (criteria, 2000);
  g_autofree Random *random = g_new0 (Random, 2000);

  for (guint i = 0; i < 2000; i++) {
    guint length = (guint)g_test_rand_int_range (0, 30);
    SortKeys keys = { 0 };
    for (guint k = 0; k < length; k++)
      random[i].subject[k] = g_test_rand_int_range (0, 12) == 0 ? 'B' : 'A';
    random[i].size = (guint64)g_test_rand_int_range (0, 4);
    keys.texts[SORT_TEXT_SUBJECT] = (SortText) { random[i].subject, length };
    imap_order_add (order, i, &(ImapFound) { .size = random[i].size }, &keys);
  }
  g_autoptr (GArray) result = imap_order_run (order);
  g_assert_cmpuint (result->len, ==, 2000);
  for (guint i = 1; i < result->len; i++) {
    guint32 before = g_array_index (result, guint32, i - 1),
            after = g_array_index (result, guint32, i);
    int wrong = compare_random (&random[before], &random[after], reverse);
    g_assert_cmpint (wrong, <=, 0);
    g_assert_true (wrong < 0 || before < after);
  }
}

static void
test_plain (void)
{
  ImapParser plain = imap_parser ("(SIZE REVERSE ARRIVAL)", 22), date = imap_parser ("(DATE)", 6);
  g_autoptr (GArray) one = imap_order_parse (&plain), other = imap_order_parse (&date);

  g_assert_true (imap_order_is_plain (one));
  g_assert_false (imap_order_is_plain (other));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/imap-order/cases", test_cases);
  g_test_add_data_func ("/imap-order/random", "(SUBJECT REVERSE SIZE)", test_random);
  g_test_add_data_func ("/imap-order/random-reverse", "(REVERSE SUBJECT REVERSE SIZE)",
                        test_random);
  g_test_add_func ("/imap-order/plain", test_plain);
  return g_test_run ();
}
