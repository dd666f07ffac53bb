/* SPF with a DNS that answers what the input says: address, HELO and sender, then a line an answer.
 */
#include "policy/spf.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define ROUNDS_MAX 40 /* ten terms, each with two rounds at most, and the explanation */

/* Every question gets the next line; an empty one is a name that does not exist. */
static void
answer (Answers *answers, char **lines, guint count, guint *next)
{
  const DnsQuestion *question;

  while ((question = answers_next_question (answers)) != NULL) {
    const char *line = lines[3 + (*next)++ % (count - 3)];
    const char *const records[] = { line, question->type == QUESTION_TXT ? NULL : line, NULL };

    answers_add (answers, question->type, question->name, *line ? ANSWER_FOUND : ANSWER_NO_NAME,
                 *line ? records : NULL, FALSE);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_auto (GStrv) lines = g_strsplit (text, "\n", 50);
  const guint count = g_strv_length (lines);
  g_autoptr (GInetAddress) address = count > 3 ? g_inet_address_new_from_string (lines[0]) : NULL;
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (SpfVerdict) verdict = NULL;
  guint next = 0;

  if (address == NULL)
    return 0;
  for (guint rounds = 0; verdict == NULL; rounds++) {
    const SpfQuery query
        = { .address = address, .helo = lines[1], .sender = lines[2], .receiver = "r.example" };

    g_assert_cmpuint (rounds, <, ROUNDS_MAX);
    verdict = spf_check (&query, answers);
    answer (answers, lines, count, &next);
  }
  g_assert_true (verdict->explanation == NULL || g_str_is_ascii (verdict->explanation));
  return 0;
}
