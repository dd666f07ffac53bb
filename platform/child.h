/* Our own program once more, with less privilege than ours: for work on hostile bytes. It computes,
 * reads requests and writes answers; it opens no file, reaches no network, starts no program. It
 * may die of a request, and another one is started. */
#pragma once
#include <gio/gio.h>

/* Bytes; answers are no longer. The largest mail that a setting allows, and what is asked of it. */
#define CHILD_REQUEST_MAX (1024 * 1024 * 1024 + 65536)
#define CHILD_SECONDS_MAX 120 /* what a request may take whose parent is gone */

typedef struct _Child Child;

/* Starts PROGRAM (NULL: the running one) with the argument OPTION, by which its main function knows
 * that it is the child. */
Child *child_start (const char *program, const char *option, GError **error);
/* Kills it and waits for its end. */
void child_free (Child *child);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Child, child_free)

/* The answer to the request HEAD and BODY, one after the other. Blocks, at most PATIENCE ms. NULL:
 * the child has died, is silent or lies about a length; it is good for nothing more. */
GBytes *child_ask (Child *child, const guint8 *head, gsize head_length, const guint8 *body,
                   gsize length, guint patience, GError **error);

/* In the child, before the first request, with only one thread: gives up what it does not need to
 * compute. FALSE: the system refuses, and the child must end. */
gboolean child_confine (GError **error);
/* In the child; free with g_byte_array_unref. The process ends here when the parent has gone. */
GByteArray *child_next_request (void);
void child_answer (const guint8 *bytes, gsize length);
