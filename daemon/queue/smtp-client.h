/* Sends mail to one server over one connection (RFC 5321). Lives on one I/O thread. */
#pragma once
#include "net/channel.h"
#include "queue/queue-mail.h"
#include "store/store.h"
#include "tls/tls-client.h"

typedef struct _SmtpClient SmtpClient;

typedef enum {
  SMTP_TLS_NEVER, /* it has failed, and nobody asks for it */
  SMTP_TLS_MAYBE, /* when it is offered (RFC 7435) */
  SMTP_TLS_MUST,
  SMTP_TLS_FROM_START, /* before the greeting (RFC 8314) */
} SmtpTls;

typedef enum {
  SMTP_END_QUIT, /* we were done */
  SMTP_END_LOST, /* the connection broke, or the server cannot now */
  SMTP_END_REFUSED, /* the server does not speak with us (5yz) */
  SMTP_END_TLS, /* no TLS, or not with whom we expect */
  SMTP_END_PROMISE, /* it does not promise to demand TLS further on (no REQUIRETLS) */
} SmtpEnd;

typedef struct {
  /* Give it a mail, or quit. */
  void (*ready) (SmtpClient *client, gpointer data);
  /* All recipients of MAIL are settled (MAIL is given back); `ready` or `ended` follows. */
  void (*sent) (SmtpClient *client, QueueMail *mail, gpointer data);
  /* The last event; the client frees itself after it. REASON: one line. */
  void (*ended) (SmtpClient *client, SmtpEnd end, const char *reason, gpointer data);
} SmtpClientEvents;

typedef struct {
  Store *store;
  const char *hostname; /* who we are */
  const char *host; /* whom we speak to */
  SmtpTls tls;
  TlsPeer peer;
  const char *next_hop; /* for DANE */
  const TlsAssociation *associations;
  guint association_count;
  const char *user, *password; /* AUTH, or NULL */
  gboolean requires_tls; /* REQUIRETLS for all mail (RFC 8689), or none is sent */
} SmtpClientOptions;

/* CHANNEL is connected; OPTIONS are copied, EVENTS static. No event comes within the call. */
SmtpClient *smtp_client_new (Channel *channel, const SmtpClientOptions *options,
                             const SmtpClientEvents *events, gpointer data);
/* After `ready`: sends MAIL, which is taken over until `sent`. */
void smtp_client_send (SmtpClient *client, QueueMail *mail);
/* After `ready`: says goodbye; `ended` follows. */
void smtp_client_quit (SmtpClient *client);
/* At once; `ended` follows with REASON. */
void smtp_client_abort (SmtpClient *client, const char *reason);
/* "192.0.2.7" */
const char *smtp_client_peer (SmtpClient *client);
/* "TLSv1.3", or NULL in the clear. */
const char *smtp_client_protocol (SmtpClient *client);
