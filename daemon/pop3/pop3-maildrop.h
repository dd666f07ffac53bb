/* A maildrop as a session sees it: the INBOX as it was at the login, numbered from 1, with marks of
 * deletion. What others expunge meanwhile stays readable (as a tombstone), what is delivered is
 * shown by the next session. Eight bytes a message. */
#pragma once
#include "store/mailbox.h"

typedef struct {
  guint32 uid;
  guint32 size : 31; /* no message is larger than 1 GiB */
  guint32 is_deleted : 1;
} Pop3Message;

typedef struct {
  gint64 account; /* given */
  gint64 mailbox;
  guint32 uid_validity;
  GArray *messages; /* Pop3Message, by ascending UID */
  guint live, deleted;
  guint64 size; /* bytes of those without a mark */
} Pop3Maildrop;

Pop3Maildrop *pop3_maildrop_new (gint64 account);
void pop3_maildrop_free (Pop3Maildrop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pop3Maildrop, pop3_maildrop_free)
/* StoreReadFunc: fills in the rest. */
gboolean pop3_maildrop_read (StoreSnapshot *snapshot, gpointer maildrop, GError **error);

/* Number N, or NULL: there is none, or it is marked (*IS_DELETED). */
Pop3Message *pop3_maildrop_find (Pop3Maildrop *self, guint64 number, gboolean *is_deleted);
void pop3_maildrop_mark (Pop3Maildrop *self, Pop3Message *message);
void pop3_maildrop_unmark_all (Pop3Maildrop *self);
/* Those marked: GArray of UidRange. */
GArray *pop3_maildrop_marked (const Pop3Maildrop *self);

#define POP3_UNIQUE_ID_MAX 24
void pop3_maildrop_unique_id (const Pop3Maildrop *self, const Pop3Message *message,
                              char text[POP3_UNIQUE_ID_MAX]);
