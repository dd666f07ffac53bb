/* Changes of many messages: STORE, EXPUNGE, COPY, MOVE. Few go in one job, all or nothing; many in
 * slices, so that other people's mail does not wait. */
#pragma once
#include "imap/imap-state.h"

typedef struct {
  GArray *source_uids, *target_uids; /* guint32; of COPY and MOVE */
  guint32 target_validity;
  GArray *modified; /* guint32: UIDs that a STORE left alone, as they had changed since */
} ImapWritten;

/* ERROR NULL: done. Runs also when the client has gone. */
typedef void (*ImapWriteDone) (ImapSession *self, const ImapWritten *written, const GError *error,
                               gpointer data);

typedef struct {
  FlagsChange change;
  guint64 flags; /* system flags */
  gboolean conditional; /* only of messages that did not change after UNCHANGED_SINCE */
  guint64 unchanged_since; /* MODSEQ */
  GPtrArray *keywords; /* char *: made known to the mailbox if need be */
} ImapFlagsChange;
void imap_flags_change_free (ImapFlagsChange *change);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapFlagsChange, imap_flags_change_free)

ImapFlagsChange *imap_flags_change_new (void);
/* A flag of a flag list, for imap_parser_list; DATA is an ImapFlagsChange. */
gboolean imap_take_flag (ImapParser *parser, gpointer data);

/* UIDS: GArray of UidRange, given away; of imap_write_expunge NULL: all. CHANGE is given away. */
void imap_write_flags (ImapSession *self, GArray *uids, ImapFlagsChange *change, ImapWriteDone done,
                       gpointer data);
/* Those with \Deleted. */
void imap_write_expunge (ImapSession *self, GArray *uids, ImapWriteDone done, gpointer data);
/* STORE_ERROR_NOT_FOUND: there is no mailbox TARGET. */
void imap_write_copy (ImapSession *self, GArray *uids, const char *target, gboolean move,
                      ImapWriteDone done, gpointer data);
