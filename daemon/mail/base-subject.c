/* Takes the base subject out of a Subject, by the numbered steps of RFC 5256 §2.1. */
#include "mail/base-subject.h"
#include <string.h>

typedef struct {
  const char *start, *end;
  gboolean is_reply;
} Subject;

static gboolean
begins_with (const char *text, const char *end, const char *word)
{
  gsize length = strlen (word);

  return (gsize)(end - text) >= length && g_ascii_strncasecmp (text, word, length) == 0;
}

static const char *
skip_blanks (const char *text, const char *end)
{
  while (text < end && *text == ' ')
    text++;
  return text;
}

/* subj-blob: "[" *BLOBCHAR "]" *WSP. Returns what follows, or NULL. */
static const char *
skip_blob (const char *text, const char *end)
{
  if (text == end || *text != '[')
    return NULL;
  for (text++; text < end && *text != '[' && *text != ']'; text++)
    ;
  return text < end && *text == ']' ? skip_blanks (text + 1, end) : NULL;
}

/* subj-refwd: ("re" / ("fw" ["d"])) *WSP [subj-blob] ":". */
static const char *
skip_reply (const char *text, const char *end)
{
  const char *blob;

  if (begins_with (text, end, "fwd"))
    text += 3;
  else if (begins_with (text, end, "re") || begins_with (text, end, "fw"))
    text += 2;
  else
    return NULL;
  text = skip_blanks (text, end);
  blob = skip_blob (text, end);
  if (blob != NULL)
    text = blob;
  return text < end && *text == ':' ? text + 1 : NULL;
}

/* Step 2: subj-trailer, "(fwd)" or WSP. */
static void
remove_trailers (Subject *self)
{
  for (;;) {
    if (self->end > self->start && self->end[-1] == ' ')
      self->end--;
    else if (self->end - self->start >= 5 && begins_with (self->end - 5, self->end, "(fwd)")) {
      self->end -= 5;
      self->is_reply = TRUE;
    } else
      return;
  }
}

/* Step 3: subj-leader, (*subj-blob subj-refwd) or WSP. */
static gboolean
remove_leader (Subject *self)
{
  const char *next = self->start, *blob, *rest;

  if (next < self->end && *next == ' ') {
    self->start++;
    return TRUE;
  }
  while ((blob = skip_blob (next, self->end)) != NULL)
    next = blob;
  rest = skip_reply (next, self->end);
  if (rest == NULL)
    return FALSE;
  self->start = rest;
  self->is_reply = TRUE;
  return TRUE;
}

/* Step 4: a blob, unless nothing would be left. */
static gboolean
remove_blob (Subject *self)
{
  const char *rest = skip_blob (self->start, self->end);

  if (rest == NULL || rest == self->end)
    return FALSE;
  self->start = rest;
  return TRUE;
}

/* Step 6: "[fwd:" … "]". */
static gboolean
remove_wrapping (Subject *self)
{
  if (!begins_with (self->start, self->end, "[fwd:") || self->end[-1] != ']')
    return FALSE;
  self->start += strlen ("[fwd:");
  self->end--;
  self->is_reply = TRUE;
  return TRUE;
}

/* The rest of step 1: each run of blanks one space. Cut at a character. */
static char *
normalize (const char *decoded)
{
  GString *out = g_string_sized_new (64);

  for (const char *next = decoded; *next != '\0' && out->len < SUBJECT_MAX;) {
    const char *after = g_utf8_next_char (next);
    gboolean is_blank = strchr (" \t\r\n", *next) != NULL;
    if (!is_blank)
      g_string_append_len (out, next, after - next);
    else if (out->len == 0 || out->str[out->len - 1] != ' ')
      g_string_append_c (out, ' ');
    next = after;
  }
  return g_string_free (out, FALSE);
}

char *
base_subject (const char *decoded, gboolean *is_reply)
{
  g_autofree char *text = normalize (decoded);
  Subject subject = { text, text + strlen (text), FALSE };

  do {
    remove_trailers (&subject);
    while (remove_leader (&subject) || remove_blob (&subject))
      ;
  } while (remove_wrapping (&subject));
  if (is_reply != NULL)
    *is_reply = subject.is_reply;
  return g_strndup (subject.start, (gsize)(subject.end - subject.start));
}
