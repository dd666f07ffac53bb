/* Reads tables of users. */
#include "admin/csv.h"
#include <glib/gi18n.h>
#include <string.h>

#define ROWS_MOST 1000000

void
csv_row_free (CsvRow *row)
{
  g_ptr_array_unref (row->fields);
  g_free (row);
}

typedef struct {
  const char *at, *end;
  char separator;
  guint line;
} Reader;

/* Spreadsheets of a German office write semicolons: the first line decides. */
static char
find_separator (const char *text, const char *end)
{
  const char *line = memchr (text, '\n', (gsize)(end - text));
  const char *stop = line != NULL ? line : end;
  gboolean has_comma = memchr (text, ',', (gsize)(stop - text)) != NULL;
  gboolean has_semicolon = memchr (text, ';', (gsize)(stop - text)) != NULL;

  return has_semicolon && !has_comma ? ';' : ',';
}

/* AT stands behind the opening quote. */
static char *
read_quoted (Reader *self)
{
  GString *field = g_string_new (NULL);

  for (; self->at < self->end; self->at++) {
    if (*self->at == '\n')
      self->line++;
    if (*self->at != '"')
      g_string_append_c (field, *self->at);
    else if (self->at + 1 < self->end && self->at[1] == '"')
      g_string_append_c (field, *self->at++);
    else {
      self->at++;
      return g_string_free (field, FALSE);
    }
  }
  g_string_free (field, TRUE);
  return NULL;
}

static gboolean
ends_field (const Reader *self)
{
  return self->at == self->end || *self->at == self->separator || *self->at == '\n'
      || *self->at == '\r';
}

/* NULL: a quote does not end, or something follows it. */
static char *
read_field (Reader *self)
{
  if (self->at < self->end && *self->at == '"') {
    self->at++;
    g_autofree char *field = read_quoted (self);
    return field != NULL && ends_field (self) ? g_steal_pointer (&field) : NULL;
  }
  const char *start = self->at;
  while (!ends_field (self))
    self->at++;
  return g_strstrip (g_strndup (start, (gsize)(self->at - start)));
}

static CsvRow *
read_row (Reader *self)
{
  CsvRow *row = g_new0 (CsvRow, 1);

  row->line = self->line;
  row->fields = g_ptr_array_new_with_free_func (g_free);
  for (;;) {
    char *field = read_field (self);
    if (field == NULL) {
      csv_row_free (row);
      return NULL;
    }
    g_ptr_array_add (row->fields, field);
    if (self->at == self->end || *self->at != self->separator)
      break;
    self->at++;
  }
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  self->line++;
  return row;
}

GPtrArray *
csv_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify)csv_row_free);
  gsize mark = length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  Reader reader = { text + mark, text + length, find_separator (text, text + length), 1 };

  if (!g_utf8_validate_len (text, length, NULL)) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         _ ("The file is not text in UTF-8."));
    return NULL;
  }
  while (reader.at < reader.end) {
    guint line = reader.line;
    CsvRow *row = rows->len < ROWS_MOST ? read_row (&reader) : NULL;
    if (row == NULL) {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("Line %u: a quoted field is not well formed, or there are too many lines."),
                   line);
      return NULL;
    }
    if (row->fields->len == 1 && *(char *)row->fields->pdata[0] == '\0')
      csv_row_free (row);
    else
      g_ptr_array_add (rows, row);
  }
  return g_steal_pointer (&rows);
}
