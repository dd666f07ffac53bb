/* The output queue: how writes become pieces. */
#include "daemon/net/channel-output.h"
#include <string.h>

/* Writes are sizes; a negative one goes by reference, 0 seals. Then everything is taken. */
static const struct {
  const char *name;
  int writes[6];
  guint count;
  gsize most;
  const char *wanted; /* sizes of the pieces of one take */
} cases[] = {
  { "empty", { 0 }, 16, 65536, "" },
  { "gathered", { 10, 20, 30 }, 16, 65536, "60" },
  { "small-by-reference-is-gathered", { 10, -20, 30 }, 16, 65536, "60" },
  { "big-is-kept", { 10, -5000, 30 }, 16, 65536, "10 5000 30" },
  { "split-at-a-record", { 40000 }, 16, 65536, "16384 16384 7232" },
  { "sealed", { 10, 0, 20 }, 16, 65536, "10 20" },
  { "count", { 10, -5000, -5000, -5000 }, 2, 65536, "10 5000" },
  { "most", { -5000, -5000, -5000 }, 16, 5001, "5000 5000" },
  { "most-is-reached", { -5000, -5000 }, 16, 5000, "5000" },
};

static void
put (ChannelOutput *output, int size)
{
  g_autofree guint8 *bytes = g_malloc0 (ABS (size));
  g_autoptr (GBytes) piece = g_bytes_new (bytes, ABS (size));

  if (size == 0)
    channel_output_seal (output);
  else if (size > 0)
    channel_output_copy (output, bytes, size);
  else
    channel_output_add (output, piece);
}

static void
test_pieces (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  ChannelOutput output = { 0 };
  g_autoptr (GString) got = g_string_new (NULL);
  GBytes *pieces[16];
  gsize left = 0;

  for (guint k = 0; k < 6; k++) {
    put (&output, cases[i].writes[k]);
    left += ABS (cases[i].writes[k]);
  }
  g_assert_cmpuint (output.length, ==, left);
  guint count = channel_output_take (&output, pieces, cases[i].count, cases[i].most);
  for (guint k = 0; k < count; k++) {
    gsize size = g_bytes_get_size (pieces[k]);
    g_string_append_printf (got, "%s%" G_GSIZE_FORMAT, k > 0 ? " " : "", size);
    left -= size;
    g_bytes_unref (pieces[k]);
  }
  g_assert_cmpstr (got->str, ==, cases[i].wanted);
  g_assert_cmpuint (output.length, ==, left);
  channel_output_clear (&output);
  g_assert_cmpuint (output.length, ==, 0);
}

static void
test_order (void)
{
  ChannelOutput output = { 0 };
  g_autofree char *big = g_strnfill (3000, 'b');
  g_autoptr (GBytes) bytes = g_bytes_new (big, 3000);
  g_autoptr (GString) got = g_string_new (NULL);
  GBytes *piece;

  channel_output_copy (&output, "a", 1);
  channel_output_add (&output, bytes);
  channel_output_copy (&output, "c", 1);
  while (channel_output_take (&output, &piece, 1, 1) == 1) {
    g_string_append_len (got, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
    g_bytes_unref (piece);
  }
  g_assert_cmpuint (got->len, ==, 3002);
  g_assert_true (got->str[0] == 'a' && got->str[1] == 'b' && got->str[3001] == 'c');
  g_assert_null (output.tail); /* empty means no memory */
  g_assert_null (output.pieces.head);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autofree char *path = g_strconcat ("/channel-output/pieces/", cases[i].name, NULL);
    g_test_add_data_func (path, GUINT_TO_POINTER (i), test_pieces);
  }
  g_test_add_func ("/channel-output/order", test_order);
  return g_test_run ();
}
