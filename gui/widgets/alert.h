/* A question that cannot be an undo. (AdwMessageDialog; libadwaita 1.5 has AdwAlertDialog.) */
#pragma once
#include <adwaita.h>

/* BUTTON was chosen. Not called for "Cancel". */
typedef void (*AlertFunc) (gpointer data);

/* TITLE asks, TEXT explains, BUTTON says what happens ("Restore"); Cancel is always there.
 * DESTRUCTIVE: red. DATA must live as long as PARENT. */
void alert_ask (GtkWidget *parent, const char *title, const char *text, const char *button,
                gboolean destructive, AlertFunc func, gpointer data);
/* Two ways: FIRST and SECOND are the labels; Cancel is there, too. */
void alert_choose (GtkWidget *parent, const char *title, const char *text, const char *first,
                   AlertFunc first_func, const char *second, AlertFunc second_func, gpointer data);
