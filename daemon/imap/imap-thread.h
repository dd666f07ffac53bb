/* Threads of messages (RFC 5256 §3): ORDEREDSUBJECT and REFERENCES. Pure. */
#pragma once
#include "imap/imap-find.h"
#include "mail/sort-keys.h"

typedef enum {
  IMAP_THREAD_ORDERED_SUBJECT,
  IMAP_THREAD_REFERENCES,
} ImapThreadAlgorithm;

typedef struct {
  guint32 number; /* as it is printed */
  gint64 date; /* of sending; without one, INTERNALDATE */
  guint64 subject; /* hash of the base subject; 0: empty */
  gboolean is_reply;
  guint64 id; /* 0: none */
  gsize references; /* of the first in the array of them */
  guint reference_count;
} ImapThreadMessage;

typedef struct {
  ImapThreadMessage *messages; /* in the mailbox's order */
  guint count;
  GArray *references; /* guint64 */
} ImapThreads;

ImapThreads *imap_threads_new (guint count);
void imap_threads_free (ImapThreads *threads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapThreads, imap_threads_free)
/* What is known of message number INDEX; each must be told of. */
void imap_threads_add (ImapThreads *threads, guint index, const ImapFound *found, guint32 number,
                       const SortKeys *keys);

/* The thread-lists of a THREAD response, "(2)(3 6 (4 23)(44 7 96))". */
GString *imap_threads_run (const ImapThreads *threads, ImapThreadAlgorithm algorithm);
/* The two algorithms, for imap_threads_run: imap-thread.c, imap-references.c. */
void imap_threads_by_references (const ImapThreads *threads, GString *out);
