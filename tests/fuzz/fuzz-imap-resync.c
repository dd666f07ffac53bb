/* The QRESYNC parameter of SELECT, against a small mailbox. */
#include "imap/imap-resync.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  ImapParser parser = imap_parser (data, size);
  g_autoptr (ImapResync) resync = imap_resync_parse (&parser);
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_autoptr (ImapSequence) sequence = NULL;
  g_autoptr (GArray) unsure = NULL;

  imap_set_add (uids, 3);
  imap_set_add (uids, 9);
  sequence = imap_sequence_new (uids);
  if (resync)
    unsure = imap_resync_unsure (resync, sequence);
  return 0;
}
