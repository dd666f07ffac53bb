/* Backups: now, by themselves, proven; and what a restore needs. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_BACKUP (page_backup_get_type ())
G_DECLARE_FINAL_TYPE (PageBackup, page_backup, PANEL, PAGE_BACKUP, AdwBin)

GtkWidget *page_backup_new (Connection *connection);
