/* The bytes of DATA as the mail's own: dots unstuffed, the end found (RFC 5321 §4.5.2). Pure, and
 * the same whatever pieces the bytes come in. */
#pragma once
#include <glib.h>

typedef struct {
  guint8 state; /* zeroed: at the beginning */
  gboolean bare; /* a CR or LF stood alone: the mail is to be refused */
} SmtpDots;

/* Takes some of BYTES (LENGTH > 0) and returns how many. *RUN and *RUN_LENGTH (maybe 0) are those
 * of them that belong to the mail. *ENDED: the final dot has been taken. Call again for the rest.
 */
gsize smtp_dots_read (SmtpDots *self, const guint8 *bytes, gsize length, const guint8 **run,
                      gsize *run_length, gboolean *ended);
/* For chunks, where dots mean nothing: only looks for bare CR and LF. */
void smtp_dots_check (SmtpDots *self, const guint8 *bytes, gsize length);
/* Nothing comes any more: a CR at the very end is bare. */
void smtp_dots_finish (SmtpDots *self);
