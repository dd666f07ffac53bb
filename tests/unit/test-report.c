/* Tests of daemon/queue/report.c and report-texts.c. */
#include "queue/report.h"
#include "language.h"
#include <string.h>

enum { NOW = 1000000, DELAY = 14400 };

static QueueRecipient *
add (QueueMail *mail, QueueOutcome outcome, const char *notify, gint64 age, gint64 left)
{
  QueueRecipient *recipient = queue_mail_add (mail, 1, "bea@other.example");

  recipient->created = NOW - age;
  recipient->expires = NOW + left;
  recipient->notify = g_strdup (notify);
  queue_recipient_settle (recipient,
                          outcome == QUEUE_FAILED         ? 550
                              : outcome == QUEUE_DEFERRED ? 450
                                                          : 250,
                          NULL, "what it said", "mx.other.example");
  return recipient;
}

/* Which report a recipient is told about in; REPORT_COUNT: none (RFC 3461 §4.1). */
static const struct {
  const char *sender;
  QueueOutcome outcome;
  const char *notify;
  gint64 age, left;
  ReportKind kind;
} wishes[] = {
  { "a@b", QUEUE_FAILED, NULL, 1, 9, REPORT_FAILED },
  { "a@b", QUEUE_FAILED, "FAILURE", 1, 9, REPORT_FAILED },
  { "a@b", QUEUE_FAILED, "success,failure", 1, 9, REPORT_FAILED },
  { "a@b", QUEUE_FAILED, "SUCCESS,DELAY", 1, 9, REPORT_COUNT },
  { "a@b", QUEUE_FAILED, "NEVER", 1, 9, REPORT_COUNT },
  { "", QUEUE_FAILED, NULL, 1, 9, REPORT_COUNT },
  { "a@b", QUEUE_DEFERRED, NULL, 1, 9, REPORT_COUNT },
  { "a@b", QUEUE_DEFERRED, NULL, DELAY, 9, REPORT_DELAYED },
  { "a@b", QUEUE_DEFERRED, "DELAY", DELAY, 9, REPORT_DELAYED },
  { "a@b", QUEUE_DEFERRED, "FAILURE", DELAY, 9, REPORT_COUNT },
  { "a@b", QUEUE_DEFERRED, NULL, DELAY, 0, REPORT_FAILED },
  { "", QUEUE_DEFERRED, NULL, DELAY, 0, REPORT_COUNT },
  { "a@b", QUEUE_DELIVERED, NULL, 1, 9, REPORT_COUNT },
  { "a@b", QUEUE_DELIVERED, "SUCCESS", 1, 9, REPORT_RELAYED },
  { "", QUEUE_DELIVERED, "SUCCESS", 1, 9, REPORT_COUNT },
};

static void
test_wishes (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (wishes); i++) {
    g_autoptr (QueueMail) mail = queue_mail_new ();

    mail->sender = g_strdup (wishes[i].sender);
    add (mail, wishes[i].outcome, wishes[i].notify, wishes[i].age, wishes[i].left);
    for (guint kind = 0; kind < REPORT_COUNT; kind++) {
      g_test_message ("%u %u", i, kind);
      g_assert_cmpint (report_is_wanted (kind, mail, NOW, DELAY), ==, kind == wishes[i].kind);
    }
  }
}

/* Who knows already, and who was told by the other server, hears nothing more. */
static void
test_once (void)
{
  g_autoptr (QueueMail) mail = queue_mail_new ();

  mail->sender = g_strdup ("a@b");
  add (mail, QUEUE_DEFERRED, NULL, DELAY, 9)->noticed = TRUE;
  add (mail, QUEUE_DELIVERED, "SUCCESS", 1, 9)->told_dsn = TRUE;
  for (guint kind = 0; kind < REPORT_COUNT; kind++)
    g_assert_false (report_is_wanted (kind, mail, NOW, DELAY));
}

