/* Tables of sentences. */
#include "mail-words.h"
#include "format.h"
#include <glib/gi18n.h>
#include <string.h>

MailState
mail_state (const json_t *item, gint64 now)
{
  if (object_flag (item, "braked"))
    return MAIL_IS_BRAKED;
  if (object_flag (item, "held"))
    return MAIL_IS_HELD;
  if (object_number (item, "released") > now)
    return MAIL_IS_SCHEDULED;
  return object_number (item, "attempts") > 0 ? MAIL_IS_TRIED : MAIL_IS_NEW;
}

/* "4.7.1" anywhere near the beginning; else the three digits. To add one, add a line: the first
 * that fits counts. */
static const struct {
  const char *code;
  const char *meaning;
} meanings[] = {
  { "4.7.1", N_ ("The other server wants it to be tried again later; it does this to strangers.") },
  { "4.2.2", N_ ("The mailbox there is full.") },
  { "5.2.2", N_ ("The mailbox there is full.") },
  { "4.4.1", N_ ("The other server does not answer.") },
  { "4.4.2", N_ ("The connection broke off.") },
  { "4.4.3", N_ ("The DNS gives no answer about that domain at present.") },
  { "4.4.4", N_ ("There is no way to that domain at present.") },
  { "5.1.1", N_ ("There is nobody of that name there.") },
  { "5.1.2", N_ ("There is no such domain.") },
  { "5.1.10", N_ ("That domain takes no mail.") },
  { "4.7.",
    N_ ("The other server does not trust this one, or is protected against too much mail.") },
  { "5.7.", N_ ("The other server refuses it for reasons of security or of its own rules.") },
  { "4.3.", N_ ("The other server has trouble of its own.") },
  { "421", N_ ("The other server is busy.") },
  { "450", N_ ("The other server wants it to be tried again later.") },
  { "451", N_ ("The other server has trouble of its own.") },
  { "452", N_ ("The other server has no room at present.") },
};

/* CODE stands in TEXT at the beginning of a word. */
static gboolean
has_code (const char *text, const char *code)
{
  const char *at = strstr (text, code);

  while (at != NULL && at != text && (g_ascii_isalnum (at[-1]) || at[-1] == '.'))
    at = strstr (at + 1, code);
  return at != NULL && (g_str_has_suffix (code, ".") || !g_ascii_isdigit (at[strlen (code)]));
}

const char *
mail_reply_meaning (const char *reply)
{
  g_autofree char *start = g_strndup (reply, 80);

  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (has_code (start, meanings[i].code))
      return _ (meanings[i].meaning);
  return NULL;
}

static char *
say_next (const json_t *item, gint64 now)
{
  const gint64 due = object_number (item, "due");
  g_autofree char *time = due > now ? format_time (due) : NULL;

  return time != NULL ? g_strdup_printf (_ ("Next try: %s."), time)
                      : g_strdup (_ ("It is being tried right now."));
}

static char *
say_attempts (const json_t *item, gint64 now)
{
  const gint64 attempts = object_number (item, "attempts");
  const char *reply = object_text (item, "reply");
  const char *meaning = mail_reply_meaning (reply);
  g_autofree char *next = say_next (item, now);
  g_autofree char *count = g_strdup_printf (
      ngettext ("Tried once.", "Tried %d times.", (gulong)attempts), (int)attempts);
  g_autofree char *quoted = *reply ? g_strdup_printf (_ ("The answer was: “%s”"), reply) : NULL;

  return g_strjoin (" ", count, next, meaning != NULL ? meaning : (quoted ? quoted : ""),
                    meaning != NULL && quoted != NULL ? quoted : NULL, NULL);
}

char *
mail_why (const json_t *item, gint64 now)
{
  switch (mail_state (item, now)) {
  case MAIL_IS_BRAKED:
    return g_strdup (_ ("The brake holds it: its sender’s account may be in other hands. See "
                        "Protection."));
  case MAIL_IS_HELD:
    return g_strdup (_ ("An administrator holds it until it is released."));
  case MAIL_IS_SCHEDULED: {
    g_autofree char *time = format_time (object_number (item, "released"));
    return g_strdup_printf (_ ("Its sender wants it to leave on %s."), time);
  }
  case MAIL_IS_NEW:
    return g_strdup (_ ("It has just come and is on its way."));
  case MAIL_IS_TRIED:
    break;
  }
  return g_strstrip (say_attempts (item, now));
}

LifeKind
life_kind (const json_t *line)
{
  static const struct {
    const char *what;
    LifeKind kind;
  } kinds[]
      = { { "delivered", LIFE_GOOD },   { "sent", LIFE_GOOD },     { "queued", LIFE_WAITS },
          { "queued-tls", LIFE_WAITS }, { "delayed", LIFE_WAITS }, { "scheduled", LIFE_WAITS },
          { "held", LIFE_WAITS },       { "braked", LIFE_BAD },    { "junked", LIFE_WAITS },
          { "refused", LIFE_BAD },      { "failed", LIFE_BAD },    { "removed", LIFE_BAD } };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strcmp (kinds[i].what, object_text (line, "what")) == 0)
      return kinds[i].kind;
  return LIFE_PLAIN;
}

char *
life_title (const json_t *mail)
{
  const json_t *first = json_array_get (object_list (mail, "lines"), 0);
  const char *sender = object_text (first, "sender");
  const gint64 size = object_number (first, "size");
  g_autofree char *bytes = size > 0 ? format_size (size) : NULL;
  const char *name = *sender ? sender : _ ("a mail system (a report)");

  return bytes != NULL ? g_strdup_printf (_ ("From %s, %s"), name, bytes)
                       : g_strdup_printf (_ ("From %s"), name);
}

char *
brake_why (const json_t *brake)
{
  const gint64 count = object_number (brake, "count"), usual = object_number (brake, "usual");
  const char *reason = object_text (brake, "reason");
  g_autofree char *before
      = g_strdup_printf (_ ("The most within an hour before was %d."), (int)usual);
  const char *format = NULL;

  if (strcmp (reason, "recipients") == 0)
    format = ngettext ("Wrote to %d recipient outside within an hour.",
                       "Wrote to %d recipients outside within an hour.", (gulong)count);
  else if (strcmp (reason, "new-recipients") == 0)
    format = ngettext ("Wrote to %d person for the first time within an hour.",
                       "Wrote to %d people for the first time within an hour.", (gulong)count);
  else if (strcmp (reason, "bounces") == 0)
    format = ngettext ("%d mail could not be delivered within an hour.",
                       "%d mails could not be delivered within an hour.", (gulong)count);
  if (format == NULL)
    return g_strdup (strcmp (reason, "by-hand") == 0 ? _ ("An administrator has done it.")
                                                     : reason);
  g_autofree char *now = g_strdup_printf (format, (int)count);
  return g_strjoin (" ", now, before, NULL);
}
