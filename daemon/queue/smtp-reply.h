/* What another server answers (RFC 5321 §4.2). Pure: bytes in, a reply out. */
#pragma once
#include <glib.h>

enum {
  SMTP_REPLY_LINE_MAX = 4096, /* RFC 5321 §4.5.3.1.5 says 512; some say more */
  SMTP_REPLY_LINES_MAX = 128,
  SMTP_REPLY_KEPT = 4096, /* bytes of its text that are kept */
};

typedef enum { SMTP_REPLY_MORE, SMTP_REPLY_WHOLE, SMTP_REPLY_BROKEN } SmtpReplyState;

typedef struct {
  SmtpReplyState state;
  guint code; /* 200 … 599 */
  guint lines;
  char status[12]; /* "5.1.1" (RFC 2034), or "" */
  GString *text; /* its lines without code and status, joined by '\n'; printable UTF-8 */
} SmtpReply;

SmtpReply *smtp_reply_new (void);
void smtp_reply_free (SmtpReply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmtpReply, smtp_reply_free)
/* Makes it empty for the next one. */
void smtp_reply_clear (SmtpReply *reply);
/* Consumes whole lines until the state is not MORE; returns how many bytes. */
gsize smtp_reply_read (SmtpReply *reply, const guint8 *bytes, gsize length);

/* The first digit: 2 done, 3 go on, 4 later, 5 never. */
guint smtp_reply_kind (const SmtpReply *reply);
/* "550 5.1.1 No such user", on one line; free with g_free. */
char *smtp_reply_print (const SmtpReply *reply);
