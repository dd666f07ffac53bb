/* Signed DNS messages (TSIG, RFC 8945): a secret that we share with a DNS server. Pure functions on
 * bytes. */
#pragma once
#include <gio/gio.h>

typedef struct {
  const char *algorithm; /* a constant: "hmac-sha256" */
  guint8 *name; /* in wire format, lower case */
  gsize name_length;
  GBytes *secret;
} TsigKey;

/* "[ALGORITHM:]NAME:BASE64", as nsupdate and knsupdate take it; hmac-sha256 when it is left out. */
TsigKey *tsig_key_parse (const char *text, GError **error);
void tsig_key_free (TsigKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TsigKey, tsig_key_free)

enum { TSIG_FUDGE = 300, TSIG_MAC_MAX = 64 };

typedef struct {
  guint8 bytes[TSIG_MAC_MAX];
  gsize length;
} TsigMac;

/* Appends the record to MESSAGE and counts it (RFC 8945 §5.1); NOW: seconds, UTC. MAC is for the
 * answer. */
void tsig_sign (const TsigKey *key, GByteArray *message, gint64 now, TsigMac *mac);

typedef enum {
  TSIG_GOOD,
  TSIG_NONE, /* the message is not signed: whoever sent it proves nothing */
  TSIG_FORGED, /* it is, but not with this key, or it is broken */
  TSIG_REFUSED, /* the server says that our signature is wrong: *ERROR_CODE */
} TsigStatus;
/* Whether MESSAGE is the answer to what was signed with REQUEST (§5.3). *ERROR_CODE: of the record
 * (RFC 8945 §3: 16 BADSIG, 17 BADKEY, 18 BADTIME, 22 BADTRUNC), or 0. */
TsigStatus tsig_verify (const TsigKey *key, const guint8 *message, gsize length,
                        const TsigMac *request, gint64 now, guint *error_code);

/* NAME ("mail.example.com", with or without the last dot) in wire format, lower case; FALSE: it is
 * none. */
gboolean dns_wire_append_name (GByteArray *bytes, const char *name);
void dns_wire_append_16 (GByteArray *bytes, guint number);
void dns_wire_append_32 (GByteArray *bytes, guint32 number);
/* Where the name at AT ends (RFC 1035 §4.1.4: one pointer ends it); 0: it does not end in time. */
gsize dns_wire_skip_name (const guint8 *message, gsize length, gsize at);
