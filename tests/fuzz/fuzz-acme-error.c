/* Problem documents that mean harm: the first byte chooses the status. */
#include "tls/acme-error.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = size > 1 ? g_strndup ((const char *)data + 1, size - 1) : g_strdup ("");

  acme_error_set_problem (&error, text, strlen (text), size ? 400u + *data : 400, "a.example",
                          acme_retry_after (text, 0));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  for (const char *at = error->message; *at; at++)
    g_assert_false (g_ascii_iscntrl (*at));
  json_t *described = acme_error_describe (error);
  g_autofree char *sentence = acme_error_sentence (described);
  g_assert_cmpstr (sentence, ==, error->message);
  json_decref (described);
  return 0;
}
