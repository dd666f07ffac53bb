/* Reads what people wrote in hostile messages (HTML, every charset) in child processes that can do
 * nothing but compute: a message that takes over its reader has gained nothing, one that kills it
 * is unreadable. Any thread; calls block. */
#pragma once
#include "mail/message-fuzzy.h"

#define DIGEST_OPTION "--digest" /* makes of our program the child */

typedef enum {
  DIGEST_ERROR_START, /* no child can be started, or it cannot be confined */
  DIGEST_ERROR_MESSAGE, /* it died of the message, or took too long */
} DigestError;

#define DIGEST_ERROR digest_error_quark ()
GQuark digest_error_quark (void);

/* Children are started when they are needed. Where a Digest is NULL, work is done in this process:
 * for programs that have nothing to lose. */
typedef struct _Digest Digest;
Digest *digest_new (void);
void digest_free (Digest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Digest, digest_free)

/* All that SEARCH looks at (mail/message-text.h), folded; each piece ends with a NUL. */
GBytes *digest_text (Digest *digest, const guint8 *message, gsize length, GError **error);
/* message_header_holds and message_body_holds. FALSE with ERROR: nobody knows. */
gboolean digest_header_holds (Digest *digest, const guint8 *header, gsize length, const char *field,
                              const char *mapped, gboolean *holds, GError **error);
gboolean digest_body_holds (Digest *digest, const guint8 *message, gsize length, const char *mapped,
                            gboolean *holds, GError **error);

/* message_fuzzy_score of what TEXT means; FIELD may be NULL. */
gboolean digest_fuzzy_score (Digest *digest, const guint8 *message, gsize length, FuzzyPlace place,
                             const char *field, const char *text, guint *score, GError **error);

/* The child's main function: 1 when it cannot be confined, else it ends with its parent. */
int digest_serve (void);
