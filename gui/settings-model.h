/* All settings of a server, as the pages show them. They are read once for each connection, and
 * again when somebody changes one.
 *
 * Signals: "loaded" after each reading; "failed" (GError *) when one did not work; "reverted" (const
 * char *key): what a person wanted of a setting is given up, what the server says counts. */
#pragma once
#include "connection.h"
#include "json.h"
#include <gtk/gtk.h>

#define PANEL_TYPE_SETTINGS_MODEL (settings_model_get_type ())
G_DECLARE_FINAL_TYPE (SettingsModel, settings_model, PANEL, SETTINGS_MODEL, GObject)

/* The one of CONNECTION, borrowed; it lives as long as the connection. */
SettingsModel *settings_model_of (Connection *connection);
void settings_model_reload (SettingsModel *model);
Connection *settings_model_connection (SettingsModel *model);

/* The array of /v1/settings in the server's order; NULL before it was read. Borrowed. */
json_t *settings_model_list (SettingsModel *model);
/* One of them, borrowed; NULL: this server does not have it. */
json_t *settings_model_find (SettingsModel *model, const char *key);

/* Changes a setting, VALUE NULL to its default, and offers in a toast above FROM to take that back.
 * SEEN: the state that the person saw. When somebody else has changed it since, the person is asked
 * first which of both is to be. */
void settings_model_set (SettingsModel *model, const char *key, const char *value, const char *seen,
                         GtkWidget *from);

/* What tells two values apart: the value, or a secret's mark; "" where there is none. Borrowed. */
const char *setting_mark (const json_t *setting);
/* Between two readings of a setting nobody has changed it. */
gboolean setting_is_alike (const json_t *one, const json_t *other);
/* "from 64 KiB to 1 GiB": what a number, size or time may be; NULL for others. Free with g_free. */
char *setting_range (const json_t *setting);
/* A value as people write it ("50M", "2h"), for showing: "50 MiB", "2 hours"; a choice's label;
 * "empty" for an empty text; of a secret only that there is one. Free with g_free. */
char *setting_print (const json_t *setting, const char *value);
