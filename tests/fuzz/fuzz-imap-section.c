/* A section, named again and looked up in a message: the input behind an empty line. */
#include "imap/imap-section.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  const guint8 *line = memchr (data, '\n', size);
  gsize skip = line ? (gsize)(line - data) + 1 : size;
  ImapParser parser = imap_parser (data, line ? skip - 1 : size);
  g_autoptr (ImapSection) section = imap_section_parse (&parser, TRUE);
  g_autoptr (GBytes) bytes = summary_new (data + skip, size - skip);
  g_autoptr (Summary) summary = summary_open (bytes);
  g_autoptr (GByteArray) chosen = NULL;
  g_autoptr (GString) name = g_string_new (NULL);
  ByteRange range;

  g_assert_nonnull (summary);
  if (!section)
    return 0;
  imap_section_print (section, name);
  if (!imap_section_range (section, summary, size - skip, &range))
    return 0;
  g_assert_cmpuint (range.offset + range.length, <=, size - skip);
  chosen = imap_section_choose (section, data + skip + range.offset, range.length);
  imap_section_cut (section, &range);
  g_assert_cmpuint (range.offset + range.length, <=, size - skip);
  return 0;
}
