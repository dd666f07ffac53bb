/* The certificate authorities this system trusts. */
#pragma once
#include <glib.h>
#include <openssl/x509.h>

/* A new store with them; free with X509_STORE_free. NULL and ERROR when there is none. */
X509_STORE *trust_load (GError **error);
