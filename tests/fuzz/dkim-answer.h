/* Answers all that is asked of the DNS with the X-Key field of a header. */
#pragma once
#include "policy/answers.h"
#include "policy/dkim-header.h"

static void
answer_with_key (Answers *answers, const DkimHeader *header)
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
