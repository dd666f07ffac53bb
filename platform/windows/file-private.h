/* What file.c and file-names.c share: the second half of the table. */
#pragma once
#include "platform/file.h"
#include <winsock2.h>
#include <windows.h>

gboolean file_names_is_folder (const wchar_t *wide);
gboolean file_names_rename (const char *from, const char *to, GError **error);
gboolean file_names_remove (const char *path, GError **error);
gboolean file_names_make_folder (const char *path, GError **error);
gboolean file_names_remove_folder (const char *path, GError **error);
gboolean file_names_sync_folder (const char *path, GError **error);
gboolean file_names_free_space (const char *path, guint64 *bytes, GError **error);
