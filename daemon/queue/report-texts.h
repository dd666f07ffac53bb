/* What a person reads in a notification, in both languages: the language is the sender's and not
 * that of the process, so gettext does not help here. */
#pragma once
#include "queue/report.h"

typedef enum { REPORT_ENGLISH, REPORT_GERMAN, REPORT_LANGUAGES } ReportLanguage;

typedef struct {
  const char *subject;
  const char *intro; /* what has happened and what to do; wrapped lines */
  const char *list; /* before the recipients */
  const char *outro;
} ReportText;
extern const ReportText report_texts[REPORT_COUNT][REPORT_LANGUAGES];

/* A sentence that says what STATUS ("5.1.1") means and what to do, or NULL. */
const char *report_explain (const char *status, ReportLanguage language);
/* "the server %s said:" */
extern const char *const report_said[REPORT_LANGUAGES];
