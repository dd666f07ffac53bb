/* An action with what is said when it is done, and what takes it back. */
#pragma once
#include "actions.h"

typedef struct {
  Action action;
  const char *argument; /* or NULL */
  json_t *body; /* or NULL */
  const char *etag; /* or NULL; "*": whatever is there is replaced */
  /* With an ETag: what somebody else has made of it meanwhile, as a sentence (free with g_free).
   * The person is asked then which of both is to be. */
  char *(*tell) (const json_t *current);
  const char *said; /* the toast when it is done; NULL: nothing is said */
  gboolean has_undo; /* then the toast has a button, which runs the action UNDO on the same */
  Action undo;
  json_t *undo_body;
} Deed;

/* Called in every end: done, failed, taken back. FROM may have left its window meanwhile; what
 * there is to say is said in the window that it was in at first. */
typedef void (*DeedFunc) (GtkWidget *from);

/* Does it now. What DEED points to is copied. AFTER may be NULL. */
void deed_run (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after);
/* For what cannot be taken back: says it, and does it some seconds later, unless the person
 * changes their mind. AFTER is called when that is decided, and when it is done. */
void deed_run_later (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after);
