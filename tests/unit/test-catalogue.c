/* MO files: msgfmt's own, and damaged ones. */
#include "catalogue.h"
#include <string.h>

/* Two texts in order; the second has two forms. */
static GBytes *
make (gboolean swapped)
{
  static const char texts[] = "\0day\0days\0one\0\0Tag\0Tage\0eins";
  static const struct {
    guint32 length, offset;
  } pairs[] = { { 0, 0 }, { 8, 1 }, { 3, 10 }, { 0, 14 }, { 8, 15 }, { 4, 24 } };
  const guint32 start = 28 + sizeof pairs;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint32 numbers[7 + 2 * G_N_ELEMENTS (pairs)] = { 0x950412de, 0, 3, 28, 28 + 3 * 8, 0, start };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++) {
    numbers[7 + 2 * i] = pairs[i].length;
    numbers[8 + 2 * i] = start + pairs[i].offset;
  }
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    if (swapped)
      numbers[i] = GUINT32_SWAP_LE_BE (numbers[i]);
  g_byte_array_append (bytes, (const guint8 *)numbers, sizeof numbers);
  g_byte_array_append (bytes, (const guint8 *)texts, sizeof texts);
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
test_find (gconstpointer data)
{
  g_autoptr (GBytes) bytes = make (GPOINTER_TO_INT (data));
  g_autoptr (Catalogue) catalogue = catalogue_new (bytes);

  g_assert_nonnull (catalogue);
  g_assert_cmpstr (catalogue_find (catalogue, "one", 0), ==, "eins");
  g_assert_cmpstr (catalogue_find (catalogue, "day", 0), ==, "Tag");
  g_assert_cmpstr (catalogue_find (catalogue, "day", 1), ==, "Tage");
  g_assert_null (catalogue_find (catalogue, "day", 2));
  g_assert_null (catalogue_find (catalogue, "two", 0));
  g_assert_null (catalogue_find (catalogue, "", 0));
}

/* Each byte changed, each length cut: whatever comes out, nothing outside is read. */
static void
test_damaged (void)
{
  g_autoptr (GBytes) whole = make (FALSE);
  gsize size;
  const guint8 *data = g_bytes_get_data (whole, &size);

  for (gsize i = 0; i < size; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    copy[i] ^= 0xff;
    g_autoptr (GBytes) changed = g_bytes_new (copy, size), cut = g_bytes_new (data, i);
    g_autoptr (Catalogue) first = catalogue_new (changed);
    g_autoptr (Catalogue) second = catalogue_new (cut);

    for (guint c = 0; c < 2; c++)
      if (c == 0 ? first != NULL : second != NULL) {
        catalogue_find (c == 0 ? first : second, "one", 0);
        catalogue_find (c == 0 ? first : second, "day", 1);
      }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/catalogue/find", GINT_TO_POINTER (FALSE), test_find);
  g_test_add_data_func ("/catalogue/find-swapped", GINT_TO_POINTER (TRUE), test_find);
  g_test_add_func ("/catalogue/damaged", test_damaged);
  return g_test_run ();
}
