#include "imap/imap-return.h"

#include <string.h>

static const struct {
  const char *path, *options;
  const char *response; /* NULL: refused */
  const char *saved;
} cases[] = {
  { "/imap-return/nothing", "()", "* ESEARCH (TAG \"t\") ALL 2,4:6,9\r\n", "1:5" },
  { "/imap-return/all", "(ALL COUNT)", "* ESEARCH (TAG \"t\") ALL 2,4:6,9 COUNT 5\r\n", "1:5" },
  { "/imap-return/ends", "(min MAX)", "* ESEARCH (TAG \"t\") MIN 2 MAX 9\r\n", "1,5" },
  { "/imap-return/save", "(SAVE)", "", "1:5" },
  { "/imap-return/first", "(PARTIAL 1:2)", "* ESEARCH (TAG \"t\") PARTIAL (1:2 2,4)\r\n", "1:2" },
  { "/imap-return/turned", "(PARTIAL 3:2)", "* ESEARCH (TAG \"t\") PARTIAL (3:2 4:5)\r\n", "2:3" },
  { "/imap-return/last", "(PARTIAL -1:-2)", "* ESEARCH (TAG \"t\") PARTIAL (-1:-2 6,9)\r\n",
    "4:5" },
  { "/imap-return/over-the-end", "(PARTIAL 5:4294967295)",
    "* ESEARCH (TAG \"t\") PARTIAL (5:4294967295 9)\r\n", "5" },
  { "/imap-return/over-the-begin", "(PARTIAL -4:-4294967295)",
    "* ESEARCH (TAG \"t\") PARTIAL (-4:-4294967295 2,4)\r\n", "1:2" },
  { "/imap-return/beyond", "(PARTIAL 6:7 MAX)", "* ESEARCH (TAG \"t\") MAX 9 PARTIAL (6:7 NIL)\r\n",
    "5" },
  { "/imap-return/before", "(PARTIAL -6:-7)", "* ESEARCH (TAG \"t\") PARTIAL (-6:-7 NIL)\r\n", "" },
  { "/imap-return/partial-and-all", "(PARTIAL 1:2 ALL)", NULL, NULL },
  { "/imap-return/partial-twice", "(PARTIAL 1:2 PARTIAL 1:2)", NULL, NULL },
  { "/imap-return/partial-zero", "(PARTIAL 0:2)", NULL, NULL },
  { "/imap-return/partial-mixed", "(PARTIAL -2:2)", NULL, NULL },
  { "/imap-return/partial-star", "(PARTIAL 1:*)", NULL, NULL },
  { "/imap-return/relevancy", "(RELEVANCY ALL)",
    "* ESEARCH (TAG \"t\") ALL 2,4:6,9 RELEVANCY (1 2 3 4 5)\r\n", "1:5" },
  { "/imap-return/relevancy-alone", "(relevancy SAVE)",
    "* ESEARCH (TAG \"t\") RELEVANCY (1 2 3 4 5)\r\n", "1:5" },
  { "/imap-return/relevancy-of-part", "(PARTIAL -1:-2 RELEVANCY)",
    "* ESEARCH (TAG \"t\") PARTIAL (-1:-2 6,9) RELEVANCY (4 5)\r\n", "4:5" },
  { "/imap-return/relevancy-of-nothing", "(PARTIAL 6:7 RELEVANCY)",
    "* ESEARCH (TAG \"t\") PARTIAL (6:7 NIL) RELEVANCY ()\r\n", "" },
  { "/imap-return/relevancy-of-one", "(MIN RELEVANCY SAVE)",
    "* ESEARCH (TAG \"t\") MIN 2 RELEVANCY (1 2 3 4 5)\r\n", "1" },
  { "/imap-return/unknown", "(UPDATE)", NULL, NULL },
  { "/imap-return/open", "(MIN", NULL, NULL },
};

static void
test_return (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  static const guint32 found[] = { 2, 4, 5, 6, 9 };
  ImapParser parser = imap_parser (cases[i].options, strlen (cases[i].options));
  ImapReturn wanted;
  ImapResults results;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GArray) saved = NULL;

  g_assert_cmpint (imap_return_parse (&parser, &wanted), ==, cases[i].response != NULL);
  if (!cases[i].response)
    return;
  imap_results_init (&results);
  for (guint32 n = 0; n < G_N_ELEMENTS (found); n++)
    imap_results_add (&results, found[n], n + 1, 10, n + 1);
  imap_return_print (&wanted, &results, "t", FALSE, FALSE, out);
  g_assert_cmpstr (out->str, ==, cases[i].response);
  saved = imap_return_saved (&wanted, &results);
  imap_set_print_ranges (shown, saved);
  g_assert_cmpstr (shown->str, ==, cases[i].saved);
  imap_results_clear (&results);
}

static void
test_modseq (void)
{
  static const struct {
    guint options;
    guint64 modseq;
  } highest[] = {
    { IMAP_RETURN_MIN, 7 },
    { IMAP_RETURN_MAX | IMAP_RETURN_SAVE, 5 },
    { IMAP_RETURN_MIN | IMAP_RETURN_MAX, 7 },
    { IMAP_RETURN_ALL, 9 },
    { IMAP_RETURN_MIN | IMAP_RETURN_COUNT, 9 },
  };
  ImapResults results;

  imap_results_init (&results);
  imap_results_add (&results, 1, 1, 7, 50);
  imap_results_add (&results, 2, 2, 9, 50);
  imap_results_add (&results, 3, 3, 5, 50);
  for (gsize i = 0; i < G_N_ELEMENTS (highest); i++) {
    ImapReturn wanted = { .options = highest[i].options };
    g_autoptr (GString) out = g_string_new (NULL);
    g_autofree char *end = g_strdup_printf (" MODSEQ %u\r\n", (guint)highest[i].modseq);
    imap_return_print (&wanted, &results, "t", TRUE, TRUE, out);
    g_assert_true (g_str_has_suffix (out->str, end));
  }
  imap_results_clear (&results);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GSIZE_TO_POINTER (i), test_return);
  g_test_add_func ("/imap-return/modseq", test_modseq);
  return g_test_run ();
}
