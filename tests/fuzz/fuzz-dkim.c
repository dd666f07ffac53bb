/* A message with signatures, whose keys the DNS answers with the header's X-Key fields. */
#include "policy/dkim-verify.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
answer (Answers *answers, const DkimHeader *header)
{
  const DnsQuestion *question;
  g_autofree char *text = NULL;

  for (guint i = 0; text == NULL && i < header->fields->len; i++)
    if (dkim_header_is_named (header, i, "X-Key"))
      text = header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, i));
  while ((question = answers_next_question (answers)) != NULL) {
    const char *const records[] = { text, NULL };

    answers_add (answers, question->type, question->name, text ? ANSWER_FOUND : ANSWER_FAILED,
                 records, FALSE);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  GPtrArray *verdicts = dkim_verify (message, answers, 1700000000);

  if (verdicts == NULL) {
    answer (answers, dkim_message_header (message));
    verdicts = dkim_verify (message, answers, 1700000000);
  }
  g_assert_nonnull (verdicts); /* one round of questions is enough */
  g_assert_cmpuint (verdicts->len, <=, DKIM_SIGNATURES_MAX);
  return 0;
}
