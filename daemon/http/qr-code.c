/* One path of dark runs on a light ground, whatever the colours of the page. */
#include "http/qr-code.h"
#include <qrencode.h>

#define QUIET 4 /* modules around it that stay empty */

static void
add_row (GString *path, const guint8 *row, int width, int y)
{
  for (int x = 0; x < width; x++) {
    int begin = x;
    while (x < width && (row[x] & 1))
      x++;
    if (x > begin)
      g_string_append_printf (path, "M%d %dh%dv1h-%dz", begin + QUIET, y + QUIET, x - begin,
                              x - begin);
  }
}

char *
qr_code_svg (const char *text, const char *label)
{
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  g_autoptr (GString) path = g_string_new (NULL);
  char *svg;

  if (code == NULL)
    return NULL;
  for (int y = 0; y < code->width; y++)
    add_row (path, code->data + (gsize)y * (gsize)code->width, code->width, y);
  svg = g_markup_printf_escaped (
      "<svg class=\"qr\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %d %d\" "
      "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
      "<path fill=\"#000\" d=\"%s\"/></svg>",
      label, code->width + 2 * QUIET, code->width + 2 * QUIET, code->width + 2 * QUIET,
      code->width + 2 * QUIET, path->str);
  QRcode_free (code);
  return svg;
}
