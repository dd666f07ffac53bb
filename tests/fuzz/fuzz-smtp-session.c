/* SMTP and LMTP sessions. The first byte chooses the service: 0 mail from the world, 1 submission
 * by somebody who has logged in, 2 LMTP. */
#include "session-fuzz.h"
#include "smtp/smtp-session.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* PLAIN of anna@example.com with the fixture's password. */
#define LOGIN "EHLO fuzz\r\nAUTH PLAIN AGFubmFAZXhhbXBsZS5jb20AY29ycmVjdCBob3JzZQ==\r\n"

static const struct {
  SmtpKind kind;
  const char *greeting;
} kinds[] = { { SMTP_MX, "" }, { SMTP_SUBMISSION, LOGIN }, { SMTP_LMTP, "" } };

static SmtpService smtp[G_N_ELEMENTS (kinds)];
static guint chosen;

/* One listener: the kind is chosen when the connection comes. */
static void
accepted (Channel *channel, gpointer data)
{
  smtp_accepted (channel, &smtp[g_atomic_int_get (&chosen)]);
}

static void
fill (gpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    smtp[i] = (SmtpService) { kinds[i].kind, session.office.store, session.authenticator, net.tls,
                              "mail.example.com" };
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static ListenerService service = { .protocol = "smtp", .accepted = accepted };

  if (size == 0)
    return 0;
  session_begin (&service, fill);
  g_atomic_int_set (&chosen, data[0] % G_N_ELEMENTS (kinds));
  session_talk (kinds[chosen].greeting, data + 1, size - 1);
  return 0;
}
