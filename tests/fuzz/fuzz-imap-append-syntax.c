/* Pieces of an APPEND, one a line. */
#include "imap/imap-append-syntax.h"
#include "imap/imap-url.h"
#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (imap_append_step_free);
  ImapAppendSyntax syntax = { 0 };
  gboolean first = TRUE;

  while (size > 0) {
    const guint8 *end = memchr (data, '\n', size);
    gsize length = end ? (gsize)(end - data) : size;
    ImapParser parser = imap_parser (data, length);
    imap_append_announces (first ? NULL : &syntax, data, length);
    if ((first && !imap_append_read_command (&parser, &syntax))
        || !imap_append_read (&syntax, &parser, steps))
      break;
    first = FALSE;
    data += MIN (size, length + 1);
    size -= MIN (size, length + 1);
  }
  for (guint i = 0; i < steps->len; i++) {
    const ImapAppendStep *step = g_ptr_array_index (steps, i);
    g_autoptr (ImapUrl) url = step->url ? imap_url_parse (step->url) : NULL;
    g_assert_true (!url || url->uid > 0);
  }
  imap_append_syntax_clear (&syntax);
  return 0;
}
