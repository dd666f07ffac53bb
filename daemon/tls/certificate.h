/* The certificates in a folder: one NAME.pem each, the private key first, then the chain. Every
 * function waits for the disk: workers and command-line tools only. */
#pragma once
#include <gio/gio.h>

typedef struct {
  char *name; /* of the file, without .pem */
  char **hosts; /* DNS names and IP addresses it is good for, NULL-terminated */
  char *issuer; /* the issuer's common name, or the whole name in RFC 2253 form */
  gboolean self_signed;
  gint64 not_before, not_after; /* seconds, UTC */
  char *fingerprint; /* SHA-256 of the certificate, 64 lower-case hexadecimal digits */
  char *key_fingerprint; /* the same of its public key (RFC 6698 §2.1.2: SubjectPublicKeyInfo) */
} Certificate;
void certificate_free (Certificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Certificate, certificate_free)

/* Makes FOLDER/NAME.pem, replacing the one that is there: a P-256 key and a certificate for HOSTS
 * (the first is the common name), signed by itself, good from a day ago for DAYS days. NAME must be
 * certificate_name_is_valid. */
gboolean certificate_self_sign (const char *folder, const char *name, const char *const *hosts,
                                guint days, GError **error);
/* Checks that KEY (PEM, without a passphrase) belongs to the first certificate of CHAIN (PEM), that
 * this one is good for today and names at least one host, puts the chain in order and writes
 * FOLDER/NAME.pem. KEY and CHAIN may be the same text. */
gboolean certificate_import (const char *folder, const char *name, const char *key,
                             const char *chain, GError **error);
/* The same of a file in PKCS#12 form (.p12, .pfx); PASSPHRASE "": none. */
gboolean certificate_import_pkcs12 (const char *folder, const char *name, GBytes *file,
                                    const char *passphrase, GError **error);
gboolean certificate_remove (const char *folder, const char *name, GError **error);
/* NULL with G_IO_ERROR_NOT_FOUND, or why the file cannot be read. */
Certificate *certificate_load (const char *folder, const char *name, GError **error);
/* GPtrArray of Certificate, by name; a file that is no certificate is an error. */
GPtrArray *certificate_list (const char *folder, GError **error);

/* The first certificate of FOLDER/NAME.pem in DER. */
GBytes *certificate_load_der (const char *folder, const char *name, GError **error);

/* Whether clients are better served by A than by B (of the same host): valid today before not,
 * signed by an authority before by itself, good for longer. */
gboolean certificate_is_better (const Certificate *a, const Certificate *b);
/* Whether CERTIFICATE is for HOST (lower case), also by a wildcard for its first label (RFC 9525
 * §6.3). */
gboolean certificate_is_for (const Certificate *certificate, const char *host);
/* Of LIST (Certificate) the one that clients are shown who ask for HOST by SNI; NULL: none is for
 * it. */
const Certificate *certificate_for_host (const GPtrArray *list, const char *host);

/* Lower-case letters, digits, '.', '-', '_', at most 100; not a name that Windows reserves. */
gboolean certificate_name_is_valid (const char *name);
