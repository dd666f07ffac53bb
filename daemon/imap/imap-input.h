/* Gathers bytes into whole commands: lines, and the literals inside them (RFC 9051 §4.3, RFC 7888).
 * Pure; bounded by what the session allows in its state. The message of APPEND is not gathered: the
 * session streams it. */
#pragma once
#include <glib.h>

#define IMAP_LINE_MAX (64 * 1024) /* bytes of a command that are not literals */

typedef enum {
  IMAP_INPUT_MORE, /* all was taken, the command goes on */
  IMAP_INPUT_COMMAND, /* a whole command waits in imap_input_text, without its line end */
  IMAP_INPUT_CONTINUE, /* a synchronizing literal was announced and fits: answer "+" */
  IMAP_INPUT_MESSAGE, /* a message of an APPEND or REPLACE begins: imap_input_literal */
  IMAP_INPUT_REFUSED, /* a synchronizing literal too great: answer tagged BAD; the client does not
                         send it */
  IMAP_INPUT_OVERFLOW, /* too long, and the client goes on sending: say BYE */
} ImapInputEvent;

typedef struct {
  gboolean open; /* one waits (IMAP_INPUT_MESSAGE) */
  gboolean synchronizing;
  guint64 length;
} ImapLiteral;

typedef struct _ImapInput ImapInput;
typedef struct _ImapAppendSyntax ImapAppendSyntax; /* imap-append-syntax.h */

ImapInput *imap_input_new (void);
/* For what follows a message in its command; SYNTAX must outlive it. */
ImapInput *imap_input_new_piece (const ImapAppendSyntax *syntax);
void imap_input_free (ImapInput *input);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapInput, imap_input_free)

/* Takes bytes up to the next event; returns how many. LITERALS_MAX bounds the literals of one
 * command together. */
gsize imap_input_feed (ImapInput *input, const guint8 *bytes, gsize length, gsize literals_max,
                       ImapInputEvent *event);
const guint8 *imap_input_text (const ImapInput *input, gsize *length);
ImapLiteral imap_input_literal (const ImapInput *input);
