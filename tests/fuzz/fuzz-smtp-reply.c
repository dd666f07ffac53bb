#include "queue/smtp-reply.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* Reads all replies; in two pieces it comes to the same. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (SmtpReply) reply = smtp_reply_new ();
  g_autoptr (SmtpReply) again = smtp_reply_new ();

  for (gsize at = 0; at < length;) {
    smtp_reply_clear (reply);
    gsize used = smtp_reply_read (reply, bytes + at, length - at);
    g_assert_cmpuint (used, <=, length - at);
    if (reply->state != SMTP_REPLY_WHOLE)
      break;
    g_autofree char *text = smtp_reply_print (reply);
    g_assert_true (g_utf8_validate (text, -1, NULL));
    g_assert_cmpuint (strlen (text), <=, SMTP_REPLY_KEPT + 20);
    smtp_reply_clear (again);
    gsize first = smtp_reply_read (again, bytes + at, used / 2);
    smtp_reply_read (again, bytes + at + first, used - first);
    g_autofree char *same = smtp_reply_print (again);
    g_assert_cmpstr (text, ==, same);
    at += used;
  }
  return 0;
}
