/* Brings the root's keys into the data folder. */
#include "net/dns-anchor.h"
#include "platform/file.h"
#include <string.h>

/* The key-signing keys of 2017 and 2024 (https://data.iana.org/root-anchors/root-anchors.xml, key
 * tags 20326 and 38696). */
static const char root_keys[]
    = ". IN DNSKEY 257 3 8 "
      "AwEAAaz/tAm8yTn4Mfeh5eyI96WSVexTBAvkMgJzkKTOiW1vkIbzxeF3+/4RgWOq7HrxRixHlFlExOLAJr5e"
      "mLvN7SWXgnLh4+B5xQlNVz8Og8kvArMtNROxVQuCaSnIDdD5LKyWbRd2n9WGe2R8PzgCmr3EgVLrjyBxWezF"
      "0jLHwVN8efS3rCj/EWgvIWgb9tarpVUDK/b58Da+sqqls3eNbuv7pr+eoZG+SrDK6nWeL3c6H5Apxz7LjVc1"
      "uTIdsIXxuOLYA4/ilBmSVIzuDWfdRUfhHdY6+cn8HFRm+2hM8AnXGXws9555KrUB5qihylGa8subX2Nn6UwN"
      "R1AkUTV74bU=\n"
      ". IN DNSKEY 257 3 8 "
      "AwEAAa96jeuknZlaeSrvyAJj6ZHv28hhOKkx3rLGXVaC6rXTsDc449/cidltpkyGwCJNnOAlFNKF2jBosZBU"
      "5eeHspaQWOmOElZsjICMQMC3aeHbGiShvZsx4wMYSjH8e7Vrhbu6irwCzVBApESjbUdpWWmEnhathWu1jo+s"
      "iFUiRAAxm9qyJNg/wOZqqzL/dL/q8PkcRU5oUKEpUge71M3ej2/7CPqpdVwuMoTvoB+ZOT4YeGyxMvHmbrxl"
      "FzGOHOijtzN+u1TQNatX2XBuzZNQ1K+s2CXkPIZo7s6JgZyvaBevYtxPvYLw4z9mR7K2vaF18UYH9Z9GNUUe"
      "ayffKC73PYc=\n";

static gboolean
is_there (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (File) file = file_open (path, FILE_MODE_READ, &error);
  guint64 size = 0;

  return file != NULL && file_size (file, &size, &error) && size > 0;
}

char *
dns_anchor_prepare (const char *folder, GError **error)
{
  g_autofree char *path = g_build_filename (folder, "root.key", NULL);
  g_autoptr (GBytes) bytes = g_bytes_new_static (root_keys, strlen (root_keys));

  if (!file_make_folder (folder, error))
    return NULL;
  if (!is_there (path) && !file_replace (path, bytes, error))
    return NULL;
  return g_steal_pointer (&path);
}
