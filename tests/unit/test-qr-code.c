/* The SVG around a code; what it says is read by tests/clients/web.py. */
#include "http/qr-code.h"
#include <string.h>

static void
test_svg (void)
{
  g_autofree char *svg = qr_code_svg ("https://mail.office.example/", "a \"label\"");

  g_assert_true (
      g_str_has_prefix (svg, "<svg class=\"qr\" role=\"img\" aria-label=\"a &quot;label"));
  /* Version 2 for 28 bytes at level M, 25 modules and the quiet zone of 4. */
  g_assert_nonnull (strstr (svg, "viewBox=\"0 0 37 37\""));
  g_assert_nonnull (strstr (svg, "d=\"M4 4h7v1h-7z")); /* the first finder pattern begins */
  g_assert_null (strstr (svg, "style="));
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (5000, 'x');

  g_assert_null (qr_code_svg (text, ""));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/qr-code/svg", test_svg);
  g_test_add_func ("/qr-code/too-long", test_too_long);
  return g_test_run ();
}
