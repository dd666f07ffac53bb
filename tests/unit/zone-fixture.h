/* A table in place of the DNS, for checks that are functions of its answers. */
#pragma once
#include "policy/answers.h"

typedef struct {
  const char *name;
  QuestionType type;
  const char *record; /* NULL: no answer comes */
} ZoneRecord;

/* Answers what is asked from the table, which ends with a NULL name; returns how many questions
 * there were. A name is there when it or something below it is. */
static inline guint
zone_answer (Answers *answers, const ZoneRecord *zone)
{
  const DnsQuestion *question;
  guint count = 0;

  for (; (question = answers_next_question (answers)) != NULL; count++) {
    g_autoptr (GPtrArray) records = g_ptr_array_new ();
    g_autofree char *below = g_strconcat (".", question->name, NULL);
    AnswerStatus status = ANSWER_NO_NAME;

    for (const ZoneRecord *at = zone; at->name; at++) {
      const gboolean same = g_ascii_strcasecmp (at->name, question->name) == 0;

      if (status == ANSWER_NO_NAME && (same || g_str_has_suffix (at->name, below)))
        status = ANSWER_NO_DATA;
      if (!same || at->type != question->type)
        continue;
      status = at->record && status != ANSWER_FAILED ? ANSWER_FOUND : ANSWER_FAILED;
      if (at->record)
        g_ptr_array_add (records, (char *)at->record);
    }
    g_ptr_array_add (records, NULL);
    answers_add (answers, question->type, question->name, status,
                 status == ANSWER_FOUND ? (const char *const *)records->pdata : NULL, FALSE);
  }
  return count;
}
