/* ObjectIDs (RFC 8474): names of mailboxes, messages and threads that never come twice, not even
 * when the database was built anew from the segments. */
#pragma once
#include "store/database.h"

typedef enum {
  OBJECT_MAILBOX = 'F',
  OBJECT_MESSAGE = 'M',
  OBJECT_THREAD = 'T',
} ObjectKind;

/* What distinguishes this database from another. */
gboolean object_epoch (Database *database, guint32 *epoch, GError **error);
/* "M5f3a8c01-2b": only characters of objectid. */
void object_print (GString *out, ObjectKind kind, guint32 epoch, gint64 id);
/* 0: not an ObjectID of this kind and database. */
gint64 object_parse (const char *text, ObjectKind kind, guint32 epoch);
