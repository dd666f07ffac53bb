/* The arguments of a NOTIFY, what they mean for a name, and the items they ask for. The first byte
 * says whether names are UTF-8. */
#include "imap/imap-notify-syntax.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (ImapNotifyRequest) request = NULL;
  g_autoptr (ImapItems) items = NULL;
  ImapParser parser;

  if (size == 0)
    return 0;
  parser = imap_parser (data + 1, size - 1);
  parser.utf8 = data[0] & 1;
  request = imap_notify_request_parse (&parser);
  if (!request)
    return 0;
  items = imap_notify_request_items (request);
  g_assert (!items == !request->attributes);
  imap_notify_request_events (request, "Other Users/anna@example.com/a b/c", FALSE, TRUE, TRUE);
  imap_notify_request_events (request, "INBOX", TRUE, TRUE, FALSE);
  return 0;
}
