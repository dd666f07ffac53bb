/* The life of a mail in plain words, line by line. */
#include "admin/trace-words.h"
#include "admin/item.h"
#include "language.h"
#include <string.h>

static char *
tell_taken (const json_t *line)
{
  const char *user = item_text (line, "user"), *address = item_text (line, "address");

  return *user ? g_strdup_printf (_ ("%s handed it in from %s."), user, address)
               : g_strdup_printf (_ ("The server %s brought it."), address);
}

static char *
tell_refused (const json_t *line)
{
  const char *recipient = item_text (line, "recipient"), *reply = item_text (line, "reply");

  return *recipient ? g_strdup_printf (_ ("It was refused for %s: %s"), recipient, reply)
                    : g_strdup_printf (_ ("It was refused: %s"), reply);
}

static char *
tell_sent (const json_t *line)
{
  return g_strdup_printf (_ ("%s took it for %s: %s"), item_text (line, "host"),
                          item_text (line, "recipient"), item_text (line, "reply"));
}

/* SENTENCE takes a recipient and what was answered. */
static char *
tell_attempt (const json_t *line, const char *sentence)
{
  const char *host = item_text (line, "host"), *reply = item_text (line, "reply");
  g_autofree char *answer = *host ? g_strconcat (host, ": ", reply, NULL) : g_strdup (reply);

  return g_strdup_printf (_ (sentence), item_text (line, "recipient"), answer);
}

/* To add a kind, add a line here. */
static const struct {
  const char *what;
  const char *sentence; /* %s: the recipient, then, for an attempt, what was answered */
  char *(*tell) (const json_t *line); /* where such a sentence is not enough */
  gboolean is_attempt;
} kinds[] = {
  { "taken", NULL, tell_taken, FALSE },
  { "refused", NULL, tell_refused, FALSE },
  { "sent", NULL, tell_sent, FALSE },
  { "delivered", N_ ("It is in the mailbox of %s."), NULL, FALSE },
  { "junked", N_ ("It is in the mailbox of %s, under Junk."), NULL, FALSE },
  { "queued", N_ ("It waits to be sent to %s."), NULL, FALSE },
  { "queued-tls", N_ ("It waits to be sent to %s, encrypted all the way or not at all."), NULL,
    FALSE },
  { "delayed", N_ ("It could not be sent to %s yet, and will be tried again: %s"), NULL, TRUE },
  { "failed", N_ ("It cannot be delivered to %s: %s"), NULL, TRUE },
  { "braked",
    N_ ("It is held back from %s, as its sender's account may be hacked: see hauspost brake."),
    NULL, FALSE },
  { "scheduled", N_ ("Its sender wants it to reach %s later: not before %s."), NULL, TRUE },
  { "told", N_ ("%s was told by mail."), NULL, FALSE },
  { "held", N_ ("An administrator holds it back from %s."), NULL, FALSE },
  { "released", N_ ("An administrator lets it go on to %s."), NULL, FALSE },
  { "retried", N_ ("An administrator had it tried again at once for %s."), NULL, FALSE },
  { "removed", N_ ("An administrator took it out of the queue; %s will not get it."), NULL, FALSE },
};

char *
trace_words (const json_t *line)
{
  const char *what = item_text (line, "what");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (strcmp (kinds[i].what, what) != 0)
      continue;
    if (kinds[i].tell)
      return kinds[i].tell (line);
    if (kinds[i].is_attempt)
      return tell_attempt (line, kinds[i].sentence);
    return g_strdup_printf (_ (kinds[i].sentence), item_text (line, "recipient"));
  }
  return g_strdup (what); /* a newer server says it */
}
