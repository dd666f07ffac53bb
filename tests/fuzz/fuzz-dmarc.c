/* The fields of a header and a DNS that answers with them: DMARC, and what stands in our name. */
#include "policy/authentication-results.h"
#include "policy/dmarc.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Every question gets the value of the next field. */
static void
answer (Answers *answers, const DkimHeader *header, guint *next)
{
  const DnsQuestion *question;

  while ((question = answers_next_question (answers)) != NULL) {
    const guint field = (*next)++ % header->fields->len;
    g_autofree char *text
        = header_unfold (header->bytes, &g_array_index (header->fields, HeaderField, field));
    const char *const records[] = { text, NULL };

    answers_add (answers, question->type, question->name, *text ? ANSWER_FOUND : ANSWER_NO_NAME,
                 records, FALSE);
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) stripped = authentication_results_strip (bytes, "mx.example.com");
  g_autoptr (GBytes) again = authentication_results_strip (stripped, "mx.example.com");
  g_autoptr (DkimHeader) header = dkim_header_read (data, size);
  DmarcAuthors authors;
  g_autofree char *domain = dmarc_author_domain (header, &authors);
  g_autoptr (Answers) answers = answers_new ();
  g_autoptr (DmarcVerdict) verdict = NULL;
  SpfVerdict spf = { .result = SPF_PASS, .domain = (char *)"a.b.example.com" };
  guint next = 0;

  g_assert_true (g_bytes_equal (stripped, again));
  for (guint rounds = 0; verdict == NULL; rounds++) {
    verdict = dmarc_check (domain, &spf, NULL, answers);
    g_assert_cmpuint (rounds, <, 4); /* two walks, and whether the domain exists */
    if (header->fields->len > 0)
      answer (answers, header, &next);
  }
  return 0;
}
