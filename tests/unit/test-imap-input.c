#include "imap/imap-input.h"

#include <string.h>

/* Every input is fed whole and byte by byte; the events must be the same. */
static const struct {
  const char *path, *input, *events;
} inputs[] = {
  { "/imap-input/line", "a NOOP\r\n", "command[a NOOP]" },
  { "/imap-input/bare-lf", "a NOOP\n", "command[a NOOP]" },
  { "/imap-input/pipelined", "a NOOP\r\nb NOOP\r\nc", "command[a NOOP]command[b NOOP]" },
  { "/imap-input/empty", "\r\n", "command[]" },
  { "/imap-input/literal", "a LOGIN {3}\r\nx y z\r\n", "continue command[a LOGIN {3}|x y z]" },
  { "/imap-input/literal-plus", "a X {2+}\r\n\r\n{0+}\r\n\r\n", "command[a X {2+}||{0+}|]" },
  { "/imap-input/literal-within-limit", "a X {20}\r\n12345678901234567890\r\n",
    "continue command[a X {20}|12345678901234567890]" },
  { "/imap-input/literal-too-long", "a X {21}\r\n", "refused" },
  { "/imap-input/literals-too-long", "a X {15}\r\n123456789012345 {6}\r\n", "continue refused" },
  { "/imap-input/literal-plus-too-long", "a X {21+}\r\n", "overflow" },
  { "/imap-input/no-literal", "a X 3}\r\n", "command[a X 3}]" },
  { "/imap-input/literal-digits", "a X {x}\r\n", "command[a X {x}]" },
  { "/imap-input/append", "a APPEND INBOX {300}\r\n", "message(300 sync)" },
  { "/imap-input/append-plus", "a append \"a b\" {99999999+}\r\n", "message(99999999)" },
  { "/imap-input/append-all", "a APPEND INBOX (\\Seen $x) \"24-Nov-2026 09:13:54 +0000\" {5+}\r\n",
    "message(5)" },
  { "/imap-input/append-literal-name", "a APPEND {5}\r\nINBOX () {30}\r\n",
    "continue message(30 sync)" },
  { "/imap-input/append-bad", "a APPEND INBOX x {30}\r\n", "refused" },
};

static void
show (ImapInput *input, ImapInputEvent event, GString *out)
{
  static const char *const names[] = { "", "", "continue ", "", "refused", "overflow" };
  ImapLiteral literal = imap_input_literal (input);
  gsize length;
  const guint8 *text = imap_input_text (input, &length);

  g_string_append (out, names[event]);
  if (event == IMAP_INPUT_MESSAGE)
    g_string_append_printf (out, "message(%" G_GUINT64_FORMAT "%s)", literal.length,
                            literal.synchronizing ? " sync" : "");
  if (event != IMAP_INPUT_COMMAND)
    return;
  g_string_append (out, "command[");
  for (gsize i = 0; i < length; i++)
    if (text[i] != '\r')
      g_string_append_c (out, text[i] == '\n' ? '|' : (char)text[i]);
  g_string_append_c (out, ']');
}

static char *
feed (const char *text, gsize step)
{
  g_autoptr (ImapInput) input = imap_input_new ();
  GString *out = g_string_new (NULL);
  gsize length = strlen (text);

  for (gsize at = 0; at < length;) {
    ImapInputEvent event;
    gsize taken
        = imap_input_feed (input, (const guint8 *)text + at, MIN (step, length - at), 20, &event);
    g_assert_cmpuint (taken, >, 0);
    at += taken;
    show (input, event, out);
    if (event == IMAP_INPUT_COMMAND) {
      imap_input_free (input);
      input = imap_input_new ();
    } else if (event >= IMAP_INPUT_MESSAGE) {
      break;
    }
  }
  return g_string_free (out, FALSE);
}

static void
test_input (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autofree char *whole = feed (inputs[i].input, 1000);
  g_autofree char *bytes = feed (inputs[i].input, 1);

  g_assert_cmpstr (whole, ==, inputs[i].events);
  g_assert_cmpstr (bytes, ==, inputs[i].events);
}

static void
test_long_line (void)
{
  g_autoptr (ImapInput) input = imap_input_new ();
  g_autofree char *line = g_strnfill (IMAP_LINE_MAX, 'x');
  ImapInputEvent event;

  imap_input_feed (input, (const guint8 *)line, IMAP_LINE_MAX, 20, &event);
  g_assert_cmpint (event, ==, IMAP_INPUT_MORE);
  imap_input_feed (input, (const guint8 *)"x", 1, 20, &event);
  g_assert_cmpint (event, ==, IMAP_INPUT_OVERFLOW);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (inputs); i++)
    g_test_add_data_func (inputs[i].path, GSIZE_TO_POINTER (i), test_input);
  g_test_add_func ("/imap-input/long-line", test_long_line);
  return g_test_run ();
}
