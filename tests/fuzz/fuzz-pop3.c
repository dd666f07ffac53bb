/* Command lines as a session reads them, and the same bytes as a message in pieces. */
#include "pop3/pop3-dots.h"
#include "pop3/pop3-parser.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
read_line (const guint8 *line, gsize length)
{
  g_autofree char *text = pop3_line_text (line, length);
  guint64 numbers[2];
  guint count;

  if (text == NULL)
    return;
  const char *argument = pop3_line_split (text);
  g_assert_cmpuint (strlen (argument), <=, length);
  if (pop3_numbers_parse (argument, 1, 2, numbers, &count))
    g_assert_true (count == 1 || count == 2);
}

/* Whatever the pieces, the answer is the same, and its only lone dot is the last line. */
static void
write_dots (const guint8 *data, gsize size)
{
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_autoptr (GByteArray) pieces = g_byte_array_new ();
  Pop3Dots dots;

  pop3_dots_begin (&dots, size % 5 == 0 ? 2 : G_MAXUINT64);
  pop3_dots_write (&dots, data, size, whole);
  pop3_dots_end (&dots, whole);
  pop3_dots_begin (&dots, size % 5 == 0 ? 2 : G_MAXUINT64);
  for (gsize at = 0; at < size; at += 3)
    if (!pop3_dots_write (&dots, data + at, MIN (3, size - at), pieces))
      break;
  pop3_dots_end (&dots, pieces);
  g_assert_cmpmem (whole->data, whole->len, pieces->data, pieces->len);
  g_assert_cmpmem (whole->data + whole->len - 3, 3, ".\r\n", 3);
  for (guint at = 0; at + 5 < whole->len; at++)
    g_assert_true (memcmp (whole->data + at, "\r\n.\r\n", 5) != 0);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  gboolean too_long = FALSE;

  for (gsize at = 0; at < size && !too_long;) {
    gsize taken = pop3_line_find (data + at, size - at, &too_long);
    g_assert_cmpuint (taken, <=, size - at);
    if (taken == 0)
      break;
    read_line (data + at, taken);
    at += taken;
  }
  write_dots (data, size);
  return 0;
}
