#include "imap/imap-items.h"

#include <string.h>

#define FAST (IMAP_ITEM_FLAGS | IMAP_ITEM_DATE | IMAP_ITEM_SIZE)

static const struct {
  const char *path, *input;
  gboolean good;
  guint what, sections;
  gboolean marks_seen;
} items[] = {
  { "/imap-items/flags", "FLAGS", TRUE, IMAP_ITEM_FLAGS },
  { "/imap-items/all", "all", TRUE, FAST | IMAP_ITEM_ENVELOPE },
  { "/imap-items/full", "FULL", TRUE, FAST | IMAP_ITEM_ENVELOPE | IMAP_ITEM_BODY },
  { "/imap-items/fast", "FAST", TRUE, FAST },
  { "/imap-items/list", "(UID BODYSTRUCTURE)", TRUE, IMAP_ITEM_UID | IMAP_ITEM_STRUCTURE },
  { "/imap-items/body", "BODY", TRUE, IMAP_ITEM_BODY },
  { "/imap-items/section", "BODY[]", TRUE, 0, 1, TRUE },
  { "/imap-items/peek", "(BODY.PEEK[] UID)", TRUE, IMAP_ITEM_UID, 1 },
  { "/imap-items/rfc822", "RFC822", TRUE, 0, 1, TRUE },
  { "/imap-items/rfc822-header", "RFC822.HEADER", TRUE, 0, 1 },
  { "/imap-items/rfc822-text", "RFC822.TEXT", TRUE, 0, 1, TRUE },
  { "/imap-items/rfc822-size", "RFC822.SIZE", TRUE, IMAP_ITEM_SIZE },
  { "/imap-items/ids", "(EMAILID THREADID)", TRUE, IMAP_ITEM_EMAIL_ID | IMAP_ITEM_THREAD_ID },
  { "/imap-items/save-date", "SAVEDATE", TRUE, IMAP_ITEM_SAVE_DATE },
  { "/imap-items/preview", "PREVIEW", TRUE, IMAP_ITEM_PREVIEW },
  { "/imap-items/preview-in-list", "(PREVIEW UID)", TRUE, IMAP_ITEM_PREVIEW | IMAP_ITEM_UID },
  { "/imap-items/lazy", "PREVIEW (LAZY)", TRUE, IMAP_ITEM_PREVIEW | IMAP_ITEM_LAZY },
  { "/imap-items/lazy-in-list", "(preview (lazy) UID)", TRUE,
    IMAP_ITEM_PREVIEW | IMAP_ITEM_LAZY | IMAP_ITEM_UID },
  { "/imap-items/no-modifier", "(PREVIEW ())", FALSE },
  { "/imap-items/binary", "BINARY[1]<0.5>", TRUE, 0, 1, TRUE },
  { "/imap-items/binary-peek", "(BINARY.PEEK[] BINARY.SIZE[1.2])", TRUE, 0, 2 },
  { "/imap-items/binary-header", "BINARY[HEADER]", FALSE },
  { "/imap-items/binary-size-partial", "(BINARY.SIZE[1]<0.5>)", FALSE },
  { "/imap-items/empty-list", "()", FALSE },
  { "/imap-items/macro-in-list", "(ALL)", FALSE },
  { "/imap-items/unknown", "MODSEQS", FALSE },
  { "/imap-items/peek-without-section", "BODY.PEEK", FALSE },
  { "/imap-items/nested", "((UID))", FALSE },
};

static void
test_items (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  ImapParser parser = imap_parser (items[i].input, strlen (items[i].input));
  g_autoptr (ImapItems) parsed = imap_items_parse (&parser);

  g_assert_cmpint (parsed != NULL, ==, items[i].good);
  if (!parsed)
    return;
  g_assert_true (imap_parser_at_end (&parser));
  g_assert_cmpuint (parsed->what, ==, items[i].what);
  g_assert_cmpuint (parsed->sections->len, ==, items[i].sections);
  g_assert_cmpint (imap_items_mark_seen (parsed), ==, items[i].marks_seen);
  g_assert_cmpint (
      imap_items_need_summary (parsed), ==,
      items[i].sections > 0
          || (items[i].what
              & (IMAP_ITEM_ENVELOPE | IMAP_ITEM_BODY | IMAP_ITEM_STRUCTURE | IMAP_ITEM_PREVIEW)));
}

static void
test_too_many (void)
{
  g_autoptr (GString) text = g_string_new ("(UID");
  ImapParser parser;

  for (guint i = 0; i < IMAP_SECTIONS_MAX + 1; i++)
    g_string_append (text, " BODY[]");
  g_string_append_c (text, ')');
  parser = imap_parser (text->str, text->len);
  g_assert_null (imap_items_parse (&parser));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (items); i++)
    g_test_add_data_func (items[i].path, GSIZE_TO_POINTER (i), test_items);
  g_test_add_func ("/imap-items/too-many", test_too_many);
  return g_test_run ();
}
