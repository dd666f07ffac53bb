/* Tests of daemon/queue/smtp-reply.c. */
#include "queue/smtp-reply.h"
#include <string.h>

static const struct {
  const char *bytes;
  SmtpReplyState state;
  gsize used;
  const char *text; /* of a whole one */
  const char *status;
} cases[] = {
  { "250 2.1.5 Fine\r\n", SMTP_REPLY_WHOLE, 16, "250 2.1.5 Fine", "2.1.5" },
  { "250 Fine\n220 x\n", SMTP_REPLY_WHOLE, 9, "250 Fine", "" },
  { "250\r\n", SMTP_REPLY_WHOLE, 5, "250", "" },
  { "250 \r\n", SMTP_REPLY_WHOLE, 6, "250", "" },
  { "250-a\r\n250-b\r\n250 c\r\n", SMTP_REPLY_WHOLE, 21, "250 a b c", "" },
  { "550-5.7.1 No\r\n550 5.7.1 never\r\n", SMTP_REPLY_WHOLE, 31, "550 5.7.1 No never", "5.7.1" },
  { "550 5.7.1234 No\r\n", SMTP_REPLY_WHOLE, 17, "550 5.7.1234 No", "" },
  { "550 5.7 No\r\n", SMTP_REPLY_WHOLE, 12, "550 5.7 No", "" },
  { "550 \xff\x01\r\n", SMTP_REPLY_WHOLE, 8, "550 \xef\xbf\xbd ", "" },
  { "", SMTP_REPLY_MORE, 0, NULL, NULL },
  { "250 Fi", SMTP_REPLY_MORE, 0, NULL, NULL },
  { "250-a\r\n25", SMTP_REPLY_MORE, 7, NULL, NULL },
  { "250-a\r\n251 b\r\n", SMTP_REPLY_BROKEN, 14, NULL, NULL },
  { "199 x\r\n", SMTP_REPLY_BROKEN, 7, NULL, NULL },
  { "600 x\r\n", SMTP_REPLY_BROKEN, 7, NULL, NULL },
  { "25 x\r\n", SMTP_REPLY_BROKEN, 6, NULL, NULL },
  { "250x\r\n", SMTP_REPLY_BROKEN, 6, NULL, NULL },
  { "\r\n", SMTP_REPLY_BROKEN, 2, NULL, NULL },
  { "SSH-2.0-x\r\n", SMTP_REPLY_BROKEN, 11, NULL, NULL },
};

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (SmtpReply) reply = smtp_reply_new ();
    const gsize used
        = smtp_reply_read (reply, (const guint8 *)cases[i].bytes, strlen (cases[i].bytes));

    g_test_message ("%s", cases[i].bytes);
    g_assert_cmpint (reply->state, ==, cases[i].state);
    g_assert_cmpuint (used, ==, cases[i].used);
    if (cases[i].text == NULL)
      continue;
    g_autofree char *text = smtp_reply_print (reply);
    g_assert_cmpstr (text, ==, cases[i].text);
    g_assert_cmpstr (reply->status, ==, cases[i].status);
  }
}

static void
test_bounds (void)
{
  g_autoptr (SmtpReply) reply = smtp_reply_new ();
  g_autoptr (GString) many = g_string_new (NULL);
  g_autofree char *line = g_strnfill (SMTP_REPLY_LINE_MAX + 10, '2');

  smtp_reply_read (reply, (const guint8 *)line, strlen (line));
  g_assert_cmpint (reply->state, ==, SMTP_REPLY_BROKEN);
  smtp_reply_clear (reply);
  for (guint i = 0; i <= SMTP_REPLY_LINES_MAX; i++)
    g_string_append (many, "250-a long line of text that says nothing\r\n");
  smtp_reply_read (reply, (const guint8 *)many->str, many->len);
  g_assert_cmpint (reply->state, ==, SMTP_REPLY_BROKEN);
  g_assert_cmpuint (reply->text->len, <=, SMTP_REPLY_KEPT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-reply/read", test_read);
  g_test_add_func ("/smtp-reply/bounds", test_bounds);
  return g_test_run ();
}
