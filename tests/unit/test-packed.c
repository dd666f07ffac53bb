#include "mail/packed.h"
#include <string.h>

static void
test_numbers (void)
{
  static const struct {
    guint64 number;
    guint length;
  } cases[] = { { 0, 1 }, { 127, 1 }, { 128, 2 }, { 16384, 3 }, { G_MAXUINT64, 10 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    packed_put_number (out, cases[i].number);
    PackedReader reader = { out->data, out->data + out->len, FALSE };

    g_assert_cmpuint (out->len, ==, cases[i].length);
    g_assert_cmpuint (packed_get_number (&reader), ==, cases[i].number);
    g_assert_true (reader.next == reader.end && !reader.is_damaged);
  }
}

static void
test_signed (void)
{
  static const gint64 cases[] = { 0, -1, 1, -64, 63, G_MININT64, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GByteArray) out = g_byte_array_new ();
    packed_put_signed (out, cases[i]);
    PackedReader reader = { out->data, out->data + out->len, FALSE };

    g_assert_cmpint (packed_get_signed (&reader), ==, cases[i]);
    g_assert_false (reader.is_damaged);
  }
}

static void
test_bytes (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  packed_put_bytes (out, "abc", 3);
  PackedReader reader = { out->data, out->data + out->len, FALSE };
  guint64 size = packed_get_number (&reader);
  const guint8 *bytes = packed_get_bytes (&reader, size);

  g_assert_cmpmem (bytes, size, "abc", 3);
  g_assert_true (reader.next == reader.end && !reader.is_damaged);
}

/* What is cut off or longer than a number can be is damage, and nothing is read behind the end. */
static void
test_damage (void)
{
  static const guint8 endless[] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1 };
  PackedReader cut = { endless, endless + 3, FALSE };
  PackedReader is_long = { endless, endless + sizeof endless, FALSE };
  PackedReader few = { endless, endless + 3, FALSE };

  packed_get_number (&cut);
  g_assert_true (cut.is_damaged);
  packed_get_number (&is_long);
  g_assert_true (is_long.is_damaged);
  g_assert_null (packed_get_bytes (&few, 4));
  g_assert_true (few.is_damaged && few.next == endless);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/packed/numbers", test_numbers);
  g_test_add_func ("/packed/signed", test_signed);
  g_test_add_func ("/packed/bytes", test_bytes);
  g_test_add_func ("/packed/damage", test_damage);
  return g_test_run ();
}
