/* What Windows says went wrong, as a GError. */
#pragma once
#include <gio/gio.h>

/* The G_IO_ERROR that other systems give for what CODE (of GetLastError) means. */
GIOErrorEnum failure_kind (guint32 code);
/* Sets ERROR to "MESSAGE: why", with what CODE means to a person. Always FALSE. */
gboolean failure_set (GError **error, guint32 code, const char *format, ...) G_GNUC_PRINTF (3, 4);
/* The same for a COM function's result. */
gboolean failure_set_com (GError **error, gint32 result, const char *what);
