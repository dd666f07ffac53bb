/* How requests and answers are sent: their length in eight bytes, little-endian, then they.
 */
#pragma once
#include <glib.h>

#define CHILD_FRAME_HEAD 8

static inline void
child_frame_put (guint8 *head, guint64 length)
{
  for (guint i = 0; i < CHILD_FRAME_HEAD; i++)
    head[i] = (guint8)(length >> (8 * i));
}

static inline guint64
child_frame_get (const guint8 *head)
{
  guint64 length = 0;

  for (guint i = 0; i < CHILD_FRAME_HEAD; i++)
    length |= (guint64)head[i] << (8 * i);
  return length;
}
