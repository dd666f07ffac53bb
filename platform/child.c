/* Requests and answers: each is its length in eight bytes, little-endian, and then its bytes. */
#include "platform/child-private.h"

#define FRAME 8

static void
put_length (guint8 frame[FRAME], guint64 length)
{
  for (guint i = 0; i < FRAME; i++)
    frame[i] = (guint8)(length >> (8 * i));
}

static guint64
get_length (const guint8 frame[FRAME])
{
  guint64 length = 0;

  for (guint i = 0; i < FRAME; i++)
    length |= (guint64)frame[i] << (8 * i);
  return length;
}

static GBytes *
receive_answer (Child *self, GError **error)
{
  guint8 frame[FRAME];
  g_autofree guint8 *answer = NULL;
  guint64 length;

  if (!child_receive (self, frame, sizeof frame, error))
    return NULL;
  length = get_length (frame);
  if (length > CHILD_REQUEST_MAX) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The child lies");
    return NULL;
  }
  answer = g_malloc (length + 1);
  if (!child_receive (self, answer, length, error))
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&answer), length);
}

GBytes *
child_ask (Child *self, const guint8 *head, gsize head_length, const guint8 *body, gsize length,
           guint patience, GError **error)
{
  guint8 frame[FRAME];
  GBytes *answer = NULL;

  put_length (frame, head_length + length);
  child_hurry (self, patience);
  if (child_send (self, frame, sizeof frame, error) && child_send (self, head, head_length, error)
      && child_send (self, body, length, error))
    answer = receive_answer (self, error);
  return answer;
}

GByteArray *
child_next_request (void)
{
  GByteArray *request = g_byte_array_new ();
  guint8 frame[FRAME];
  guint64 length;

  child_set_working (FALSE);
  child_input (frame, sizeof frame);
  length = get_length (frame);
  if (length > CHILD_REQUEST_MAX)
    child_end (1);
  g_byte_array_set_size (request, (guint)length);
  child_input (request->data, length);
  child_set_working (TRUE);
  return request;
}

void
child_answer (const guint8 *bytes, gsize length)
{
  guint8 frame[FRAME];

  put_length (frame, length);
  child_output (frame, sizeof frame);
  child_output (bytes, length);
}
