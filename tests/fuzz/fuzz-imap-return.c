/* The options of an extended SEARCH, and what they make of some results. */
#include "imap/imap-return.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  ImapParser parser = imap_parser (data, size);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GArray) saved = NULL;
  ImapReturn wanted;
  ImapResults results;

  if (!imap_return_parse (&parser, &wanted))
    return 0;
  imap_results_init (&results);
  imap_results_add (&results, 3, 7, 1, 50);
  imap_results_add (&results, 4, 9, 2, 50);
  imap_results_add (&results, G_MAXUINT32, G_MAXUINT32, 3, 50);
  imap_return_print (&wanted, &results, "t", FALSE, TRUE, out);
  saved = imap_return_saved (&wanted, &results);
  imap_results_clear (&results);
  return 0;
}
