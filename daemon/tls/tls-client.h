/* TLS to other servers: whom we expect there. Thread-safe. */
#pragma once
#include <gio/gio.h>
#include <openssl/ssl.h>

typedef enum {
  TLS_PEER_ANY, /* encryption without a proof of who it is (RFC 7435) */
  TLS_PEER_NAMED, /* a certificate for the name, by an authority that this system trusts */
  TLS_PEER_DANE, /* what the TLSA records say (RFC 7672) */
} TlsPeer;

/* A TLSA record. */
typedef struct {
  guint8 usage, selector, matching;
  GBytes *data;
} TlsAssociation;

/* Whether RECORD can be used for SMTP at all: usages 2 and 3 only (RFC 7672 §3.1.3). */
gboolean tls_association_is_usable (const TlsAssociation *association);

/* A client for NAME (SNI; TLS 1.2 and 1.3). With TLS_PEER_DANE: ASSOCIATIONS[0 … COUNT-1], and
 * NEXT_HOP (or NULL) is a further name that a certificate of usage 2 may be for. */
SSL *tls_client_new (TlsPeer peer, const char *name, const char *next_hop,
                     const TlsAssociation *associations, guint count, GError **error);