static char *
compose (ReportKind kind, const char *ret, Language language, gboolean requires_tls)
{
  static const char original[] = "Subject: old\r\nX: y\r\n\r\nThe body\r\n";
  g_autoptr (QueueMail) mail = queue_mail_new ();
  g_autoptr (GBytes) bytes = g_bytes_new_static (original, strlen (original));
  g_autoptr (GBytes) whole = NULL;
  QueueRecipient *recipient;

  mail->sender = g_strdup ("anna@office.example");
  mail->ret = g_strdup (ret);
  mail->requires_tls = requires_tls;
  mail->envid = g_strdup ("QQ1");
  mail->size = strlen (original);
  recipient = add (mail,
                   kind == REPORT_FAILED        ? QUEUE_FAILED
                       : kind == REPORT_DELAYED ? QUEUE_DEFERRED
                                                : QUEUE_DELIVERED,
                   "SUCCESS,FAILURE,DELAY", DELAY, 9);
  recipient->orcpt = g_strdup ("rfc822;bea+2Bx@other.example");
  const Report report = { kind, mail, "mail.office.example", NOW, language, bytes };
  whole = report_compose (&report, DELAY);
  return g_strndup (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
}

static void
expect (const char *text, const char *const *parts)
{
  for (; *parts; parts++)
    if (strstr (text, *parts) == NULL)
      g_error ("\"%s\" is not in\n%s", *parts, text);
}

static void
test_compose (void)
{
  static const char *const failed[] = { "Return-Path: <>\r\n",
                                        "To: <anna@office.example>\r\n",
                                        "report-type=delivery-status",
                                        "Auto-Submitted: auto-replied\r\n",
                                        "Original-Envelope-Id: QQ1\r\n",
                                        "Reporting-MTA: dns; mail.office.example\r\n",
                                        "Original-Recipient: rfc822; bea+x@other.example\r\n",
                                        "Final-Recipient: rfc822; bea@other.example\r\n",
                                        "Action: failed\r\n",
                                        "Status: 5.0.0\r\n",
                                        "Diagnostic-Code: smtp; what it said\r\n",
                                        "Not delivered to:\r\n\r\n  bea@other.example\r\n",
                                        "text/rfc822-headers\r\n\r\nSubject: old\r\nX: y\r\n",
                                        NULL };
  static const char *const full[]
      = { "message/rfc822\r\n\r\nSubject: old\r\nX: y\r\n\r\nThe body\r\n", NULL };
  static const char *const delayed[]
      = { "Action: delayed\r\n", "Will-Retry-Until: ", "Content-Language: de\r\n", NULL };
  static const char *const relayed[] = { "Action: relayed\r\n", "Status: 2.0.0\r\n", NULL };
  g_autofree char *one = compose (REPORT_FAILED, NULL, LANGUAGE_ENGLISH, FALSE);
  g_autofree char *two = compose (REPORT_FAILED, "FULL", LANGUAGE_ENGLISH, FALSE);
  g_autofree char *three = compose (REPORT_DELAYED, "FULL", LANGUAGE_GERMAN, FALSE);
  g_autofree char *four = compose (REPORT_RELAYED, NULL, LANGUAGE_ENGLISH, FALSE);
  g_autofree char *five = compose (REPORT_FAILED, "FULL", LANGUAGE_ENGLISH, TRUE);

  expect (one, failed);
  g_assert_null (strstr (one, "The body"));
  expect (two, full);
  expect (three, delayed);
  g_assert_null (strstr (three, "The body"));
  expect (four, relayed);
  expect (five, failed); /* RFC 8689 §5 */
  g_assert_null (strstr (five, "The body"));
}

/* Delivered here: the queue has no row of it. */
static void
test_local (void)
{
  g_autoptr (QueueMail) mail = queue_mail_new ();

  mail->sender = g_strdup ("a@b");
  add (mail, QUEUE_DELIVERED, "SUCCESS", 1, 9)->row = 0;
  g_assert_true (report_is_wanted (REPORT_DELIVERED, mail, NOW, DELAY));
  g_assert_false (report_is_wanted (REPORT_RELAYED, mail, NOW, DELAY));
}

/* Of several languages the first that we speak; another one's sender reads the server's. */
static void
test_language (void)
{
  static const struct {
    const char *header;
    Language language;
  } rows[] = {
    { "Subject: x\r\n\r\nContent-Language: en\r\n", LANGUAGE_GERMAN },
    { "Content-Language: en-GB\r\n\r\n", LANGUAGE_ENGLISH },
    { "Content-Language: de-AT\r\n\r\n", LANGUAGE_GERMAN },
    { "content-language:\r\n fr, en, de\r\n\r\n", LANGUAGE_ENGLISH },
    { "Content-Language: fr\r\n\r\n", LANGUAGE_GERMAN },
    { "Content-Language:\r\n\r\n", LANGUAGE_GERMAN },
    { "", LANGUAGE_GERMAN },
  };

  g_assert_true (setting_set (SETTING_LANGUAGE, "de", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) original = g_bytes_new_static (rows[i].header, strlen (rows[i].header));
    g_test_message ("%s", rows[i].header);
    g_assert_cmpint (report_language (original), ==, rows[i].language);
  }
  g_assert_true (setting_set (SETTING_LANGUAGE, "en", NULL));
}

/* What is said in words is in the language that was asked for, and nobody else hears of it. */
static void
test_words (void)
{
  g_autofree char *english = compose (REPORT_DELAYED, NULL, LANGUAGE_ENGLISH, FALSE);
  g_autofree char *german = compose (REPORT_DELAYED, NULL, LANGUAGE_GERMAN, FALSE);
  const char *const words[][3] = {
    { "Content-Language: en\r\n", "Not there yet:\r\n\r\n  bea@other.example\r\n",
      "    The server mx.other.example said: what it said\r\n" },
    { "Content-Language: de\r\n", "Noch nicht angekommen bei:\r\n\r\n  bea@other.example\r\n",
      "    Der Server mx.other.example sagte: what it said\r\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (words[0]); i++) {
    g_assert_nonnull (strstr (english, words[0][i]));
    g_assert_nonnull (strstr (german, words[1][i]));
  }
  g_assert_cmpint (language_spoken (), ==, SPEAK_LOCALE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/wishes", test_wishes);
  g_test_add_func ("/report/once", test_once);
  g_test_add_func ("/report/local", test_local);
  g_test_add_func ("/report/compose", test_compose);
  g_test_add_func ("/report/language", test_language);
  g_test_add_func ("/report/words", test_words);
  return g_test_run ();
}
