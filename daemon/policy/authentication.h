/* Finds out whether a mail is from whom it says, while it comes in: SPF and the client's name from
 * MAIL on, the keys of signatures from the end of the header on, the rest at the end. Lives in one
 * thread, that of its creator, whose GMainContext gets the answers; what costs is done in workers.
 */
#pragma once
#include "policy/answers.h"
#include "policy/arc.h"
#include "policy/dmarc.h"
#include <gio/gio.h>

#define AUTHENTICATION_SECONDS 20 /* what sessions wait */

typedef struct _Authentication Authentication;

/* Asks one question. The answer comes by authentication_answer, within the call or later. */
typedef void (*AuthenticationAsk) (Authentication *self, const DnsQuestion *question,
                                   gpointer data);

typedef struct {
  const char *hostname; /* this server's name, with which it signs its findings */
  GInetAddress *client;
  const char *helo, *sender; /* "" is the null path */
  const char *trusted; /* domains whose seals of ARC count, separated by blanks; may be NULL */
  guint seconds; /* to wait after the mail's end; then what is missing is a temperror */
  AuthenticationAsk ask;
  gpointer data;
} AuthenticationPeer;

typedef struct {
  char *field; /* Authentication-Results, with its line end */
  DmarcPolicy policy; /* what is to be done; unset: nothing speaks against the mail */
  char *author; /* the author's domain, or NULL */
  DmarcAuthors authors;
  ArcResult chain;
  gboolean chain_is_uncertain; /* it failed only because the DNS did not answer */
  const char *spf, *dmarc; /* names of results, for the log */
} AuthenticationVerdict;

void authentication_verdict_free (AuthenticationVerdict *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AuthenticationVerdict, authentication_verdict_free)

/* PEER is copied; the look-ups for the envelope begin. */
Authentication *authentication_new (const AuthenticationPeer *peer);
Authentication *authentication_ref (Authentication *self);
void authentication_unref (Authentication *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Authentication, authentication_unref)
/* Nobody wants to know any more: answers are dropped, a finish under way ends with
 * G_IO_ERROR_CANCELLED. */
void authentication_cancel (Authentication *self);
/* For look-ups that can be cancelled. */
GCancellable *authentication_cancellable (Authentication *self);

/* As answers_add; RECORDS is copied. */
void authentication_answer (Authentication *self, QuestionType type, const char *name,
                            AnswerStatus status, const char *const *records, gboolean secure);
/* The header section is there, or its beginning: its keys are asked for. */
void authentication_read_header (Authentication *self, GBytes *header);
/* The mail is there, whole. Once. */
void authentication_finish_async (Authentication *self, GBytes *message,
                                  GAsyncReadyCallback callback, gpointer data);
AuthenticationVerdict *authentication_finish_finish (GAsyncResult *result, GError **error);
