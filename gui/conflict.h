/* Two administrators have changed the same: the second one decides, knowing what the first one did.
 * Nothing is overwritten before that. */
#pragma once
#include <adwaita.h>

typedef void (*ConflictFunc) (gpointer data);

/* THEIRS tells what the other one did, and what was wanted. One of both functions (or NULL for
 * nothing to do) is called, then DESTROY. */
void conflict_ask (GtkWidget *from, const char *theirs, ConflictFunc keep_theirs,
                   ConflictFunc write_mine, gpointer data, GDestroyNotify destroy);
