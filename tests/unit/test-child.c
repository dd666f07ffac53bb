/* A child with less privilege: it answers, and cannot do what it must not. */
#include "platform/child.h"
#include <stdlib.h>
#include <string.h>

static char *self;

/* The child: one letter says what to do. */

static gboolean
can_read_a_file (void)
{
  g_autofree char *contents = NULL;

  return g_file_get_contents (self, &contents, NULL, NULL);
}

static gboolean
can_write_a_file (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "hauspost-child-was-here", NULL);

  return g_file_set_contents (path, "x", 1, NULL);
}

static gboolean
can_open_a_socket (void)
{
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  return socket != NULL;
}

static gboolean
can_start_a_program (void)
{
  const char *arguments[] = { self, "--nothing", NULL };

  return g_spawn_sync (NULL, (char **)arguments, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL);
}

static const struct {
  char letter;
  const char *name;
  gboolean (*can) (void);
} deeds[] = {
  { 'r', "read a file", can_read_a_file },
  { 'w', "write a file", can_write_a_file },
  { 's', "open a socket", can_open_a_socket },
  { 'p', "start a program", can_start_a_program },
};

static void
echo (const GByteArray *request)
{
  g_autofree guint8 *answer = g_memdup2 (request->data, request->len);

  for (guint i = 0; i < request->len; i++)
    answer[i]++;
  child_answer (answer, request->len);
}

static void
obey (const GByteArray *request)
{
  if (request->len != 1) {
    echo (request);
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (request->data[0] == deeds[i].letter) {
      guint8 can = deeds[i].can () ? 'y' : 'n';
      child_answer (&can, 1);
    }
  if (request->data[0] == 'a')
    abort ();
  while (request->data[0] == 'h') /* hangs */
    g_usleep (1000);
}

static int
be_child (gboolean confined)
{
  g_autoptr (GError) error = NULL;

  if (confined && !child_confine (&error)) {
    g_printerr ("%s\n", error->message);
    return 1;
  }
  while (TRUE) {
    g_autoptr (GByteArray) request = child_next_request ();
    obey (request);
  }
}

/* The parent. */

static GBytes *
ask (Child *child, const char *head, const char *body, GError **error)
{
  return child_ask (child, (const guint8 *)head, strlen (head), (const guint8 *)body, strlen (body),
                    20000, error);
}

static Child *
start (const char *option)
{
  g_autoptr (GError) error = NULL;
  Child *child = child_start (NULL, option, &error);

  g_assert_no_error (error);
  return child;
}

static void
test_answers (void)
{
  g_autoptr (Child) child = start ("--child");
  g_autoptr (GError) error = NULL;
  gsize big = 3 * 1024 * 1024;
  g_autofree char *body = g_strnfill (big, 'a');

  for (guint i = 0; i < 3; i++) {
    g_autoptr (GBytes) answer = ask (child, "abc", "def", &error);
    g_assert_no_error (error);
    g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "bcdefg", 6);
  }
  g_autoptr (GBytes) answer = ask (child, "a", body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_bytes_get_size (answer), ==, big + 1);
  g_assert_cmpint (((const char *)g_bytes_get_data (answer, NULL))[big], ==, 'b');
}

/* What the confined child cannot do, the other one can: the tries themselves are sound. */
static void
test_confined (void)
{
#ifdef G_OS_WIN32
  g_test_skip ("On Windows the token closes what is ours alone, which Wine does not know");
  return;
#endif
  g_autoptr (Child) confined = start ("--child");
  g_autoptr (Child) free_child = start ("--free-child");

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++) {
    const char letter[] = { deeds[i].letter, '\0' };
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) can = ask (free_child, letter, "", &error);
    g_assert_no_error (error);
    g_autoptr (GBytes) cannot = ask (confined, letter, "", &error);
    g_assert_no_error (error);
    g_test_message ("%s", deeds[i].name);
    g_assert_cmpmem (g_bytes_get_data (can, NULL), g_bytes_get_size (can), "y", 1);
    g_assert_cmpmem (g_bytes_get_data (cannot, NULL), g_bytes_get_size (cannot), "n", 1);
  }
}

static void
test_death (void)
{
  g_autoptr (Child) child = start ("--child");
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = ask (child, "a", "", &error);

  g_assert_null (answer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_clear_error (&error);
  answer = ask (child, "abc", "", &error);
  g_assert_null (answer);
  g_assert_nonnull (error);
}

static void
test_patience (void)
{
  g_autoptr (Child) child = start ("--child");
  g_autoptr (GError) error = NULL;
  gint64 begin = g_get_monotonic_time ();
  g_autoptr (GBytes) answer = child_ask (child, (const guint8 *)"h", 1, NULL, 0, 300, &error);

  g_assert_null (answer);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 15 * G_TIME_SPAN_SECOND);
}

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (Child) child = child_start ("/no/such/program", "--child", &error);

  g_assert_null (child);
  g_assert_nonnull (error);
}

int
main (int argc, char **argv)
{
  self = argv[0];
  if (argc == 2 && g_str_has_suffix (argv[1], "child"))
    return be_child (g_str_equal (argv[1], "--child"));
  if (argc == 2 && g_str_equal (argv[1], "--nothing"))
    return 0;
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/child/answers", test_answers);
  g_test_add_func ("/child/confined", test_confined);
  g_test_add_func ("/child/death", test_death);
  g_test_add_func ("/child/patience", test_patience);
  g_test_add_func ("/child/missing", test_missing);
  return g_test_run ();
}
