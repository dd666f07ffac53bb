/* Both messages of a client (the first line and the rest), and each as a name to be prepared. */
#include "accounts/saslprep.h"
#include "accounts/scram.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  static const ScramKeys keys;
  const ScramBinding binding = { "tls-exporter", "channel", 7 };
  g_autofree char *text = g_strndup ((const char *)data, size);
  char *final = strchr (text, '\n');
  g_autoptr (Scram) scram = scram_new (size % 2, &binding, size % 3 > 0);
  g_autofree char *prepared = saslprep (text);
  g_autofree char *again = prepared ? saslprep (prepared) : NULL;

  g_assert_true (prepared == NULL || g_utf8_validate (prepared, -1, NULL));
  if (final)
    *final++ = '\0';
  if (!scram_take_first (scram, text))
    return 0;
  g_assert_nonnull (scram_user (scram));
  scram_challenge (scram, (const guint8 *)"salt", 4, 4096, "nonce");
  if (final && scram_take_final (scram, final))
    g_assert_false (scram_is_proved (scram, &keys));
  return 0;
}
