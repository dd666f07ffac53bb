/* Work for a store: many senders deliver, change flags, expunge, copy and move at once, beside
 * compaction, checkpoints and backups; every acknowledgement is written down with its time. And the
 * judge: what was acknowledged must be there in a store that was opened after a crash. */
#pragma once
#include <gio/gio.h>

typedef struct {
  const char *root; /* the store lies in root/store, backups in root/backup-N */
  const char *acks; /* a file that lines are added to; outside of ROOT */
  guint senders, users;
  guint operations; /* of all senders together */
  guint32 seed;
  gboolean backups, compaction;
  void (*begun) (void); /* the mailboxes are there, the senders begin; or NULL */
} Load;

/* Opens the store (made anew or an old one), works, closes. */
gboolean load_run (const Load *load, GError **error);

/* Does each thing that a store can do, in one thread and always in the same order; then calls
 * FAULT_OVER and wants to see the store take mail again. FALSE with ERROR: it could not be opened,
 * or took none. */
gboolean load_once (const Load *load, void (*fault_over) (void), GError **error);

/* What the judge has seen. */
typedef struct {
  guint acknowledged; /* mails */
  guint flags, expunged, backups; /* acknowledged */
  guint problems; /* each was written to stderr */
} Verdict;
/* Opens the store in ROOT and compares it with all that ACKS says was acknowledged before TIME
 * (monotonic microseconds; G_MAXINT64: all). FALSE when it cannot even be opened. */
gboolean load_verify (const char *root, const char *acks, gint64 time, Verdict *verdict,
                      GError **error);

/* One line of the acknowledgements. */
typedef enum {
  ACK_ADDED = 'A',
  ACK_FLAGS = 'F',
  ACK_EXPUNGE_BEGUN = 'x', /* from here on it may be gone */
  ACK_EXPUNGED = 'X',
  ACK_BACKUP = 'B', /* UID: its number */
} AckKind;
typedef struct {
  gint64 time;
  AckKind kind;
  gint64 mailbox;
  guint32 uid;
  guint64 modseq, flags;
  char digest[65];
} Ack;
/* FALSE at the end, also at a line that was cut off. */
gboolean ack_parse (const char **text, Ack *ack);
