/* libqrencode makes the modules, this draws them with the quiet zone that readers want (ISO 18004:
 * four modules). */
#include "widgets/qr.h"
#include <qrencode.h>
#include <string.h>

#define QUIET 4

struct _QrCode {
  GtkWidget parent;

  QRcode *code; /* NULL: nothing */
};
G_DEFINE_FINAL_TYPE (QrCode, qr_code, GTK_TYPE_WIDGET)

static QRcode *
encode (const char *text)
{
  return QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
}

static void
paint (cairo_t *cairo, const QRcode *code, double size)
{
  const int whole = code->width + 2 * QUIET;

  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_rectangle (cairo, 0, 0, size, size);
  cairo_fill (cairo);
  cairo_scale (cairo, size / whole, size / whole);
  cairo_set_antialias (cairo, CAIRO_ANTIALIAS_NONE);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  for (int y = 0; y < code->width; y++)
    for (int x = 0; x < code->width; x++)
      if (code->data[y * code->width + x] & 1)
        cairo_rectangle (cairo, x + QUIET, y + QUIET, 1, 1);
  cairo_fill (cairo);
}

gboolean
qr_paint (cairo_t *cairo, const char *text, double size)
{
  QRcode *code = encode (text);

  if (code == NULL)
    return FALSE;
  cairo_save (cairo);
  paint (cairo, code, size);
  cairo_restore (cairo);
  QRcode_free (code);
  return TRUE;
}

gboolean
qr_code_set_text (QrCode *self, const char *text, const char *name)
{
  g_clear_pointer (&self->code, QRcode_free);
  self->code = encode (text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), self->code != NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  return self->code != NULL;
}

static void
qr_code_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  QrCode *self = PANEL_QR_CODE (widget);
  const float size = (float)MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));

  if (self->code == NULL)
    return;
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, size, size));
  paint (cairo, self->code, size);
  cairo_destroy (cairo);
}

static void
qr_code_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                 int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = 120;
  *natural = 220;
}

static void
qr_code_finalize (GObject *object)
{
  g_clear_pointer (&PANEL_QR_CODE (object)->code, QRcode_free);
  G_OBJECT_CLASS (qr_code_parent_class)->finalize (object);
}

static void
qr_code_class_init (QrCodeClass *class)
{
  G_OBJECT_CLASS (class)->finalize = qr_code_finalize;
  GTK_WIDGET_CLASS (class)->snapshot = qr_code_snapshot;
  GTK_WIDGET_CLASS (class)->measure = qr_code_measure;
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (class), GTK_ACCESSIBLE_ROLE_IMG);
}

static void
qr_code_init (QrCode *self)
{
}

GtkWidget *
qr_code_new (void)
{
  return g_object_new (PANEL_TYPE_QR_CODE, NULL);
}
