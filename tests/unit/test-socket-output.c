/* What is left of a write: pieces, empty ones too, sent in any steps. */
#include "platform/windows/socket-output.h"

enum { ALL_AT_ONCE = 256 * 1024 };

/* Sizes of the pieces; each WSASend takes at most STEP bytes of what it is given. */
static const struct {
  const char *name;
  gsize sizes[5];
  guint count;
  gsize step;
} cases[] = {
  { "one", { 10 }, 1, 10 },
  { "byte-by-byte", { 3, 1, 2 }, 3, 1 },
  { "across-pieces", { 100, 200, 300 }, 3, 150 },
  { "empty-ones", { 0, 5, 0, 0, 7 }, 5, 5 },
  { "all-empty", { 0, 0, 0 }, 3, 1 },
  { "big", { 5, 3 * ALL_AT_ONCE + 1, 9 }, 3, 10 * ALL_AT_ONCE },
  { "big-in-steps", { ALL_AT_ONCE, 1, 2 * ALL_AT_ONCE }, 3, 1000 },
};

static guint alive; /* pieces that somebody refers to */

static void
let_go (gpointer data)
{
  alive--;
  g_free (data);
}

/* Each byte of the whole is its place's number, so that order and completeness show. */
static GBytes *
make_piece (gsize size, gsize place)
{
  guint8 *bytes = g_malloc (size + 1);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8)((place + i) % 251);
  alive++;
  return g_bytes_new_with_free_func (bytes, size, let_go, bytes);
}

static gsize
take (SocketOutput *output, gsize step, gsize place)
{
  WSABUF vectors[SOCKET_PIECES];
  DWORD count = socket_output_fill (output, vectors);
  gsize offered = 0, sent = 0;

  for (DWORD i = 0; i < count; i++)
    offered += vectors[i].len;
  g_assert_cmpuint (offered, <=, ALL_AT_ONCE);
  for (DWORD i = 0; i < count && sent < step; i++)
    for (ULONG k = 0; k < vectors[i].len && sent < step; k++)
      g_assert_cmpuint ((guint8)vectors[i].buf[k], ==, (place + sent++) % 251);
  socket_output_advance (output, sent);
  return sent;
}

static void
test_sent_whole (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  GBytes *pieces[5] = { NULL };
  gsize total = 0, place = 0;
  WSABUF vectors[SOCKET_PIECES];

  for (guint k = 0; k < cases[i].count; k++) {
    pieces[k] = make_piece (cases[i].sizes[k], total);
    total += cases[i].sizes[k];
  }
  SocketOutput *output = socket_output_new (pieces, cases[i].count);
  for (guint k = 0; k < cases[i].count; k++)
    g_bytes_unref (pieces[k]);
  while (place < total)
    place += take (output, cases[i].step, place);
  g_assert_cmpuint (socket_output_fill (output, vectors), ==, 0);
  g_assert_cmpuint (alive, ==, 0); /* each was let go as soon as it was through */
  socket_output_free (output);
}

static void
test_free_halfway (void)
{
  GBytes *pieces[] = { make_piece (10, 0), make_piece (10, 10) };
  SocketOutput *output = socket_output_new (pieces, 2);

  g_bytes_unref (pieces[0]);
  g_bytes_unref (pieces[1]);
  take (output, 12, 0);
  g_assert_cmpuint (alive, ==, 1);
  socket_output_free (output);
  g_assert_cmpuint (alive, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/socket-output/", cases[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_sent_whole);
  }
  g_test_add_func ("/socket-output/free-halfway", test_free_halfway);
  return g_test_run ();
}
