/* A row of a preferences group that shows one setting and changes it: a switch, a list, a number or
 * a text, as the server's table of settings says; with its help, its range, its default, and a
 * button back to that. It hides itself when the server does not have the setting. */
#pragma once
#include "settings-model.h"
#include <adwaita.h>

#define PANEL_TYPE_SETTING_ROW (setting_row_get_type ())
G_DECLARE_FINAL_TYPE (SettingRow, setting_row, PANEL, SETTING_ROW, AdwPreferencesRow)

GtkWidget *setting_row_new (SettingsModel *model, const char *key);
const char *setting_row_key (SettingRow *row);
/* Whether WORDS (json_fold) are all in its key, help or value. */
gboolean setting_row_matches (SettingRow *row, const char *const *words);
