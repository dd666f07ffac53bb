/* Private keys and what is signed with them for a certificate authority. Files wait for the disk.
 */
#pragma once
#include <gio/gio.h>
#include <openssl/evp.h>

typedef enum { KEY_ECDSA, KEY_RSA } KeyKind; /* P-256; 3072 bits: the order of acme.key's choices */

/* RSA takes a second. */
EVP_PKEY *key_new (KeyKind kind, GError **error);
gboolean key_is (const EVP_PKEY *key, KeyKind kind);
/* PEM in a file that only the daemon's user can read, whole or not at all. */
gboolean key_save (EVP_PKEY *key, const char *path, GError **error);
/* The first key in a PEM file, which may hold certificates, too. */
EVP_PKEY *key_load (const char *path, GError **error);

/* A certificate signing request (RFC 2986) for HOSTS, DNS names, in DER; NULL and ERROR. */
GBytes *key_request (EVP_PKEY *key, const char *const *hosts, GError **error);
