#include "smtp/smtp-path.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autofree char *text = g_strndup ((const char *)bytes, length);
  const char *rest = NULL;
  g_autofree char *from = smtp_path_parse (text, "FROM:", &rest);
  g_autofree char *to = from ? NULL : smtp_path_parse (text, "TO:", &rest);

  g_assert_true ((from == NULL && to == NULL) || (rest >= text && rest <= text + strlen (text)));
  g_assert_true (to == NULL || (strlen (to) >= 3 && strlen (to) <= SMTP_PATH_MAX));
  for (char *key, *value; rest && smtp_parameter_next (&rest, &key, &value);) {
    g_free (key);
    g_free (value);
  }
  return 0;
}
