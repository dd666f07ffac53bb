/* Reads replies line by line. */
#include "queue/smtp-reply.h"
#include <string.h>

SmtpReply *
smtp_reply_new (void)
{
  SmtpReply *reply = g_new0 (SmtpReply, 1);

  reply->text = g_string_new (NULL);
  return reply;
}

void
smtp_reply_free (SmtpReply *reply)
{
  g_string_free (reply->text, TRUE);
  g_free (reply);
}

void
smtp_reply_clear (SmtpReply *reply)
{
  reply->state = SMTP_REPLY_MORE;
  reply->code = reply->lines = 0;
  reply->status[0] = '\0';
  g_string_truncate (reply->text, 0);
}

/* "5.1.1 " at the beginning: class, subject and detail (RFC 3463 §2). Its length with the space, or
 * 0. */
static gsize
read_status (SmtpReply *reply, const char *text)
{
  const char *at = text;
  gsize digits;

  if (*at != '2' && *at != '4' && *at != '5')
    return 0;
  at++;
  for (guint part = 0; part < 2; part++) {
    if (*at++ != '.')
      return 0;
    digits = strspn (at, "0123456789");
    if (digits < 1 || digits > 3)
      return 0;
    at += digits;
  }
  if (*at != ' ' && *at != '\0')
    return 0;
  if (reply->status[0] == '\0')
    g_strlcpy (reply->status, text, MIN (sizeof reply->status, (gsize)(at - text) + 1));
  return (gsize)(at - text) + (*at == ' ');
}

/* What a stranger writes goes into logs and notices. */
static void
keep_text (SmtpReply *reply, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  gsize room = SMTP_REPLY_KEPT - MIN (SMTP_REPLY_KEPT, reply->text->len);
  gsize length = strlen (valid);

  if (room <= 1)
    return;
  if (reply->text->len)
    g_string_append_c (reply->text, '\n');
  while (length > room - 1)
    length = g_utf8_find_prev_char (valid, valid + length) - valid;
  for (gsize i = 0; i < length; i++)
    g_string_append_c (reply->text, g_ascii_iscntrl (valid[i]) ? ' ' : valid[i]);
}

static gboolean
read_line (SmtpReply *reply, const char *line, gsize length)
{
  const guint code = length >= 3 && g_ascii_isdigit (line[0]) && g_ascii_isdigit (line[1])
          && g_ascii_isdigit (line[2])
      ? (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0')
      : 0;

  if (code < 200 || code > 599 || (reply->lines > 0 && code != reply->code)
      || (length > 3 && line[3] != ' ' && line[3] != '-') || memchr (line, '\0', length)
      || ++reply->lines > SMTP_REPLY_LINES_MAX)
    return FALSE;
  reply->code = code;
  if (length > 3) {
    const char *text = line + 4;
    keep_text (reply, text + read_status (reply, text));
  }
  if (length == 3 || line[3] == ' ')
    reply->state = SMTP_REPLY_WHOLE;
  return TRUE;
}

gsize
smtp_reply_read (SmtpReply *reply, const guint8 *bytes, gsize length)
{
  gsize used = 0;

  while (reply->state == SMTP_REPLY_MORE) {
    const gsize left = MIN (length - used, SMTP_REPLY_LINE_MAX);
    const guint8 *end = left ? memchr (bytes + used, '\n', left) : NULL;
    gsize line = end ? (gsize)(end - bytes) - used : 0;
    if (end == NULL) {
      if (left == SMTP_REPLY_LINE_MAX)
        reply->state = SMTP_REPLY_BROKEN;
      return used;
    }
    g_autofree char *text
        = g_strndup ((const char *)bytes + used, line > 0 && end[-1] == '\r' ? line - 1 : line);
    if (!read_line (reply, text, line > 0 && end[-1] == '\r' ? line - 1 : line))
      reply->state = SMTP_REPLY_BROKEN;
    used += line + 1;
  }
  return used;
}

guint
smtp_reply_kind (const SmtpReply *reply)
{
  return reply->code / 100;
}

char *
smtp_reply_print (const SmtpReply *reply)
{
  char *text = g_strdup_printf ("%u%s%s%s%s", reply->code, *reply->status ? " " : "", reply->status,
                                reply->text->len ? " " : "", reply->text->str);

  return g_strdelimit (text, "\n", ' ');
}
