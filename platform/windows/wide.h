/* UTF-8, which the rest of the program speaks, and UTF-16, which Windows does. */
#pragma once
#include <gio/gio.h>
#include <wchar.h>

/* Free with g_free. What is not UTF-8 becomes U+FFFD. */
wchar_t *wide_text (const char *text);
/* LENGTH in units, -1: up to the NUL. NULL when TEXT is no UTF-16; free with g_free. */
char *wide_narrow (const wchar_t *text, gssize length);

/* PATH (UTF-8; relative, with either kind of slash, with a drive or \\server\share) in the form
 * that has no limit of length and knows no device names: \\?\C:\… Free with g_free.
 * G_IO_ERROR_INVALID_FILENAME when PATH is no UTF-8 or has a ':' that is not the drive's: NTFS
 * would take it for a stream inside another file. */
wchar_t *wide_path (const char *path, GError **error);
