/* An action with what is said when it is done, and what takes it back. */
#pragma once
#include "actions.h"

typedef struct _Deed Deed;

/* CURRENT is how the thing is now, as the admin API tells it (JSON null: it is gone); a sentence
 * about it for the person, who decides then which of both is to be (free with g_free). NULL: what
 * counts is as it was SEEN, and the deed is done on it without a question. */
typedef char *(*DeedTell) (const json_t *current, const Deed *deed);
/* ERROR: NULL when it is done; G_IO_ERROR_WRONG_ETAG when the person has left it to the other one.
 * ETAG: of how it is now, or NULL. */
typedef void (*DeedDone) (gpointer data, const char *etag, const GError *error);

struct _Deed {
  Action action;
  const char *argument; /* or NULL */
  json_t *body; /* or NULL */
  const char *etag; /* of what the person saw; ETAG_NEW; NULL where nothing can be lost */
  DeedTell tell; /* wherever there is an ETag */
  json_t *seen; /* for TELL, or NULL */
  const char *anyway; /* the button that does it all the same; NULL: the usual one */
  const char *said; /* the toast when it is done; NULL: nothing is said */
  gboolean has_undo; /* then the toast has a button, which runs the action UNDO on the same */
  Action undo;
  json_t *undo_body;
  DeedDone done; /* instead of toasts; NULL: none. DATA must live as long as FROM does */
  gpointer data;
};

/* Called in every end: done, failed, taken back. FROM may have left its window meanwhile; what
 * there is to say is said in the window that it was in at first. */
typedef void (*DeedFunc) (GtkWidget *from);

/* Does it now. What DEED points to is copied. AFTER may be NULL. */
void deed_run (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after);
/* For what cannot be taken back: says it, and does it some seconds later, unless the person
 * changes their mind. AFTER is called when that is decided, and when it is done. */
void deed_run_later (const Deed *deed, Connection *connection, GtkWidget *from, DeedFunc after);
