/* QR codes as SVG, to stand inside a page. */
#pragma once
#include <glib.h>

/* LABEL is read out instead. NULL: TEXT is too long. Free with g_free. */
char *qr_code_svg (const char *text, const char *label);
