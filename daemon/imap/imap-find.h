/* Finds the messages that a SEARCH program names, for SEARCH, SORT and THREAD: a scan in bounded
 * read jobs. */
#pragma once
#include "imap/imap-search.h"
#include "imap/imap-state.h"

typedef struct {
  guint32 uid, number;
  gint64 message;
  gint64 date; /* INTERNALDATE, seconds UTC */
  guint64 size;
  guint64 modseq;
  guint score; /* 1 to 100, by FUZZY keys */
} ImapFound;

typedef struct {
  /* Some that were found, ascending; ends with the call. */
  void (*found) (ImapSession *self, const ImapFound *found, guint count, gpointer data);
  /* Always runs; look at self->open. ERROR: the job failed, and the client is to be told. DAMAGED:
   * some messages cannot be read. */
  void (*done) (ImapSession *self, const GError *error, gboolean damaged, gpointer data);
} ImapFindFuncs;

/* The program of a command, to its end, bound to the messages that the session has announced. With
 * CHARSET_FIRST it begins with a charset (RFC 5256 §3), else it may begin with "CHARSET". FUZZY:
 * there must be a FUZZY key, as its relevancy is asked for (RFC 6203 §4). NULL: it was answered. */
ImapKey *imap_take_program (ImapSession *self, ImapParser *arguments, gboolean charset_first,
                            gboolean fuzzy);
/* PROGRAM is given away. */
void imap_find (ImapSession *self, ImapKey *program, const ImapFindFuncs *funcs, gpointer data);
