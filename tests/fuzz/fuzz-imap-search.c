/* A SEARCH program, bound to a small mailbox. */
#include "imap/imap-search.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (ImapSequence) sequence = NULL;
  ImapParser parser = imap_parser (data, size);
  ImapSearchError error;
  g_autoptr (ImapKey) key = imap_search_parse (&parser, &error);

  imap_set_add (uids, 3);
  imap_set_add (uids, 9);
  sequence = imap_sequence_new (uids);
  if (key)
    imap_search_bind (key, sequence, NULL);
  return 0;
}
