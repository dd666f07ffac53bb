/* What a person reads in a notification, to be said in this thread's language (language.h). */
#pragma once
#include "queue/report.h"

typedef struct {
  const char *subject;
  const char *intro; /* what has happened and what to do */
  const char *list; /* before the recipients */
  const char *outro; /* whether something is attached */
} ReportText;
extern const ReportText report_texts[REPORT_COUNT];

/* A sentence that says what STATUS ("5.1.1") means and what to do, or NULL. */
const char *report_explain (const char *status);
