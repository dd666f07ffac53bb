/* One SASL exchange on the server's side (RFC 4422): PLAIN (RFC 4616) and LOGIN, with the prompts
 * Outlook needs. Pure: bytes in, bytes out; the protocol frames them and then calls
 * authenticate_async. */
#pragma once
#include <glib.h>

typedef struct _Sasl Sasl;
typedef enum { SASL_CONTINUE, SASL_CREDENTIALS, SASL_MALFORMED } SaslStep;

/* NULL: no such mechanism. */
Sasl *sasl_new (const char *mechanism);
void sasl_free (Sasl *sasl); /* wipes the password */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sasl, sasl_free)
/* RESPONSE is base64 text ("=" is the empty initial response; NULL: there was no initial response).
 * On SASL_CONTINUE *CHALLENGE is base64 to send (maybe ""), owned by SASL. */
SaslStep sasl_step (Sasl *sasl, const char *response, gsize length, const char **challenge);
/* The bytes of a response, with a NUL behind them; "=" is the empty one. NULL: not Base64, longer
 * than any may be, or (LENGTH_OUT NULL) with a NUL in it. Free with g_free. */
char *sasl_decode (const char *response, gsize length, gsize *length_out);
const char *sasl_user (Sasl *sasl);
const char *sasl_password (Sasl *sasl);
/* "PLAIN LOGIN" */
const char *sasl_mechanisms (void);
