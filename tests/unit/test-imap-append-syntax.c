/* The arguments of APPEND and REPLACE, in one piece and in several. */
#include "imap/imap-append-syntax.h"

#include <string.h>

/* The steps as letters: Message, Url, Literal, Part, End. */
static char *
steps_of (const GPtrArray *steps)
{
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < steps->len; i++) {
    const ImapAppendStep *step = g_ptr_array_index (steps, i);
    g_string_append_c (out,
                       step->kind == IMAP_STEP_LITERAL && step->is_part ? 'P' : "MULE"[step->kind]);
  }
  return g_string_free (out, FALSE);
}

/* Pieces stand between the messages' bytes. */
static const struct {
  const char *pieces[5];
  const char *steps; /* of all pieces; NULL: malformed */
} commands[] = {
  { { "a APPEND INBOX {3}", "" }, "MLE" },
  { { "a append INBOX (\\Seen x) \"01-Feb-2020 10:00:00 +0100\" {3+}", "" }, "MLE" },
  { { "a APPEND INBOX ~{3}", "" }, "MLE" },
  { { "a APPEND INBOX UTF8 (~{3}", ")" }, "MLE" },
  { { "a APPEND INBOX {3}", " (\\Seen) {4}", " {5+}", "" }, "MLEMLEMLE" },
  { { "a APPEND INBOX CATENATE (URL /a TEXT {3}", " URL \"/b\" TEXT {4}", ")" }, "MUPUPE" },
  { { "a APPEND INBOX CATENATE (URL /a URL {2}\r\n/b)" }, "MUUE" },
  { { "a APPEND INBOX CATENATE (UTF8 (~{3}", ") TEXT {1}", ") {2}", "" }, "MPPEMLE" },
  { { "a REPLACE 3 INBOX {3}", "" }, "MLE" },
  { { "a UID REPLACE 3 INBOX (\\Draft) CATENATE (URL /a)" }, "MUE" },
  { { "a REPLACE * {5}\r\nINBOX {3}", "" }, "MLE" },
  { { "a APPEND INBOX" }, NULL },
  { { "a APPEND INBOX {3}", "x" }, NULL },
  { { "a APPEND INBOX {3}", " " }, NULL },
  { { "a APPEND INBOX UTF8 (~{3}", "" }, NULL },
  { { "a APPEND INBOX CATENATE ()" }, NULL },
  { { "a APPEND INBOX CATENATE (URL)" }, NULL },
  { { "a APPEND INBOX CATENATE (TEXT {3}", "" }, NULL },
  { { "a REPLACE 3 INBOX {3}", " {4}" }, NULL },
  { { "a REPLACE 0 INBOX {3}" }, NULL },
  { { "a REPLACE 1:2 INBOX {3}" }, NULL },
  { { "a UID APPEND INBOX {3}" }, NULL },
  { { "a STORE INBOX {3}" }, NULL },
};

static void
test_command (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (imap_append_step_free);
  g_autofree char *letters = NULL;
  ImapAppendSyntax syntax = { 0 };
  gboolean read = TRUE;

  for (guint p = 0; read && p < G_N_ELEMENTS (commands[i].pieces) && commands[i].pieces[p]; p++) {
    const char *piece = commands[i].pieces[p];
    gboolean last = !commands[i].pieces[p + 1];
    ImapParser parser = imap_parser (piece, strlen (piece));
    if (commands[i].steps)
      g_assert_cmpint (
          imap_append_announces (p ? &syntax : NULL, (const guint8 *)piece, strlen (piece)), ==,
          !last);
    read = (p > 0 || imap_append_read_command (&parser, &syntax))
        && imap_append_read (&syntax, &parser, steps);
  }
  g_assert_cmpint (read, ==, commands[i].steps != NULL);
  letters = steps_of (steps);
  if (commands[i].steps)
    g_assert_cmpstr (letters, ==, commands[i].steps);
  imap_append_syntax_clear (&syntax);
}

/* A literal that is a mailbox's name or a URL is no message. */
static void
test_announces (void)
{
  static const char *const others[]
      = { "a APPEND {5}", "a APPEND INBOX CATENATE (URL {5}", "a LOGIN {3}",
          "a APPEND INBOX {3} {4}", "a APPEND INBOX 3" };

  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (imap_append_announces (NULL, (const guint8 *)others[i], strlen (others[i])));
}

static void
test_details (void)
{
  static const char text[] = "a UID REPLACE 7 \"Sent mail\" (\\Seen x) {3}";
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (imap_append_step_free);
  ImapParser parser = imap_parser (text, sizeof text - 1);
  const ImapAppendStep *step;
  ImapAppendSyntax syntax;

  g_assert_true (imap_append_read_command (&parser, &syntax));
  g_assert_true (imap_append_read (&syntax, &parser, steps));
  g_assert_true (syntax.replace && syntax.by_uid);
  g_assert_cmpuint (syntax.target, ==, 7);
  g_assert_cmpstr (syntax.mailbox, ==, "Sent mail");
  step = g_ptr_array_index (steps, 0);
  g_assert_cmpuint (step->flags->flags, ==, FLAG_SEEN);
  g_assert_cmpstr (g_ptr_array_index (step->flags->keywords, 0), ==, "x");
  g_assert_false (step->has_date);
  imap_append_syntax_clear (&syntax);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autofree char *path = g_strdup_printf ("/imap-append-syntax/%02" G_GSIZE_FORMAT, i);
    g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_command);
  }
  g_test_add_func ("/imap-append-syntax/announces", test_announces);
  g_test_add_func ("/imap-append-syntax/details", test_details);
  return g_test_run ();
}
