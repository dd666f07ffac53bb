#include "net/channel-deflate.h"

#include <gio/gio.h>
#include <string.h>

static GByteArray *
pack (const char *text, gsize length)
{
  ChannelOutput plain = { 0 }, packed = { 0 };
  GByteArray *bytes = g_byte_array_new ();
  GBytes *piece;

  channel_output_copy (&plain, text, length);
  channel_deflate_pack (&plain, &packed, G_MAXSIZE);
  g_assert_cmpuint (plain.length, ==, 0);
  while (channel_output_take (&packed, &piece, 1, 1) == 1) {
    g_byte_array_append (bytes, g_bytes_get_data (piece, NULL), g_bytes_get_size (piece));
    g_bytes_unref (piece);
  }
  return bytes;
}

static void
unpack (ChannelDeflate *deflate, GString *out, gsize at_once)
{
  g_autofree guint8 *bytes = g_malloc (at_once);
  g_autoptr (GError) error = NULL;

  while (!channel_deflate_is_hungry (deflate)) {
    gssize count = channel_deflate_unpack (deflate, bytes, at_once, &error);
    g_assert_no_error (error);
    g_string_append_len (out, (const char *)bytes, count);
  }
}

/* Several bursts, with a rest after each, byte by byte. */
static void
test_bursts (void)
{
  static const char *const texts[] = { "a1 NOOP\r\n", "", "a1 NOOP\r\na2 NOOP\r\n", "x" };
  g_autoptr (ChannelDeflate) deflate = channel_deflate_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GByteArray) packed = pack (texts[i], strlen (texts[i]));
    g_autoptr (GString) out = g_string_new (NULL);
    for (guint at = 0; at < packed->len; at++) {
      channel_deflate_feed (deflate, packed->data + at, 1);
      unpack (deflate, out, 3);
    }
    g_assert_cmpstr (out->str, ==, texts[i]);
    g_assert_cmpuint (channel_deflate_rest (deflate), <, 100);
  }
}

/* A megabyte out of a kilobyte comes in bounded pieces. */
static void
test_bomb (void)
{
  g_autofree char *zeros = g_malloc0 (1 << 20);
  g_autoptr (GByteArray) packed = pack (zeros, 1 << 20);
  g_autoptr (ChannelDeflate) deflate = channel_deflate_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_cmpuint (packed->len, <, 16 * 1024);
  channel_deflate_feed (deflate, packed->data, packed->len);
  g_assert_false (channel_deflate_is_hungry (deflate));
  unpack (deflate, out, 1000);
  g_assert_cmpuint (out->len, ==, 1 << 20);
  g_assert_cmpuint (channel_deflate_rest (deflate), <=, 33 * 1024);
}

static void
test_broken (void)
{
  static const guint8 bytes[] = { 0xff, 0xff, 0xff, 0xff };
  g_autoptr (ChannelDeflate) deflate = channel_deflate_new ();
  g_autoptr (GError) error = NULL;
  guint8 out[10];

  channel_deflate_feed (deflate, bytes, sizeof bytes);
  g_assert_cmpint (channel_deflate_unpack (deflate, out, sizeof out, &error), ==, -1);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/channel-deflate/bursts", test_bursts);
  g_test_add_func ("/channel-deflate/bomb", test_bomb);
  g_test_add_func ("/channel-deflate/broken", test_broken);
  return g_test_run ();
}
