/* Header fields and lines. */
#include "queue/letter.h"
#include "accept-language.h"
#include "mail/date.h"
#include <string.h>

#define COLUMNS 76
#define BYTES_MOST                                                                                 \
  900 /* of what strangers write without a blank: a line has 998 (RFC 5322 §2.1.1) */
#define WORD_BYTES 39 /* of a subject: with what is around them a line of 76 (RFC 2047 §2) */

/* As many bytes as an encoded word takes, no character cut. */
static gsize
word_length (const char *text)
{
  gsize length = 0, next;

  while (text[length] != '\0') {
    next = length + g_utf8_skip[(guchar)text[length]];
    if (next > WORD_BYTES)
      break;
    length = next;
  }
  return length;
}

static void
write_subject (GString *text, const char *subject)
{
  const char *before = "";

  g_string_append (text, "Subject:");
  for (gsize length; *subject; subject += length, before = "\r\n") {
    length = word_length (subject);
    g_autofree char *base64 = g_base64_encode ((const guint8 *)subject, length);
    g_string_append_printf (text, "%s =?UTF-8?B?%s?=", before, base64);
  }
  g_string_append (text, "\r\n");
}

void
letter_begin (GString *text, const Letter *letter)
{
  g_autofree char *date = date_format (letter->now, 0);
  g_autofree char *subject = g_utf8_make_valid (letter->subject, -1);

  g_string_append_printf (text,
                          "Return-Path: <>\r\n"
                          "Date: %s\r\n"
                          "From: %s <mailer-daemon@%s>\r\n"
                          "To: <%s>\r\n",
                          date, letter->from, letter->hostname, letter->recipient);
  write_subject (text, subject);
  g_string_append_printf (text,
                          "Message-ID: <%08x%08x.%" G_GINT64_MODIFIER "x@%s>\r\n"
                          "Auto-Submitted: %s\r\n"
                          "MIME-Version: 1.0\r\n"
                          "Content-Language: %s\r\n",
                          g_random_int (), g_random_int (), letter->now, letter->hostname,
                          letter->submitted, language_tag (letter->language));
}

static gboolean
is_blank (char byte)
{
  return g_ascii_isspace (byte) || g_ascii_iscntrl (byte);
}

void
letter_paragraph (GString *text, guint indent, const char *words)
{
  g_autofree char *valid = g_utf8_make_valid (words, -1);
  glong column = 0;

  for (const char *at = valid; *at;) {
    gsize length = 0;
    if (is_blank (*at)) {
      at++;
      continue;
    }
    while (at[length] != '\0' && !is_blank (at[length]) && length < BYTES_MOST)
      length += g_utf8_skip[(guchar)at[length]];
    const glong width = g_utf8_strlen (at, length);
    const gboolean begins = column == 0 || column + 1 + width > COLUMNS;
    if (begins)
      g_string_append_printf (text, "%s%*s", column > 0 ? "\r\n" : "", (int)indent, "");
    else
      g_string_append_c (text, ' ');
    g_string_append_len (text, at, length);
    column = (begins ? (glong)indent : column + 1) + width;
    at += length;
  }
  if (column > 0)
    g_string_append (text, "\r\n");
}
