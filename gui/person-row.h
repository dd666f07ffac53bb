/* A user, as a row of a long list: name and address, how full the mailbox is, when last here. */
#pragma once
#include "json-list.h"

#define PANEL_TYPE_PERSON_ROW (person_row_get_type ())
G_DECLARE_FINAL_TYPE (PersonRow, person_row, PANEL, PERSON_ROW, GtkBox)

GtkWidget *person_row_new (void);
/* NULL: it shows nothing. */
void person_row_show (PersonRow *row, JsonItem *item);
