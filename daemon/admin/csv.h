/* Comma-separated values (RFC 4180), as spreadsheets write them: also with semicolons and with a
 * byte order mark. */
#pragma once
#include <gio/gio.h>

typedef struct {
  guint line; /* from 1 */
  GPtrArray *fields; /* char * */
} CsvRow;
void csv_row_free (CsvRow *row);

/* GPtrArray of CsvRow without empty lines. NULL and ERROR: not UTF-8, a quote that does not end, or
 * more than a million rows. */
GPtrArray *csv_parse (const char *text, gsize length, GError **error);
