/* A key record as the DNS has it, for each algorithm; and its tags. */
#include "policy/dkim-key.h"
#include "policy/tag-list.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (TagList) tags = tag_list_parse (text);
  g_autoptr (GBytes) mark = g_bytes_new (data, MIN (size, 256));

  g_assert_true (tags == NULL || (tags->tags->len > 0 && tags->tags->len <= TAGS_MAX));
  for (DkimAlgorithm algorithm = DKIM_RSA_SHA256; algorithm <= DKIM_ED25519_SHA256; algorithm++) {
    const char *problem;
    g_autoptr (DkimKey) key = dkim_key_parse (text, algorithm, &problem);

    g_assert_true ((key == NULL) == (problem != NULL));
    if (key == NULL)
      continue;
    g_assert_cmpint (EVP_PKEY_get_bits (key->key), >=, algorithm == DKIM_RSA_SHA256 ? 1024 : 256);
    g_assert_cmpint (EVP_PKEY_get_bits (key->key), <=, 4096);
    dkim_key_verify (key, data, size, mark);
  }
  return 0;
}
