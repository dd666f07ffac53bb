/* Annotations of mailboxes and of the server (RFC 5464): names below /shared, which all see who may
 * see the mailbox, and below /private, which each account has for itself. Inside store jobs. */
#pragma once
#include "accounts/place.h"

#define METADATA_VALUE_MAX (64 * 1024)
#define METADATA_ENTRIES_MAX 100 /* of a mailbox, shared or of one account */
#define METADATA_TOTAL_MAX (4 * 1024 * 1024) /* bytes, of an account */
#define METADATA_NAME_MAX 400
#define METADATA_SERVER 0 /* the id that stands for no mailbox */
#define METADATA_INFINITE G_MAXUINT

/* In lower case; NULL: no entry can be called that (RFC 5464 §3.2). WHOLE: an entry's own name, not
 * only what may stand above one ("/shared"). */
char *metadata_normalize (const char *name, gboolean whole);
gboolean metadata_is_private (const char *name);
/* RIGHTS let one read and write annotations (RFC 5464 §3.3). */
gboolean metadata_require (guint rights, GError **error);

/* VALUE ends with the call. FALSE with ERROR stops. */
typedef gboolean (*MetadataFunc) (const char *name, const guint8 *value, gsize length,
                                  gpointer data, GError **error);
/* NAME (normalized) and what lies up to DEPTH levels below it, as ACCOUNT sees it. */
gboolean metadata_each (Database *database, gint64 mailbox, gint64 account, const char *name,
                        guint depth, MetadataFunc func, gpointer data, GError **error);

typedef enum { METADATA_DONE, METADATA_TOO_BIG, METADATA_TOO_MANY } MetadataOutcome;
/* VALUE NULL: removes it. FALSE with ERROR; otherwise look at OUTCOME: when it is not done, the job
 * must fail, so that nothing of it is kept. */
gboolean metadata_put (StoreTransaction *transaction, gint64 mailbox, gint64 account,
                       const char *name, GBytes *value, MetadataOutcome *outcome, GError **error);
