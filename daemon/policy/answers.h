/* What the DNS has said so far, for a check that needs many look-ups. A check (SPF, DKIM, DMARC …)
 * is a pure function of its input and these answers: where one is missing it is noted as a
 * question, and the check says that it is not done. Whoever drives it asks, adds what comes back,
 * and calls again. So no check has a state between look-ups, none blocks a thread, and a table can
 * stand in for the DNS. Not thread-safe. */
#pragma once
#include <glib.h>

#define ANSWERS_MAX 500 /* questions of one mail; what is asked beyond them has failed */

typedef enum { QUESTION_A, QUESTION_AAAA, QUESTION_MX, QUESTION_TXT, QUESTION_PTR } QuestionType;

typedef enum {
  ANSWER_FOUND,
  ANSWER_NO_DATA, /* the name is there, not with this type */
  ANSWER_NO_NAME, /* NXDOMAIN */
  ANSWER_FAILED, /* no answer in time, SERVFAIL, or one that DNSSEC calls bogus */
} AnswerStatus;

typedef struct {
  AnswerStatus status;
  gboolean secure; /* validated by DNSSEC */
  char **records; /* NULL-terminated, maybe empty: addresses and host names as text; TXT: the
                     strings of a record joined, a NUL in them as U+FFFD */
} Answer;

typedef struct {
  QuestionType type;
  char *name; /* lower case, without the last dot */
} DnsQuestion;

typedef struct _Answers Answers;

Answers *answers_new (void);
void answers_free (Answers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answers, answers_free)

/* What is known, or NULL: then it is a question from now on. A NAME that no DNS name can be (RFC
 * 1035 §2.3.4) is ANSWER_NO_NAME without a question. */
const Answer *answers_find (Answers *self, QuestionType type, const char *name);
/* The next question nobody has been given yet, or NULL. Belongs to SELF. */
const DnsQuestion *answers_next_question (Answers *self);
/* RECORDS is copied; NULL: none. The first answer to a question counts. */
void answers_add (Answers *self, QuestionType type, const char *name, AnswerStatus status,
                  const char *const *records, gboolean secure);
/* From now on whatever is not known has failed: the time is over. */
void answers_close (Answers *self);

/* What can be looked up: 1 to 253 printable ASCII characters, labels of 1 to 63; a last dot is
 * allowed. */
gboolean dns_name_is_valid (const char *name);
/* Whether NAME is DOMAIN or below it; both without the last dot. */
gboolean domain_is_below (const char *name, const char *domain);
