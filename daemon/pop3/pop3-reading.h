/* A message on its way to the client: each read job makes one bounded piece of the answer, however
 * large the message is. */
#pragma once
#include "pop3/pop3-dots.h"
#include "store/mailbox.h"

typedef struct {
  /* Given. */
  gint64 mailbox;
  guint32 uid;
  gboolean utf8; /* FALSE: a header in UTF-8 becomes one in ASCII (RFC 6856 §2.1) */

  /* Where the next piece goes on. */
  gboolean began;
  gint64 message;
  guint64 size, offset;
  Pop3Dots dots;

  /* The piece. */
  GByteArray *out;
  gboolean done;
} Pop3Reading;

/* LINES: of the body; G_MAXUINT64: all. */
Pop3Reading *pop3_reading_new (gint64 mailbox, guint32 uid, guint64 lines, gboolean utf8);
void pop3_reading_free (Pop3Reading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pop3Reading, pop3_reading_free)
/* StoreReadFunc; fills OUT, and DONE with the last piece. */
gboolean pop3_reading_run (StoreSnapshot *snapshot, gpointer reading, GError **error);
