/* How long the summary of a usual mail takes, and of hostile ones. */
#include "mail/summary.h"
#include <string.h>

static char *
usual_mail (void)
{
  GString *mail = g_string_new (
      "Return-Path: <bob@example.net>\r\n"
      "Received: from mail.example.net (mail.example.net [192.0.2.7])\r\n\tby mail.example.com "
      "with "
      "ESMTPS id 4XyZ1234; Tue, 24 Nov 2026 09:13:54 +0000\r\n"
      "From: Bob Miller <bob@example.net>\r\nTo: Ada Lee <ada@example.com>, c@example.com\r\n"
      "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= from the office\r\n"
      "Date: Tue, 24 Nov 2026 09:13:54 +0000\r\nMessage-ID: <1234567890@example.net>\r\n"
      "MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=\"=_abc\"\r\n\r\n"
      "--=_abc\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n");

  while (mail->len < 2300)
    g_string_append (mail, "A line of text as people write them to each other, day by day.\r\n");
  g_string_append (mail, "--=_abc\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
  while (mail->len < 4080)
    g_string_append (mail, "<p>A line of text as people write them to each other.</p>\r\n");
  g_string_append (mail, "--=_abc--\r\n");
  return g_string_free (mail, FALSE);
}

/* PIECE again and again, SIZE bytes of it. */
static char *
repeated (const char *head, const char *piece, gsize size)
{
  GString *mail = g_string_new (head);

  while (mail->len < size)
    g_string_append (mail, piece);
  return g_string_free (mail, FALSE);
}

static void
measure (const char *name, const char *mail, guint rounds)
{
  gsize length = strlen (mail);
  gint64 start = g_get_monotonic_time ();
  gsize size = 0;

  for (guint i = 0; i < rounds; i++) {
    g_autoptr (GBytes) summary = summary_new ((const guint8 *)mail, length);

    size = g_bytes_get_size (summary);
  }
  g_print ("%-16s %10" G_GSIZE_FORMAT " bytes: %10.1f us, summary of %" G_GSIZE_FORMAT " bytes\n",
           name, length, (double)(g_get_monotonic_time () - start) / rounds, size);
}

int
main (void)
{
  const gsize big = 20 * 1024 * 1024;
  g_autofree char *usual = usual_mail ();
  g_autofree char *parts
      = repeated ("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--b\r\n\r\nx\r\n", big);
  g_autofree char *lists = repeated ("", "To: \"a\" <a@b>\r\n", big);
  g_autofree char *deep = repeated ("", "Content-Type: message/rfc822\r\n\r\n", big);
  g_autofree char *dashes
      = repeated ("Content-Type: multipart/mixed; boundary=b\r\n\r\n", "--bb\r\n", big);
  g_autofree char *commas = repeated ("To: ", "=?,(\"<", big);

  measure ("usual", usual, 20000);
  measure ("many parts", parts, 2);
  measure ("many fields", lists, 2);
  measure ("deep", deep, 2);
  measure ("dashes", dashes, 2);
  measure ("broken list", commas, 2);
  return 0;
}
