/* Printing and asking. */
#include "admin/console.h"
#include "platform/terminal.h"
#include <glib/gi18n.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#define SECRET_MOST 1024

void
console_table_start (ConsoleTable *self, const char *const *titles)
{
  self->titles = titles;
  self->rows = g_ptr_array_new_with_free_func ((GDestroyNotify)g_strfreev);
}

void
console_table_add (ConsoleTable *self, ...)
{
  guint count = g_strv_length ((char **)self->titles);
  char **row = g_new0 (char *, count + 1);
  va_list cells;

  va_start (cells, self);
  for (guint i = 0; i < count; i++) {
    char *cell = va_arg (cells, char *);
    row[i] = cell != NULL ? cell : g_strdup ("-");
  }
  va_end (cells);
  g_ptr_array_add (self->rows, row);
}

static void
print_row (const char *const *cells, const gsize *widths, guint count)
{
  for (guint i = 0; i < count; i++) {
    gsize padding = widths[i] - (gsize)g_utf8_strlen (cells[i], -1);
    g_print ("%s", cells[i]);
    if (i + 1 < count)
      g_print ("%*s", (int)padding + 2, "");
  }
  g_print ("\n");
}

void
console_table_end (ConsoleTable *self)
{
  guint count = g_strv_length ((char **)self->titles);
  g_autofree gsize *widths = g_new0 (gsize, count);
  g_autofree const char **titles = g_new0 (const char *, count);

  for (guint i = 0; i < count; i++) {
    titles[i] = _ (self->titles[i]);
    widths[i] = (gsize)g_utf8_strlen (titles[i], -1);
    for (guint r = 0; r < self->rows->len; r++) {
      char **row = self->rows->pdata[r];
      widths[i] = MAX (widths[i], (gsize)g_utf8_strlen (row[i], -1));
    }
  }
  print_row (titles, widths, count);
  for (guint r = 0; r < self->rows->len; r++)
    print_row (self->rows->pdata[r], widths, count);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
}

void
console_print_table (const json_t *list, const char *const *titles,
                     void (*add) (ConsoleTable *table, const json_t *item))
{
  ConsoleTable table;
  json_t *item;
  gsize i;

  console_table_start (&table, titles);
  json_array_foreach (list, i, item) add (&table, item);
  console_table_end (&table);
}

void
console_print_json (const json_t *value)
{
  char *text = json_dumps (value, JSON_INDENT (2));

  g_print ("%s\n", text != NULL ? text : "null");
  free (text);
}

/* C0, DEL, C1; embeddings, overrides and isolates. */
static gboolean
steers (gunichar character)
{
  return (character < 0x20 && character != '\n' && character != '\t')
      || (character >= 0x7f && character < 0xa0) || (character >= 0x202a && character <= 0x202e)
      || (character >= 0x2066 && character <= 0x2069);
}

char *
console_clean (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *clean = g_string_new (NULL);

  for (const char *at = valid; *at; at = g_utf8_next_char (at)) {
    const gunichar character = g_utf8_get_char (at);
    if (steers (character))
      g_string_append_printf (clean, "\\u%04x", character);
    else
      g_string_append_unichar (clean, character);
  }
  return g_string_free (clean, FALSE);
}

/* As GLib prints by itself. */
static void
print_clean (const char *text)
{
  g_autofree char *clean = console_clean (text);
  const char *charset;
  g_autofree char *converted = g_get_console_charset (&charset)
      ? NULL
      : g_convert_with_fallback (clean, -1, charset, "UTF-8", "?", NULL, NULL, NULL);

  fputs (converted ? converted : clean, stdout);
  fflush (stdout);
}

void
console_take_output (void)
{
  g_set_print_handler (print_clean);
}

char *
console_size (gint64 bytes)
{
  return g_format_size_full ((guint64)bytes, G_FORMAT_SIZE_IEC_UNITS);
}

char *
console_day (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d") : g_strdup ("?");
}

char *
console_time (gint64 seconds)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (seconds);

  return time != NULL ? g_date_time_format (time, "%Y-%m-%d %H:%M:%S") : g_strdup ("?");
}

void
console_progress (const char *what, guint64 done, guint64 total)
{
  if (terminal_is_interactive ())
    g_printerr ("\r%s %3u %%\033[K", what, total > 0 ? (guint)(done * 100.0 / (gdouble)total) : 0);
}

void
console_progress_end (void)
{
  if (terminal_is_interactive ())
    g_printerr ("\r\033[K");
}

char *
console_ask_secret (const char *prompt, GError **error)
{
  char *secret = terminal_read_secret (prompt);

  if (secret == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("There is no terminal to ask for a password; use --password-stdin."));
  return secret;
}

char *
console_read_secret (GError **error)
{
  char line[SECRET_MOST + 2] = "";

  if (fgets (line, sizeof line, stdin) == NULL || line[0] == '\n' || line[0] == '\r') {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("There is no password on standard input."));
    return NULL;
  }
  line[strcspn (line, "\r\n")] = '\0';
  char *secret = g_strdup (line);
  OPENSSL_cleanse (line, sizeof line);
  return secret;
}

void
console_wipe (char *secret)
{
  if (secret != NULL)
    OPENSSL_cleanse (secret, strlen (secret));
  g_free (secret);
}
