/* An address or a network in text, and a certificate's fingerprint or PEM. */
#include "accounts/enrolled.h"
#include "net/network.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *fingerprint = enrolled_normalize (text);
  g_autofree char *read = enrolled_read_pem (text, NULL);
  guint64 network, again;

  g_assert_true (fingerprint == NULL || strlen (fingerprint) == 64);
  g_assert_true (read == NULL || strlen (read) == 64);
  if (network_parse (text, &network)) {
    g_autofree char *printed = network_print (network);
    g_assert_true (network_parse (printed, &again) && again == network);
  }
  return 0;
}
