/* IMAP sessions. The first byte says how far the client is before its own words: 0 a stranger, 1
 * logged in, 2 with the INBOX selected. */
#include "session-fuzz.h"
#include "imap/imap-session.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define LOGIN "l LOGIN anna@example.com \"" OFFICE_PASSWORD "\"\r\n"

static void
fill (gpointer data)
{
  *(ImapService *)data
      = (ImapService) { session.office.store, session.authenticator, net.tls, "mail.example.com" };
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const greetings[] = { "", LOGIN, LOGIN "s SELECT INBOX\r\n" };
  static ImapService imap;
  static ListenerService service = { .protocol = "imap", .accepted = imap_accepted, .data = &imap };

  if (size == 0)
    return 0;
  session_begin (&service, fill);
  session_talk (greetings[data[0] % G_N_ELEMENTS (greetings)], data + 1, size - 1);
  return 0;
}
