/* What the files of one POP3 session share: the session, its states, its answers. */
#pragma once
#include "accounts/sign-on.h"
#include "pop3/pop3-maildrop.h"
#include "pop3/pop3-session.h"

#define POP3_ERRORS_MAX 20 /* wrong commands before the connection ends */
#define POP3_LOGINS_MAX 3 /* failed logins before it ends */

typedef struct _Pop3Session Pop3Session;

/* The states of RFC 1939 §3. */
typedef enum {
  POP3_AUTHORIZATION = 1,
  POP3_TRANSACTION = 2,
  POP3_UPDATE = 4,
} Pop3State;

/* Consumes some of the waiting bytes: a command, or a response of an AUTH exchange. */
typedef gsize (*Pop3Expect) (Pop3Session *self, const guint8 *bytes, gsize length);
typedef void (*Pop3Continuation) (Pop3Session *self, gpointer data);

struct _Pop3Session {
  guint references;
  gboolean open;
  gboolean paused; /* input waits while a command runs */
  const Pop3Service *service;
  Channel *channel;
  Pop3State state;
  Pop3Expect expect;
  gboolean utf8; /* RFC 6856 */
  guint errors, failed_logins;
  char *login; /* of USER, until PASS */
  SignOn *sign_on; /* an AUTH exchange under way */
  gboolean is_inside; /* counted by the door */
  char *user; /* normalized address, or NULL */
  Pop3Maildrop *maildrop; /* once the login is done */
  guint retrieved;
  Pop3Continuation drained; /* waits for the output queue to empty */
  gpointer drained_data;
};

Pop3Session *pop3_session_ref (Pop3Session *self);
void pop3_session_unref (Pop3Session *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pop3Session, pop3_session_unref)

/* "+OK TEXT". */
void pop3_ok (Pop3Session *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* "-ERR TEXT"; a text that begins with a response code in [] is RFC 2449's and RFC 3206's. */
void pop3_fail (Pop3Session *self, const char *text);
/* The same for a command that is wrong: the last one allowed ends the connection. */
void pop3_wrong (Pop3Session *self, const char *text);
/* The store failed: -ERR [SYS/TEMP], and the reason goes to the log. */
void pop3_fail_temporarily (Pop3Session *self, const GError *error);
/* The door counts the session no more. */
void pop3_session_leave (Pop3Session *self);
/* Input waits; answers of long commands come until pop3_resume. */
void pop3_pause (Pop3Session *self);
void pop3_resume (Pop3Session *self);
/* Runs NEXT once the client has read most of what waits; at once when that is little. After the
 * connection has ended NEXT still runs, to free DATA: look at self->open. */
void pop3_when_drained (Pop3Session *self, Pop3Continuation next, gpointer data);

gsize pop3_expect_command (Pop3Session *self, const guint8 *bytes, gsize length);

/* Commands that live in files of their own. ARGUMENT is what follows the keyword. */
void pop3_user (Pop3Session *self, const char *argument);
void pop3_pass (Pop3Session *self, const char *argument);
void pop3_auth (Pop3Session *self, const char *argument);
void pop3_list (Pop3Session *self, const char *argument);
void pop3_uidl (Pop3Session *self, const char *argument);
void pop3_retr (Pop3Session *self, const char *argument);
void pop3_top (Pop3Session *self, const char *argument);

/* The message NUMBER means, or NULL after an -ERR. */
Pop3Message *pop3_find_message (Pop3Session *self, guint64 number);
