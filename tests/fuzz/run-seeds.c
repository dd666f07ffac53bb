/* Gives a fuzzer's function each file of a folder: the seeds run as a test, without libFuzzer. */
#include "platform/file.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) names = NULL;

  g_assert_cmpint (argc, ==, 2);
  names = file_list (argv[1], NULL);
  g_assert_true (names && names->len > 0);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);
    g_autoptr (GBytes) bytes = file_map (path, NULL);
    /* A copy of exactly that many bytes: reading over its end is seen. */
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

    LLVMFuzzerTestOneInput (copy, g_bytes_get_size (bytes));
  }
  return 0;
}
