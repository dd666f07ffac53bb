/* The authorities of ca-certificates, where OpenSSL looks for them. */
#include "platform/trust.h"
#include <gio/gio.h>

X509_STORE *
trust_load (GError **error)
{
  X509_STORE *store = X509_STORE_new ();

  if (store == NULL || X509_STORE_set_default_paths (store) != 1) {
    X509_STORE_free (store);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         "Cannot load the certificate authorities of this system");
    return NULL;
  }
  return store;
}
