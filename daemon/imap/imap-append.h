/* APPEND and REPLACE while they run: messages stream into spools, pieces of other messages are
 * copied to them, and when all are whole one write job keeps them, or none. */
#pragma once
#include "imap/imap-append-syntax.h"
#include "net/spool.h"

typedef struct {
  ImapFlagsChange *flags;
  gint64 date;
  gint16 zone;
  guint64 length; /* so far */
  gboolean ends_line, past_header; /* where its header is read, */
  gboolean is_raw; /* and whether that is not ASCII */
  Spool *spool; /* while it comes in */
  PreparedMessage *prepared; /* when it is whole */
} ImapAppendMessage;

struct _ImapAppend {
  ImapAppendSyntax syntax;
  ImapInput *input; /* of the piece that comes in, or NULL */
  GPtrArray *steps; /* ImapAppendStep, of the piece that was read */
  guint step; /* the next one */
  gboolean ended; /* no piece follows */
  GPtrArray *messages; /* ImapAppendMessage */
  char *mailbox; /* UTF-8 */
  guint32 replaced; /* UID of the selected mailbox, 0: none */
  gboolean asked;
  guint64 room; /* bytes that the quota leaves */
  guint64 small; /* bytes of messages that are kept in memory */
  ImapLiteral literal;
  guint64 left; /* of the literal */
  char *refusal; /* what the client will hear at the end */
  gboolean is_wrong; /* ... as a BAD */
};

/* The input has come to a message's literal. */
void imap_append_begin (ImapSession *self);
/* A command that is whole without one: ARGUMENTS is behind its name. */
void imap_append_run (ImapSession *self, ImapParser *arguments, gboolean replace);
void imap_append_free (ImapAppend *append);

/* The next step, after one that took time. */
void imap_append_go_on (ImapSession *self);
/* The first refusal counts; what still comes is dropped. */
void imap_append_refuse (ImapSession *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* Ends the command. */
void imap_append_finish (ImapSession *self, ImapResult result, const char *text);

/* The message that comes in. */
ImapAppendMessage *imap_append_message (ImapSession *self);
/* BYTES of the message that comes in, to its spool. */
void imap_append_bytes (ImapSession *self, const guint8 *bytes, gsize length);
/* FALSE: LENGTH bytes more are too many, for the message or for the quota; it is refused. */
gboolean imap_append_has_room (ImapSession *self, guint64 length);

/* imap-append-write.c. Each goes on with imap_append_go_on, the last one ends the command. */
void imap_append_ask (ImapSession *self);
void imap_append_prepare (ImapSession *self);
void imap_append_save (ImapSession *self);
/* imap-append-url.c */
void imap_append_copy (ImapSession *self, const char *url);
