/* A text as a QR code, black on white in any style, so that a telephone can read it. */
#pragma once
#include <gtk/gtk.h>

#define PANEL_TYPE_QR_CODE (qr_code_get_type ())
G_DECLARE_FINAL_TYPE (QrCode, qr_code, PANEL, QR_CODE, GtkWidget)

GtkWidget *qr_code_new (void);
/* NAME is what a screen reader says. FALSE: TEXT is too long for a QR code; nothing is shown. */
gboolean qr_code_set_text (QrCode *qr, const char *text, const char *name);
/* Paints TEXT for a printer into the square SIZE × SIZE at 0, 0. */
gboolean qr_paint (cairo_t *cairo, const char *text, double size);
