/* The arguments of a LIST, and the patterns against a name. */
#include "imap/imap-list.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  ImapParser parser = imap_parser (data, size);
  g_autoptr (ImapListRequest) request = imap_list_request_parse (&parser, FALSE);

  for (guint i = 0; request && i < request->patterns->len; i++)
    imap_list_matches (request->patterns->pdata[i], "Other/anna@example.com/INBOX/a b/c");
  return 0;
}
