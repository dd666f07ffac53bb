#include "imap/imap-metadata.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  ImapParser parser = imap_parser (data, size), values = parser;
  g_autoptr (ImapMetadata) wanted = imap_metadata_new ();
  g_autoptr (ImapMetadata) given = imap_metadata_new ();
  g_autoptr (GString) out = g_string_new (NULL);

  if (imap_metadata_options (&parser, wanted))
    (void)imap_parser_space (&parser);
  (void)imap_metadata_entries (&parser, wanted);
  if (!imap_metadata_values (&values, given))
    return 0;
  for (guint i = 0; i < given->entries->len; i++) {
    const ImapAnnotation *entry = g_ptr_array_index (given->entries, i);
    gsize length = 0;
    const guint8 *value = entry->value ? g_bytes_get_data (entry->value, &length) : NULL;
    imap_metadata_print (out, entry->name, value, length);
  }
  return 0;
}
