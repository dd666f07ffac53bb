/* Tests of daemon/pop3/pop3-dots.c. */
#include "pop3/pop3-dots.h"
#include <string.h>

#define ALL G_MAXUINT64

static const struct {
  const char *text;
  guint64 lines;
  const char *wanted;
} rows[] = {
  { "A: 1\r\n\r\nbody\r\n", ALL, "A: 1\r\n\r\nbody\r\n.\r\n" },
  { "\r\n.\r\n..\r\na.\r\n", ALL, "\r\n..\r\n...\r\na.\r\n.\r\n" },
  { "\n.\nbody\n", ALL, "\r\n..\r\nbody\r\n.\r\n" },
  { "\r\nno end", ALL, "\r\nno end\r\n.\r\n" },
  { "\r\nhalf\r", ALL, "\r\nhalf\r\n.\r\n" },
  { "\r\na\rb\r\r\n.\r", ALL, "\r\na\rb\r\r\n..\r\n.\r\n" },
  { "", ALL, ".\r\n" },
  { "A: 1\r\n\r\n1\r\n2\r\n3\r\n", 0, "A: 1\r\n\r\n.\r\n" },
  { "A: 1\r\n\r\n1\r\n2\r\n3\r\n", 2, "A: 1\r\n\r\n1\r\n2\r\n.\r\n" },
  { "A: 1\r\n\r\n1\r\n2\r\n3\r\n", 9, "A: 1\r\n\r\n1\r\n2\r\n3\r\n.\r\n" },
  { "A: 1\r\n\r\n\r\n\r\n3\r\n", 1, "A: 1\r\n\r\n\r\n.\r\n" },
  { "A: 1\r\nB: 2\r\n", 0, "A: 1\r\nB: 2\r\n.\r\n" },
};

static void
test_rows (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize piece = 1; piece < 6; piece++) {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      const gsize length = strlen (rows[i].text);
      gboolean more = TRUE;
      Pop3Dots dots;

      pop3_dots_begin (&dots, rows[i].lines);
      for (gsize at = 0; more && at < length; at += piece)
        more = pop3_dots_write (&dots, (const guint8 *)rows[i].text + at, MIN (piece, length - at),
                                out);
      pop3_dots_end (&dots, out);
      g_assert_cmpmem (out->data, out->len, rows[i].wanted, strlen (rows[i].wanted));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/pop3-dots/rows", test_rows);
  return g_test_run ();
}
