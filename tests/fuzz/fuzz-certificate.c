/* Chains and PKCS#12 files that mean harm: what an authority sends, and what people import. */
#include "tls/certificate-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) chain = certificate_read_chain (text, NULL);
  g_autoptr (GBytes) file = g_bytes_new (data, size);

  for (guint i = 0; chain && i < chain->len; i++) {
    g_autoptr (Certificate) certificate = certificate_describe ("x", chain->pdata[i]);
    g_assert_nonnull (certificate->issuer);
    certificate_is_for (certificate, "a.example");
  }
  /* A folder that is none: nothing is written. */
  g_assert_false (certificate_import ("/dev/null/x", "x", text, text, NULL));
  g_assert_false (certificate_import_pkcs12 ("/dev/null/x", "x", file, "x", NULL));
  return 0;
}
