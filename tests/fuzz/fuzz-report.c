/* A notification with what strangers wrote into it: what their server said, ENVID, ORCPT, and the
 * mail itself. */
#include "mail/header.h"
#include "queue/report.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

enum { NOW = 1000000, DELAY = 100 };

static QueueMail *
mail_new (char **lines, gsize size)
{
  QueueMail *mail = queue_mail_new ();
  QueueRecipient *recipient = queue_mail_add (mail, 1, "bea@other.example");

  mail->sender = g_strdup ("anna@office.example");
  mail->envid = g_strdup (lines[0]);
  mail->ret = g_strdup (size % 2 ? "FULL" : "HDRS");
  mail->size = size;
  recipient->orcpt = g_strdup (lines[1]);
  recipient->notify = g_strdup ("SUCCESS,FAILURE,DELAY");
  recipient->created = NOW - DELAY;
  recipient->expires = NOW + DELAY;
  return mail;
}

/* Its header is ours alone: nothing that others wrote adds a field to it. */
static void
check_header (GBytes *whole)
{
  gsize length, position = 0;
  const guint8 *bytes = g_bytes_get_data (whole, &length);
  HeaderField field;
  guint count = 0;

  while (header_next (bytes, length, &position, &field))
    count++;
  g_assert_cmpuint (count, ==, 10);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 4);
  g_autoptr (GBytes) original = NULL;

  if (g_strv_length (lines) < 4)
    return 0;
  original = g_bytes_new (lines[3], strlen (lines[3]));
  for (ReportKind kind = 0; kind < REPORT_COUNT; kind++) {
    g_autoptr (QueueMail) mail = mail_new (lines, strlen (lines[3]));
    g_autoptr (GBytes) whole = NULL;
    const guint code = kind == REPORT_FAILED ? 550 : kind == REPORT_DELAYED ? 450 : 250;
    const Language language = size % 3 == 0 ? LANGUAGE_GERMAN : LANGUAGE_ENGLISH;
    const Report report = { kind, mail, "mail.office.example", NOW, language, original };

    queue_recipient_settle (mail->recipients->pdata[0], code, NULL, lines[2], "mx.other.example");
    whole = report_compose (&report, DELAY);
    check_header (whole);
  }
  return 0;
}
