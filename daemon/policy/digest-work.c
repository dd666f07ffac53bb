/* Does the work of a digest, and is the child that does it. */
#include "policy/digest-work.h"
#include "mail/encoding.h"
#include "mail/message-text.h"
#include "platform/child.h"
#include "policy/digest.h"
#include <string.h>

/* The word at *NEXT, which then stands after it. NULL: it does not end. */
static const char *
take_word (const guint8 **next, const guint8 *end)
{
  const guint8 *word = *next, *nul = memchr (word, '\0', (gsize)(end - word));

  if (nul == NULL)
    return NULL;
  *next = nul + 1;
  return (const char *)word;
}

/* FUZZY looks for what has no marks. */
static gboolean
add_piece (const char *folded, gpointer data)
{
  g_autofree char *bare = fuzzy_without_marks (folded);

  g_byte_array_append (data, (const guint8 *)folded, (guint)strlen (folded) + 1);
  if (bare != NULL)
    g_byte_array_append (data, (const guint8 *)bare, (guint)strlen (bare) + 1);
  return TRUE;
}

static void
answer_holds (GByteArray *answer, gboolean holds)
{
  guint8 letter = holds ? 'y' : 'n';

  g_byte_array_append (answer, &letter, 1);
}

static void
look_in_header (GByteArray *answer, const guint8 *next, const guint8 *end)
{
  const char *field = take_word (&next, end);
  const char *mapped = field != NULL ? take_word (&next, end) : NULL;

  if (mapped != NULL)
    answer_holds (
        answer,
        message_header_holds (next, (gsize)(end - next), *field != '\0' ? field : NULL, mapped));
}

static void
look_in_body (GByteArray *answer, const guint8 *next, const guint8 *end)
{
  const char *mapped = take_word (&next, end);

  if (mapped != NULL)
    answer_holds (answer, message_body_holds (next, (gsize)(end - next), mapped));
}

static void
score (GByteArray *answer, const guint8 *next, const guint8 *end)
{
  guint place = next < end ? (guint)*next++ - '0' : G_MAXUINT;
  const char *field = place <= FUZZY_IN_TEXT ? take_word (&next, end) : NULL;
  const char *text = field != NULL ? take_word (&next, end) : NULL;
  g_autoptr (FuzzyQuery) query = text != NULL ? fuzzy_query_new (text) : NULL;
  guint8 value;

  if (query == NULL)
    return;
  value = (guint8)message_fuzzy_score (next, (gsize)(end - next), place, field, query);
  g_byte_array_append (answer, &value, 1);
}

GByteArray *
digest_work (const guint8 *request, gsize length)
{
  GByteArray *answer = g_byte_array_new ();
  const guint8 *next = request + 1, *end = request + length;

  if (length == 0)
    return answer;
  switch (request[0]) {
  case DIGEST_HELLO:
    g_byte_array_append (answer, request, 1);
    break;
  case DIGEST_TEXT:
    message_text_header (next, (gsize)(end - next), text_fold, add_piece, answer);
    message_text_body (next, (gsize)(end - next), text_fold, add_piece, answer);
    break;
  case DIGEST_HEADER:
    look_in_header (answer, next, end);
    break;
  case DIGEST_BODY:
    look_in_body (answer, next, end);
    break;
  case DIGEST_FUZZY:
    score (answer, next, end);
    break;
  default:
    break;
  }
  return answer;
}

int
digest_serve (void)
{
  g_autoptr (GError) error = NULL;

  charset_load_common ();
  if (!child_confine (&error)) {
    g_printerr ("hauspostd: The child that reads messages cannot be confined: %s\n",
                error->message);
    return 1;
  }
  while (TRUE) {
    g_autoptr (GByteArray) request = child_next_request ();
    g_autoptr (GByteArray) answer = digest_work (request->data, request->len);
    child_answer (answer->data, answer->len);
  }
}
