/* What clients wrote into ENVID and ORCPT, and what of it stands in a report's header. */
#include "queue/xtext.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *decoded = xtext_decode (text);

  g_assert_cmpuint (strlen (decoded), <=, strlen (text));
  for (const char *at = decoded; *at; at++)
    g_assert_true (g_ascii_isprint (*at));
  if (xtext_is_valid (text))
    for (const char *at = text; *at; at++)
      g_assert_true (g_ascii_isgraph (*at) && *at != '=');
  return 0;
}
