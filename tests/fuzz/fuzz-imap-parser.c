/* Input of a session in small pieces, and every kind of word read from each command. */
#include "imap/imap-input.h"
#include "imap/imap-items.h"
#include "imap/imap-set.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static gboolean
take_flag (ImapParser *parser, gpointer data)
{
  g_autofree char *flag = imap_parser_flag (parser);

  return flag != NULL;
}

static void
read_all (ImapParser parser)
{
  g_autofree char *tag = imap_parser_tag (&parser);

  while (!imap_parser_at_end (&parser)) {
    ImapParser here = parser;
    g_autofree char *text = imap_parser_astring (&parser);
    g_autofree char *pattern = imap_parser_list_mailbox (&here);
    g_autoptr (GArray) set = imap_set_parse (&here);
    g_autoptr (GArray) resolved = set ? imap_set_resolve (set, 7) : NULL;
    g_autoptr (ImapItems) items = imap_items_parse (&here);
    g_autofree char *mailbox = imap_parser_mailbox (&here);
    gint64 seconds;
    gint16 zone;

    imap_parser_date_time (&here, &seconds, &zone);
    imap_parser_date (&here, &seconds);
    imap_parser_list (&here, take_flag, NULL);
    g_assert_cmpuint (parser.position, <=, parser.length);
    g_assert_cmpuint (here.position, <=, here.length);
    if (!text)
      parser.position++;
  }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (ImapInput) input = imap_input_new ();

  for (gsize at = 0; at < size;) {
    ImapInputEvent event;
    gsize length, taken = imap_input_feed (input, data + at, MIN (size - at, 7), 100, &event);
    const guint8 *text = imap_input_text (input, &length);

    g_assert_cmpuint (taken, >, 0);
    at += taken;
    if (event == IMAP_INPUT_COMMAND)
      read_all (imap_parser (text, length));
    if (event == IMAP_INPUT_MESSAGE || event == IMAP_INPUT_OVERFLOW)
      break;
    if (event == IMAP_INPUT_COMMAND || event == IMAP_INPUT_REFUSED) {
      imap_input_free (input);
      input = imap_input_new ();
    }
  }
  return 0;
}
