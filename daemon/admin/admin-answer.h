/* Answers of the admin API: JSON or text, made in a worker, sent in the main thread. */
#pragma once
#include "admin/resources.h"
#include "http/http-door.h"

typedef enum { ADMIN_ANSWER_JSON, ADMIN_ANSWER_TEXT } AdminAnswer;

/* In a worker: what CALL has to answer, and its status. The caller frees *BYTES. */
void admin_answer_success (AdminCall *call, guint *status, GBytes **bytes);
/* Likewise what it answers to ERROR, instead of what *BYTES holds. */
void admin_answer_failure (AdminCall *call, const GError *error, guint *status, GBytes **bytes);

/* Main thread. ETAG may be NULL. */
void admin_answer_bytes (SoupServerMessage *message, guint status, AdminAnswer kind, GBytes *bytes,
                         const char *etag);
void admin_answer_error (SoupServerMessage *message, guint status, const char *sentence);
