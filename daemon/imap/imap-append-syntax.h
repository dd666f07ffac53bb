/* The arguments of APPEND and REPLACE (RFC 3501 §6.3.11 with RFC 3502, 3516, 4469, 6855, 8508),
 * read piece by piece: between the messages, which stream past. Pure. */
#pragma once
#include "imap/imap-parser.h"
#include "imap/imap-write.h"

#define IMAP_APPEND_URLS_MAX 100 /* in one piece */

typedef enum {
  IMAP_STEP_MESSAGE, /* a message begins */
  IMAP_STEP_URL, /* bytes of another message belong to it (CATENATE) */
  IMAP_STEP_LITERAL, /* bytes that the client sends now; the piece ends with it */
  IMAP_STEP_MESSAGE_END,
} ImapAppendStepKind;

typedef struct {
  ImapAppendStepKind kind;
  ImapFlagsChange *flags; /* MESSAGE */
  gboolean has_date;
  gint64 date;
  gint16 zone;
  char *url; /* URL */
  gboolean is_part; /* LITERAL, of CATENATE: it may be empty */
} ImapAppendStep;
void imap_append_step_free (gpointer step);

typedef enum {
  IMAP_APPEND_ARGUMENTS, /* behind the command's name */
  IMAP_APPEND_AFTER_MESSAGE,
  IMAP_APPEND_IN_UTF8, /* behind the literal of UTF8 (~{…} */
  IMAP_APPEND_AFTER_PART,
  IMAP_APPEND_IN_UTF8_PART,
} ImapAppendState;

struct _ImapAppendSyntax {
  ImapAppendState state;
  gboolean replace, by_uid; /* REPLACE, UID REPLACE */
  guint32 target; /* of REPLACE; G_MAXUINT32 is "*" */
  char *mailbox; /* as the client wrote it */
};
void imap_append_syntax_clear (ImapAppendSyntax *syntax);

/* "tag APPEND", "tag REPLACE" or "tag UID REPLACE": what comes before the arguments. */
gboolean imap_append_read_command (ImapParser *parser, ImapAppendSyntax *syntax);
/* One piece: from the state on to the announcement of a message's literal or to the end of the
 * command. STEPS: GPtrArray of ImapAppendStep, to be freed with imap_append_step_free. FALSE:
 * malformed, or a literal is announced that is no message. */
gboolean imap_append_read (ImapAppendSyntax *syntax, ImapParser *parser, GPtrArray *steps);
/* Does TEXT, the piece so far (or, with SYNTAX NULL, a whole command so far), end with the
 * announcement of a message? */
gboolean imap_append_announces (const ImapAppendSyntax *syntax, const guint8 *text, gsize length);
