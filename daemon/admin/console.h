/* A person (or a script) at the command line: tables, JSON, progress, passwords. */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

/* Rows of text in columns as wide as they need; TITLES is NULL-terminated. Every row is a GStrv as
 * long as TITLES. */
typedef struct {
  const char *const *titles;
  GPtrArray *rows;
} ConsoleTable;
void console_table_start (ConsoleTable *table, const char *const *titles);
/* Takes the cells over; a NULL is shown as "-". */
void console_table_add (ConsoleTable *table, ...) G_GNUC_NULL_TERMINATED;
/* Prints and frees the rows. */
void console_table_end (ConsoleTable *table);

void console_print_json (const json_t *value);
/* What others have written (a reply of another server, a name) must not steer the terminal: each
 * control character but '\n' and '\t', and each that turns the direction of writing, becomes
 * "\u001b", which in JSON means the same. Free with g_free. */
char *console_clean (const char *text);
/* From now on g_print does so. */
void console_take_output (void);
/* Prints LIST: ADD makes rows of each of its items. */
void console_print_table (const json_t *list, const char *const *titles,
                          void (*add) (ConsoleTable *table, const json_t *item));

/* "1.5 GiB"; "2026-11-24"; "2026-11-24 13:05:00", here; free with g_free. */
char *console_size (gint64 bytes);
char *console_day (gint64 seconds);
char *console_time (gint64 seconds);
/* A line that is drawn anew, on a terminal only; console_progress_end removes it. */
void console_progress (const char *what, guint64 done, guint64 total);
void console_progress_end (void);

/* Asks at the terminal; NULL and ERROR when there is none. */
char *console_ask_secret (const char *prompt, GError **error);
/* The first line of standard input. */
char *console_read_secret (GError **error);
void console_wipe (char *secret); /* and frees it */
