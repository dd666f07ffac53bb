/* Two administrators have changed the same: the second one decides, knowing what the first one did.
 * Nothing is overwritten before that. */
#pragma once
#include <adwaita.h>

/* What the second one wanted. */
typedef enum {
  CONFLICT_CHANGED, /* to change it */
  CONFLICT_REMOVED, /* to remove it */
  CONFLICT_THERE, /* to make it new: there is one already */
  CONFLICT_KINDS,
} ConflictKind;

typedef void (*ConflictFunc) (gpointer data);

/* THEIRS tells what the other one did, and what was wanted. MINE: the button that does it all the
 * same, NULL for the usual one. One of both functions (or NULL for nothing to do) is called, then
 * DESTROY. */
void conflict_ask (GtkWidget *from, ConflictKind kind, const char *theirs, const char *mine,
                   ConflictFunc keep_theirs, ConflictFunc write_mine, gpointer data,
                   GDestroyNotify destroy);
