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

typedef enum {
  IMAP_PROGRAM_CHARSET_FIRST
  = 1 << 0, /* as RFC 5256 §3 wants it; else it may begin with "CHARSET" */
  IMAP_PROGRAM_FUZZY = 1 << 1, /* there must be a FUZZY key: its relevancy is asked for */
  IMAP_PROGRAM_SAVES = 1 << 2, /* a NO leaves "$" empty (RFC 5182 §2.1) */
} ImapProgramFlags;

/* The program of a command, to its end, bound to the messages that the session has announced.
 * FLAGS: ImapProgramFlags bits. NULL: it was answered. */
ImapKey *imap_take_program (ImapSession *self, ImapParser *arguments, guint flags);
/* PROGRAM is given away. */
void imap_find (ImapSession *self, ImapKey *program, const ImapFindFuncs *funcs, gpointer data);
