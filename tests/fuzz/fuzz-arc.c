/* A message with a chain of seals, whose keys the DNS answers with the header's X-Key field; and
 * whom its seals vouch for, whether they hold or not. */
#include "policy/arc.h"
#include "tests/fuzz/dkim-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (DkimMessage) message = dkim_message_new (bytes);
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (ArcVerdict) verdict = NULL;

  arc_ask_keys (dkim_message_header (message), answers);
  answer_with_key (answers, dkim_message_header (message));
  verdict = arc_check (message, answers, 1700000000); /* all was asked at once */
  g_assert_nonnull (verdict);
  g_assert_cmpuint (verdict->sealers->len, ==, verdict->results->len);
  if (verdict->sealers->len > 0) {
    verdict->result = ARC_PASS;
    arc_voucher (verdict, "example.com", verdict->sealers->pdata[0]);
  }
  return 0;
}
