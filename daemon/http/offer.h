/* What this server offers to mail programs: one description, from which the SRV records,
 * autoconfig, Autodiscover, Apple's profiles and the page for people are made. */
#pragma once
#include "configuration.h"

typedef enum { OFFER_IMAP, OFFER_POP3, OFFER_SMTP } OfferProtocol;

typedef struct {
  OfferProtocol protocol;
  Listen listen;
  gboolean implicit_tls; /* TLS from the start; else STARTTLS */
  const char *srv; /* "_imaps._tcp" (RFC 6186, 8314) */
  guint priority; /* of the SRV record */
} Offer;

/* All there could be, in the order in which to prefer them: TLS from the start before STARTTLS,
 * IMAP before POP3 (RFC 8314 §5.1). */
const Offer *offers (guint *count);
/* Where CONFIGURATION serves it, or 0: nowhere. What listens on loopback only is not for others,
 * unless the whole server is like that. */
guint offer_port (const Configuration *configuration, const Offer *offer);
/* The same for a LISTEN that is no mail program's. */
guint offer_listen_port (const Configuration *configuration, Listen listen);
/* The first one of PROTOCOL that is served, or NULL. */
const Offer *offer_best (const Configuration *configuration, OfferProtocol protocol);

/* "https://HOST/", with the port when it is not the usual one; free with g_free. */
char *offer_url (const Configuration *configuration, const char *host, const char *path);
