/* News that the tables do not keep: what a job said of its change (store_transaction_note) can be
 * read after the commit, in any thread, by who has asked before. Only the last NOTES_KEPT are
 * there; nothing waits for a slow reader. */
#pragma once
#include "store/store.h"

#define NOTES_KEPT 1024

typedef struct {
  guint64 serial; /* 1, 2, … */
  NoteKind kind;
  gint64 mailbox; /* 0: the server */
  gint64 account; /* whom it concerns, 0: all */
  guint64 origin; /* of store_transaction_sign, 0: nobody's */
  char *text;
} Note;

typedef struct _Notes Notes;

/* The serial of the last one. */
guint64 store_notes_last (Store *store);
/* Calls FUNC (under a lock: it must be quick) for those after *SERIAL, which moves on. FALSE: some
 * of them are not there any more. */
gboolean store_notes_since (Store *store, guint64 *serial,
                            void (*func) (const Note *note, gpointer data), gpointer data);
