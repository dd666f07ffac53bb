/* Many people from a table (CSV): read, shown, made one after the other, with progress and an end.
 */
#pragma once
#include "connection.h"
#include <adwaita.h>

/* FROM: a widget of the window. */
void people_import_ask (Connection *connection, GtkWidget *from);
