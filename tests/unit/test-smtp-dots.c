/* Tests of daemon/smtp/smtp-dots.c. */
#include "smtp/smtp-dots.h"
#include <string.h>

/* What is sent, what is kept of it, what is left for the next command. */
static const struct {
  const char *sent, *mail, *left;
  gboolean bare;
} rows[] = {
  { ".\r\n", "", "" },
  { "a\r\n.\r\nb", "a\r\n", "b" },
  { "..\r\n.\r\n", ".\r\n", "" },
  { ".x\r\n...\r\n.\r\n.\r\n", "x\r\n..\r\n", ".\r\n" },
  { "a.\r\n.\r\n", "a.\r\n", "" },
  { "\r\n\r\n.\r\n", "\r\n\r\n", "" },
  { "a\r\n..", "a\r\n.", NULL },
  { "a\r\n.\r", "a\r\n", NULL },
  { "a\r", "a\r", NULL },
  { "a\n.\n", NULL, NULL, TRUE },
  { "a\n.\r\n", NULL, NULL, TRUE },
  { "a\r\n.\n", NULL, NULL, TRUE },
  { "a\r.\r\n", NULL, NULL, TRUE },
  { "a\r\n.\r.\r\n", NULL, NULL, TRUE },
  { "a\r\r\n.\r\nb", NULL, "b", TRUE },
  { "\n.\r\n\r\n.\r\nb", NULL, "b", TRUE },
};

static void
test_row (guint i, gsize step)
{
  SmtpDots dots = { 0 };
  g_autoptr (GString) mail = g_string_new (NULL);
  gsize length = strlen (rows[i].sent), at = 0;
  gboolean ended = FALSE;

  while (at < length && !ended) {
    const guint8 *run;
    gsize run_length;
    at += smtp_dots_read (&dots, (const guint8 *)rows[i].sent + at, MIN (step, length - at), &run,
                          &run_length, &ended);
    g_string_append_len (mail, (const char *)run, run_length);
  }
  g_assert_cmpint (dots.bare, ==, rows[i].bare);
  g_assert_cmpint (ended, ==, rows[i].left != NULL);
  if (rows[i].mail)
    g_assert_cmpstr (mail->str, ==, rows[i].mail);
  if (rows[i].left)
    g_assert_cmpstr (rows[i].sent + at, ==, rows[i].left);
}

static void
test_read (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (gsize step = 1; step < 6; step++)
      test_row (i, step == 5 ? 1000 : step);
}

static void
test_check (void)
{
  static const struct {
    const char *chunks[3];
    gboolean bare;
  } checks[] = { { { "a\r\n.\r\n" } },        { { "a\r", "\n" } },         { { "a\n" }, TRUE },
                 { { "a\rb" }, TRUE },        { { "a\r" }, TRUE },         { { "\n" }, TRUE },
                 { { "a\r\n", "\n" }, TRUE }, { { "a\r", "\r\n" }, TRUE }, { { "" } } };

  for (guint i = 0; i < G_N_ELEMENTS (checks); i++) {
    SmtpDots dots = { 0 };
    for (guint c = 0; checks[i].chunks[c]; c++)
      smtp_dots_check (&dots, (const guint8 *)checks[i].chunks[c], strlen (checks[i].chunks[c]));
    smtp_dots_finish (&dots);
    g_assert_cmpint (dots.bare, ==, checks[i].bare);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/smtp-dots/read", test_read);
  g_test_add_func ("/smtp-dots/check", test_check);
  return g_test_run ();
}
