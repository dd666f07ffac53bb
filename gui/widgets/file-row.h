/* A row with a button that asks for a small file and reads it. Signal "changed". */
#pragma once
#include <adwaita.h>

#define PANEL_TYPE_FILE_ROW (file_row_get_type ())
G_DECLARE_FINAL_TYPE (FileRow, file_row, PANEL, FILE_ROW, AdwActionRow)

/* KIND and PATTERNS as file_dialog_open's. */
GtkWidget *file_row_new (const char *title, const char *kind, const char *patterns);
/* What the file holds, borrowed; NULL: none was read. */
GBytes *file_row_get_bytes (FileRow *row);
/* Whether it is a text in PEM form. */
gboolean file_row_is_pem (FileRow *row);
