/* What the files of an SMTP client share. */
#pragma once
#include "queue/smtp-client.h"
#include "queue/smtp-reply.h"

typedef enum {
  SMTP_EXTENSION_PIPELINING = 1,
  SMTP_EXTENSION_SIZE = 2,
  SMTP_EXTENSION_8BITMIME = 4,
  SMTP_EXTENSION_SMTPUTF8 = 8,
  SMTP_EXTENSION_DSN = 16,
  SMTP_EXTENSION_STARTTLS = 32,
  SMTP_EXTENSION_CHUNKING = 64,
  SMTP_EXTENSION_AUTH_PLAIN = 128,
  SMTP_EXTENSION_AUTH_LOGIN = 256,
  SMTP_EXTENSION_REQUIRETLS = 512,
} SmtpExtension;

/* What is to be done with the next reply. */
typedef void (*SmtpClientExpect) (SmtpClient *self);

struct _SmtpClient {
  Channel *channel;
  Store *store;
  char *hostname, *host, *user, *password;
  SmtpTls tls;
  SSL *ssl; /* for the handshake to come */
  const SmtpClientEvents *events;
  gpointer data;
  SmtpReply *reply;
  SmtpClientExpect expect; /* NULL: nothing is to come */
  guint extensions;
  guint64 size_limit; /* 0: none */
  SmtpEnd end;
  char *reason;
  guint reading : 1, closed : 1, is_leaving : 1, requires_tls : 1;

  /* The mail. Commands are MAIL, one RCPT for each recipient, DATA. */
  QueueMail *mail;
  guint asked, answered; /* commands */
  guint accepted; /* recipients */
  GBytes *converted; /* the message in 7 bits, or NULL: as it is */
  guint64 size; /* of what is sent */
  guint64 offset; /* sent so far */
  guint8 last_bytes[2]; /* for dots and the last line's end */
};

void smtp_client_free (SmtpClient *self);
/* Waits for a reply, at most SECONDS. */
void smtp_client_await (SmtpClient *self, SmtpClientExpect expect, guint seconds);
/* Remembers why (the first reason counts), and ends. */
void smtp_client_fail (SmtpClient *self, SmtpEnd end, const char *reason);
void smtp_client_fail_by_reply (SmtpClient *self);
/* smtp-client-hello.c: from the greeting to `ready`. */
void smtp_client_greeted (SmtpClient *self);
void smtp_client_say_hello (SmtpClient *self);
/* smtp-client-mail.c */
void smtp_client_begin_mail (SmtpClient *self);
/* The connection has ended: who is not settled waits. */
void smtp_client_lose_mail (SmtpClient *self);
/* smtp-client-data.c: whether the message goes as a chunk (RFC 3030). */
static inline gboolean
smtp_client_sends_chunks (const SmtpClient *self)
{
  return (self->extensions & SMTP_EXTENSION_CHUNKING) != 0;
}
/* Makes `converted`, then calls smtp_client_did_convert; it is NULL when that cannot be done. */
void smtp_client_convert (SmtpClient *self);
void smtp_client_did_convert (SmtpClient *self);
/* smtp-client-data.c: sends the message, then expects the last reply. */
void smtp_client_stream (SmtpClient *self);
void smtp_client_did_drain (SmtpClient *self);
/* smtp-client-mail.c: the reply to the final dot. */
void smtp_client_finished (SmtpClient *self);
