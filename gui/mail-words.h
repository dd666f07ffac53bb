/* What happens to mail, in plain words: for people who do not know SMTP. All results are freed with
 * g_free. */
#pragma once
#include "json.h"

typedef enum {
  MAIL_IS_NEW, /* not tried yet */
  MAIL_IS_TRIED, /* it failed at least once and is tried again */
  MAIL_IS_SCHEDULED, /* its sender wants it to go later */
  MAIL_IS_HELD, /* by an administrator */
  MAIL_IS_BRAKED, /* by the brake */
} MailState;

/* ITEM: one of GET /v1/queue. NOW: seconds, UTC. */
MailState mail_state (const json_t *item, gint64 now);
/* Why it is still here: "Tried 3 times. Next try: … The mailbox there is full. The answer was: …"
 */
char *mail_why (const json_t *item, gint64 now);
/* What a reply of another server means: the class of its enhanced code (RFC 3463), or its first
 * digits; NULL where the reply speaks for itself. Not to be freed. */
const char *mail_reply_meaning (const char *reply);

/* How a line of a trace is to be seen. */
typedef enum { LIFE_GOOD, LIFE_WAITS, LIFE_BAD, LIFE_PLAIN } LifeKind;
LifeKind life_kind (const json_t *line);
/* MAIL: one of POST /v1/trace. "From anna@example.com, 12 kB". */
char *life_title (const json_t *mail);

/* Why the brake holds a user: "212 recipients outside within an hour; the most before was 14."
 * BRAKE: one of GET /v1/brakes. */
char *brake_why (const json_t *brake);
