/* JSON Web Signature and Key, as ACME uses them (RFC 7515, 7517, 7518, 7638): ES256 with P-256
 * keys, HS256 for the external account. */
#pragma once
#include <glib.h>
#include <jansson.h>
#include <openssl/evp.h>

/* RFC 4648 §5, without padding; free with g_free. */
char *base64url_encode (const guint8 *bytes, gsize length);
/* NULL: TEXT is none (padding is let pass, as many people's tools write it). */
GBytes *base64url_decode (const char *text);

/* {"crv", "kty", "x", "y"} of a P-256 key. */
json_t *jwk_new (EVP_PKEY *key);
/* SHA-256 of the key's canonical form (RFC 7638), base64url; free with g_free. */
char *jwk_thumbprint (EVP_PKEY *key);

/* The flattened JSON form (RFC 7515 §7.2.2): HEADER (given away) gets "alg"; free with g_free. */
char *jws_sign (EVP_PKEY *key, json_t *header, const char *payload);
/* The same with a shared key (RFC 8555 §7.3.4). */
json_t *jws_authenticate (GBytes *key, json_t *header, const char *payload);
/* As jws_sign, as an object that goes into another one's payload. */
json_t *jws_sign_object (EVP_PKEY *key, json_t *header, const char *payload);
