/* POP3 sessions. The first byte says how far the client is before its own words: 0 a stranger, 1
 * logged in. */
#include "session-fuzz.h"
#include "pop3/pop3-session.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define LOGIN "USER anna@example.com\r\nPASS " OFFICE_PASSWORD "\r\n"

static Pop3Door *door;

static void
fill (gpointer data)
{
  if (door == NULL)
    door = pop3_door_new ();
  *(Pop3Service *)data = (Pop3Service) { session.office.store, session.authenticator, net.tls,
                                         "mail.example.com", door };
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const char *const greetings[] = { "", LOGIN };
  static Pop3Service pop3;
  static ListenerService service = { .protocol = "pop3", .accepted = pop3_accepted, .data = &pop3 };

  if (size == 0)
    return 0;
  session_begin (&service, fill);
  session_talk (greetings[data[0] % G_N_ELEMENTS (greetings)], data + 1, size - 1);
  return 0;
}
