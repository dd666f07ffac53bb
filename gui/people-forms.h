/* The dialogs that add people and addresses. FROM is a widget of the window; what comes of it is a
 * toast, and an event of the connection. */
#pragma once
#include "deed.h"
#include <adwaita.h>

/* The four lists of the page, in its order. */
typedef enum {
  PEOPLE_USERS,
  PEOPLE_ALIASES,
  PEOPLE_GROUPS,
  PEOPLE_ROLES,
  PEOPLE_KINDS,
} PeopleKind;

void people_ask_add (PeopleKind kind, Connection *connection, GtkWidget *from);
/* OBJECT: the alias, group or role that is changed. */
void people_ask_change (PeopleKind kind, const json_t *object, Connection *connection,
                        GtkWidget *from);
/* The addresses of an alias' targets, or of the members; separated by ", ". Free with g_free. */
char *people_members (PeopleKind kind, const json_t *object);
/* What another administrator has made of the person meanwhile (DeedTell). */
char *person_tell (const json_t *current, const Deed *deed);
/* What another administrator has made of the alias, group or role meanwhile (DeedTell). */
char *people_tell (const json_t *current, const Deed *deed);
