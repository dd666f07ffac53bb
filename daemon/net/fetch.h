/* One HTTPS request, bounded in time and size; redirects are not followed, proxies of the
 * environment not used. Waits for the network: for a worker. */
#pragma once
#include <gio/gio.h>

#define FETCH_LINE_MAX 8192 /* longer header fields are left out */

typedef struct {
  const char *url; /* https: only */
  const char *method; /* NULL: GET */
  const char *type, *body; /* NULL: none; TYPE is BODY's Content-Type */
  const char *accept; /* Accept, or NULL: anything */
  const char *language; /* Accept-Language, or NULL */
  const char *resolve; /* "HOST:PORT:ADDRESS[,ADDRESS…]", or NULL: the system finds the address */
  const char *authorities; /* a file of PEM certificates that are trusted, too; NULL or "" */
  gsize most; /* bytes of the answer's body; more is an error */
  guint seconds; /* for the whole */
  GCancellable *cancellable; /* or NULL */
} FetchRequest;

typedef struct {
  guint status;
  GHashTable *fields; /* name in lower case to value; of one that comes twice, both with ", " */
  GByteArray *body;
} FetchAnswer;
void fetch_answer_free (FetchAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FetchAnswer, fetch_answer_free)
/* NULL: there is no such field. NAME in lower case. */
const char *fetch_answer_field (const FetchAnswer *answer, const char *name);

/* Whatever the status is. NULL and ERROR: there was no answer, or one too long. */
FetchAnswer *fetch (const FetchRequest *request, GError **error);
