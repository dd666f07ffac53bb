/* The jobs of a load's senders. Each hands in one piece of work and writes down what it was told.
 */
#pragma once
#include "load.h"
#include "store/parts.h"

#include <stdio.h>

typedef struct {
  const Load *load;
  Store *store;
  FILE *acks;
  GMutex lock;
  gint64 *mailboxes;
  gint *last_uid; /* atomic, of each mailbox */
  gint left; /* atomic: operations */
  gint stopping;
  gboolean moved_in; /* the users have mailboxes */
  guint acknowledged; /* under the lock: lines */
} Work;

void acknowledge (Work *self, AckKind kind, gint64 mailbox, guint32 uid, guint64 modseq,
                  guint64 flags, const char *digest);
/* One mail to one or more users. */
void deliver (Work *self, GRand *chance);
/* KIND, of a hundred: below 80 flags, below 90 an expunge, below 95 a copy, else a move. */
void change_mail (Work *self, GRand *chance, gint kind);
