#include "accounts/sasl.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* The first byte chooses the mechanism; each line is a response. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (Sasl) sasl = sasl_new (length > 0 && bytes[0] & 1 ? "LOGIN" : "PLAIN");
  const char *challenge;
  SaslStep step = SASL_CONTINUE;

  for (gsize at = 1; at < length && step == SASL_CONTINUE;) {
    const guint8 *end = memchr (bytes + at, '\n', length - at);
    gsize line = end ? (gsize)(end - bytes) - at : length - at;
    step = sasl_step (sasl, (const char *)bytes + at, line, &challenge);
    at += line + 1;
  }
  g_assert_true (step != SASL_CREDENTIALS || (*sasl_user (sasl) && *sasl_password (sasl)));
  return 0;
}
