/* Reads the sort keys of messages that were found, in bounded read jobs. A message that has none
 * yet (it came before there were any) gets them from its header, and they are kept. */
#pragma once
#include "imap/imap-find.h"
#include "mail/sort-keys.h"

typedef struct {
  /* In a reader's thread: the keys of FOUND[index]; valid for the call. All come, in any order,
   * some perhaps twice. */
  void (*keys) (guint index, const SortKeys *keys, gpointer data);
  /* Always runs; look at self->open. ERROR: the job failed, and the client is to be told. DAMAGED:
   * some messages cannot be read; they have the keys of an empty one. */
  void (*done) (ImapSession *self, const GError *error, gboolean damaged, gpointer data);
} ImapKeysFuncs;

/* FOUND: GArray of ImapFound, ascending; DATA keeps it. */
void imap_keys_read (ImapSession *self, const GArray *found, const ImapKeysFuncs *funcs,
                     gpointer data);
