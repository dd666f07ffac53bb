#include "smtp/smtp-dots.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length);

/* Feeds at most STEP bytes at once; returns how many were taken until the end. */
static gsize
feed (const guint8 *bytes, gsize length, gsize step, GByteArray *mail, gboolean *bare)
{
  SmtpDots dots = { 0 };
  gboolean ended = FALSE;
  gsize at = 0;

  while (at < length && !ended) {
    const guint8 *run;
    gsize run_length;
    at += smtp_dots_read (&dots, bytes + at, MIN (step, length - at), &run, &run_length, &ended);
    g_byte_array_append (mail, run, run_length);
  }
  *bare = dots.bare;
  return at;
}

/* Behind the first CR LF dot CR LF, whose CR LF may be the one before the mail. */
static gsize
end_of (const guint8 *bytes, gsize length)
{
  if (length >= 3 && memcmp (bytes, ".\r\n", 3) == 0)
    return 3;
  for (gsize i = 5; i <= length; i++)
    if (memcmp (bytes + i - 5, "\r\n.\r\n", 5) == 0)
      return i;
  return length;
}

/* Whole and byte by byte it must be the same mail, and without bare line ends the end is the first
 * CR LF dot CR LF. */
int
LLVMFuzzerTestOneInput (const guint8 *bytes, gsize length)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) pieces = g_byte_array_new ();
  gboolean whole_bare, pieces_bare;
  gsize taken = feed (bytes, length, length, whole, &whole_bare);

  g_assert_cmpuint (feed (bytes, length, 1, pieces, &pieces_bare), ==, taken);
  g_assert_cmpint (whole_bare, ==, pieces_bare);
  if (!whole_bare) {
    g_assert_cmpuint (taken, ==, end_of (bytes, length));
    g_assert_cmpmem (whole->data, whole->len, pieces->data, pieces->len);
  }
  return 0;
}
