/* Tests of daemon/policy/answers.c. */
#include "policy/answers.h"
#include <string.h>

static void
test_questions (void)
{
  static const char *const records[] = { "192.0.2.1", NULL };
  g_autoptr (Answers) answers = answers_new ();
  const DnsQuestion *question;
  const Answer *answer;

  g_assert_null (answers_find (answers, QUESTION_A, "Mail.Example.com."));
  g_assert_null (answers_find (answers, QUESTION_A, "mail.example.com")); /* asked once */
  g_assert_null (answers_find (answers, QUESTION_AAAA, "mail.example.com"));
  question = answers_next_question (answers);
  g_assert_cmpstr (question->name, ==, "mail.example.com");
  g_assert_cmpint (question->type, ==, QUESTION_A);
  g_assert_cmpint (answers_next_question (answers)->type, ==, QUESTION_AAAA);
  g_assert_null (answers_next_question (answers));
  answers_add (answers, QUESTION_A, "MAIL.example.com", ANSWER_FOUND, records, TRUE);
  answers_add (answers, QUESTION_A, "mail.example.com", ANSWER_NO_NAME, NULL, FALSE); /* too late */
  answer = answers_find (answers, QUESTION_A, "mail.example.com");
  g_assert_cmpint (answer->status, ==, ANSWER_FOUND);
  g_assert_true (answer->secure);
  g_assert_cmpstr (answer->records[0], ==, "192.0.2.1");
  g_assert_null (answers_next_question (answers));
}

static void
test_close (void)
{
  g_autoptr (Answers) answers = answers_new ();

  answers_add (answers, QUESTION_TXT, "a.example", ANSWER_NO_DATA, NULL, FALSE);
  g_assert_null (answers_find (answers, QUESTION_TXT, "b.example"));
  answers_close (answers);
  g_assert_cmpint (answers_find (answers, QUESTION_TXT, "a.example")->status, ==, ANSWER_NO_DATA);
  g_assert_cmpint (answers_find (answers, QUESTION_TXT, "b.example")->status, ==, ANSWER_FAILED);
  g_assert_null (answers_find (answers, QUESTION_TXT, "b.example")->records[0]);
}

static void
test_most (void)
{
  g_autoptr (Answers) answers = answers_new ();

  for (guint i = 0; i < ANSWERS_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("host%u.example", i);
    g_assert_null (answers_find (answers, QUESTION_A, name));
  }
  g_assert_cmpint (answers_find (answers, QUESTION_A, "more.example")->status, ==, ANSWER_FAILED);
}

static void
test_names (void)
{
  g_autofree char *label = g_strnfill (63, 'a');
  g_autofree char *too_long = g_strnfill (64, 'a');
  g_autofree char *longest = g_strdup_printf ("%s.%s.%s.%.61s", label, label, label, label);
  g_autofree char *longer = g_strconcat (longest, "b", NULL);
  const struct {
    const char *name;
    gboolean valid;
  } cases[] = {
    { "example.com", TRUE },
    { "example.com.", TRUE },
    { "_dmarc.example.com", TRUE },
    { "a", TRUE },
    { "a b.example", TRUE },
    { "", FALSE },
    { ".", FALSE },
    { "a..", FALSE },
    { "a..b", FALSE },
    { ".a", FALSE },
    { "b\xc3\xbc.example", FALSE },
    { "a\n.example", FALSE },
    { label, TRUE },
    { too_long, FALSE },
    { longest, TRUE },
    { longer, FALSE },
  };
  g_autoptr (Answers) answers = answers_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_test_message ("%s", cases[i].name);
    g_assert_cmpint (dns_name_is_valid (cases[i].name), ==, cases[i].valid);
  }
  g_assert_cmpint (answers_find (answers, QUESTION_A, "a..b")->status, ==, ANSWER_NO_NAME);
  g_assert_null (answers_next_question (answers));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/answers/questions", test_questions);
  g_test_add_func ("/answers/close", test_close);
  g_test_add_func ("/answers/most", test_most);
  g_test_add_func ("/answers/names", test_names);
  return g_test_run ();
}
