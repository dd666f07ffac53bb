/* HMAC-SHA256 with a key of this process. */
#include "admin/secret-mark.h"
#include <openssl/rand.h>
#include <string.h>

#define KEY_LENGTH 32
#define MARK_LENGTH 32 /* hexadecimal digits */

static const guint8 *
process_key (void)
{
  static guint8 bytes[KEY_LENGTH];
  static gsize made;

  if (g_once_init_enter (&made)) {
    if (RAND_bytes (bytes, sizeof bytes) != 1)
      g_error ("The system gives no random bytes");
    g_once_init_leave (&made, 1);
  }
  return bytes;
}

char *
secret_mark (const char *key, const char *value)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA256, process_key (), KEY_LENGTH);

  g_hmac_update (hmac, (const guchar *)key, (gssize)strlen (key) + 1); /* with its end */
  g_hmac_update (hmac, (const guchar *)value, -1);
  return g_strndup (g_hmac_get_string (hmac), MARK_LENGTH);
}
