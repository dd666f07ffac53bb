/* The children that read messages: started when one is needed, a few kept for the next request. */
#include "policy/digest.h"
#include "log.h"
#include "metrics.h"
#include "platform/child.h"
#include "policy/digest-work.h"
#include <string.h>

#define IDLE_MAX 4
#define PATIENCE 30000 /* ms */
#define START_PATIENCE 20000

G_DEFINE_QUARK (hauspost - digest - error, digest_error)

struct _Digest {
  GMutex lock; /* what follows */
  GPtrArray *idle; /* Child */
};

Digest *
digest_new (void)
{
  Digest *self = g_new0 (Digest, 1);

  g_mutex_init (&self->lock);
  self->idle = g_ptr_array_new_with_free_func ((GDestroyNotify)child_free);
  return self;
}

void
digest_free (Digest *self)
{
  g_ptr_array_unref (self->idle);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/* It has said hello, so it is confined. */
static Child *
start_child (GError **error)
{
  const guint8 hello = DIGEST_HELLO;
  g_autoptr (GError) problem = NULL;
  g_autoptr (Child) child = child_start (NULL, DIGEST_OPTION, &problem);
  g_autoptr (GBytes) answer
      = child != NULL ? child_ask (child, &hello, 1, NULL, 0, START_PATIENCE, &problem) : NULL;

  if (answer != NULL && g_bytes_get_size (answer) == 1)
    return g_steal_pointer (&child);
  g_set_error (error, DIGEST_ERROR, DIGEST_ERROR_START, "No child can be started: %s",
               problem != NULL ? problem->message : "it is another program");
  return NULL;
}

static Child *
take_child (Digest *self, GError **error)
{
  Child *child = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len > 0)
    child = g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1);
  g_mutex_unlock (&self->lock);
  return child != NULL ? child : start_child (error);
}

static void
put_back (Digest *self, Child *child)
{
  g_autoptr (Child) surplus = NULL;

  g_mutex_lock (&self->lock);
  if (self->idle->len < IDLE_MAX)
    g_ptr_array_add (self->idle, child);
  else
    surplus = child;
  g_mutex_unlock (&self->lock);
}

static GBytes *
ask_child (Digest *self, const GByteArray *head, const guint8 *bytes, gsize length, GError **error)
{
  g_autoptr (Child) child = take_child (self, error);
  g_autoptr (GError) problem = NULL;
  GBytes *answer;

  if (child == NULL)
    return NULL;
  answer = child_ask (child, head->data, head->len, bytes, length, PATIENCE, &problem);
  if (answer != NULL) {
    put_back (self, g_steal_pointer (&child));
    return answer;
  }
  metric_add (METRIC_DIGEST_DEATHS, 1);
  log_event (LOG_WARNING, "A message was too much for its reader", "reason", problem->message,
             NULL);
  g_set_error (error, DIGEST_ERROR, DIGEST_ERROR_MESSAGE, "The message cannot be read: %s",
               problem->message);
  return NULL;
}

static GBytes *
ask (Digest *self, GByteArray *head, const guint8 *bytes, gsize length, GError **error)
{
  GByteArray *answer;

  if (self != NULL)
    return ask_child (self, head, bytes, length, error);
  g_byte_array_append (head, bytes, (guint)length);
  answer = digest_work (head->data, head->len);
  return g_byte_array_free_to_bytes (answer);
}

static GByteArray *
head_new (guint8 letter)
{
  return g_byte_array_append (g_byte_array_new (), &letter, 1);
}

static void
add_word (GByteArray *head, const char *word)
{
  g_byte_array_append (head, (const guint8 *)word, (guint)strlen (word) + 1);
}

GBytes *
digest_text (Digest *self, const guint8 *message, gsize length, GError **error)
{
  g_autoptr (GByteArray) head = head_new (DIGEST_TEXT);

  return ask (self, head, message, length, error);
}

static gboolean
take_holds (GBytes *answer, gboolean *holds, GError **error)
{
  gsize length;
  const char *letter = answer != NULL ? g_bytes_get_data (answer, &length) : NULL;

  if (answer == NULL)
    return FALSE;
  if (length != 1 || (*letter != 'y' && *letter != 'n')) {
    g_set_error_literal (error, DIGEST_ERROR, DIGEST_ERROR_MESSAGE,
                         "The message's reader answers nonsense");
    return FALSE;
  }
  *holds = *letter == 'y';
  return TRUE;
}

/* Without encoded words and 8-bit bytes there is nothing to decode, only to compare. */
static gboolean
is_plain (const guint8 *header, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (header[i] >= 0x80 || (header[i] == '=' && i + 1 < length && header[i + 1] == '?'))
      return FALSE;
  return TRUE;
}

gboolean
digest_header_holds (Digest *self, const guint8 *header, gsize length, const char *field,
                     const char *mapped, gboolean *holds, GError **error)
{
  g_autoptr (GByteArray) head = head_new (DIGEST_HEADER);
  g_autoptr (GBytes) answer = NULL;

  add_word (head, field != NULL ? field : "");
  add_word (head, mapped);
  answer = ask (is_plain (header, length) ? NULL : self, head, header, length, error);
  return take_holds (answer, holds, error);
}

gboolean
digest_body_holds (Digest *self, const guint8 *message, gsize length, const char *mapped,
                   gboolean *holds, GError **error)
{
  g_autoptr (GByteArray) head = head_new (DIGEST_BODY);
  g_autoptr (GBytes) answer = NULL;

  add_word (head, mapped);
  answer = ask (self, head, message, length, error);
  return take_holds (answer, holds, error);
}

gboolean
digest_fuzzy_score (Digest *self, const guint8 *message, gsize length, FuzzyPlace place,
                    const char *field, const char *text, guint *score, GError **error)
{
  g_autoptr (GByteArray) head = head_new (DIGEST_FUZZY);
  g_autoptr (GBytes) answer = NULL;
  guint8 where = (guint8)('0' + place);
  const guint8 *byte;

  g_byte_array_append (head, &where, 1);
  add_word (head, field != NULL ? field : "");
  add_word (head, text);
  answer = ask (self, head, message, length, error);
  if (answer == NULL)
    return FALSE;
  byte = g_bytes_get_data (answer, &length);
  if (length != 1 || *byte > 100) {
    g_set_error_literal (error, DIGEST_ERROR, DIGEST_ERROR_MESSAGE,
                         "The message's reader answers nonsense");
    return FALSE;
  }
  *score = *byte;
  return TRUE;
}
