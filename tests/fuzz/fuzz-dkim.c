/* A message with signatures, whose keys the DNS answers with the header's X-Key fields. */
#include "policy/dkim-verify.h"
#include "tests/fuzz/dkim-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  GPtrArray *verdicts = dkim_verify (message, answers, 1700000000);

  if (verdicts == NULL) {
    answer_with_key (answers, dkim_message_header (message));
    verdicts = dkim_verify (message, answers, 1700000000);
  }
  g_assert_nonnull (verdicts); /* one round of questions is enough */
  g_assert_cmpuint (verdicts->len, <=, DKIM_SIGNATURES_MAX);
  return 0;
}
