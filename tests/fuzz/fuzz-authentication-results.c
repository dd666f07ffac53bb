/* What strangers wrote, as it stands in a field of ours: one field, one line after the other, of
 * bearable length; and whether a field is taken for ours. */
#include "policy/authentication-results.h"
#include "mail/header.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

#define WRITTEN_MAX (4 * (3 * 255 + 100)) /* bytes: four values, of U+FFFD at the worst, folded */

static void
read_back (const char *written)
{
  const gsize length = strlen (written);
  const guint8 *bytes = (const guint8 *)written;
  gsize position = 0;
  HeaderField field;
  g_autofree char *value = NULL;

  g_assert_true (g_utf8_validate (written, -1, NULL));
  g_assert_cmpuint (length, <=, WRITTEN_MAX);
  g_assert_true (header_next (bytes, length, &position, &field)); /* all of it is one field */
  g_assert_cmpuint (field.whole.length, ==, length);
  value = header_unfold (bytes, &field);
  g_assert_true (authentication_results_is_from (value, "mx.example.com"));
  g_assert_false (authentication_results_is_strange (value));
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  GString *results = authentication_results_new ("mx.example.com");
  g_autofree char *written = NULL;

  authentication_results_add (results, "spf", "pass", text, "smtp.mailfrom", text, NULL);
  authentication_results_add (results, "dkim", "fail", NULL, "header.d", text, "header.i", text,
                              NULL);
  written = authentication_results_finish (results);
  read_back (written);
  authentication_results_is_from (text, "mx.example.com");
  authentication_results_is_strange (text);
  return 0;
}
