/* What an administrator should look at, each with the sentence that says so, and the call that
 * mends it where one does. For workers. */
#pragma once
#include "admin/resources.h"

typedef struct {
  gint64 domains, users, administrators;
  gint64 mail_bytes;
  gint64 waiting, held; /* recipients in the queue */
  gint64 oldest, late; /* since when the oldest waits, 0: none does; how many wait for hours */
  GPtrArray *names; /* char *: the domains that the caller sees */
  GPtrArray *unread; /* char *: those of them whose postmaster is nobody */
  GPtrArray *braked; /* char *: the users that the caller sees */
  json_t *documents; /* name to value */
} Facts;
/* Of the domains that the caller sees. */
gboolean facts_read (AdminCall *call, Facts *facts, GError **error);
void facts_clear (Facts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Facts, facts_clear)

/* {"id", "severity", "text", "page", "about", "action"}, the worst first; a new list. */
json_t *attention_gather (AdminCall *call, const Facts *facts);
/* "good", "attention" or "bad", and *SENTENCE, which the caller frees. */
const char *attention_judge (const json_t *attention, char **sentence);
