#include "imap/imap-resync.h"

#include <string.h>

/* The mailbox holds UIDs 3, 6, 9 … 30. */
static const struct {
  const char *path, *text;
  const char *unsure; /* NULL: malformed */
} cases[] = {
  { "/imap-resync/all", "(7 20)", "1:4294967295" },
  { "/imap-resync/known", "(7 20 1:5,8)", "1:5,8" },
  { "/imap-resync/fits", "(7 20 1:29 (1,5 3,15))", "16:29" },
  { "/imap-resync/fits-first", "(7 20 1:29 (1,5 3,16))", "4:29" },
  { "/imap-resync/fits-nowhere", "(7 20 1:29 (2:3 7:8))", "1:29" },
  { "/imap-resync/fits-ranges", "(7 20 1:29 (1,9:10 3,27,30))", "" },
  { "/imap-resync/samples-alone", "(7 20 (2 6))", "7:4294967295" },
  { "/imap-resync/unequal", "(7 20 1:29 (1:2 3))", "4:29" },
  { "/imap-resync/huge", "(7 20 1:29 (1:4294967294 1:4294967294))", "1:29" },
  { "/imap-resync/star", "(7 20 1:*)", NULL },
  { "/imap-resync/star-in-samples", "(7 20 1:5 (1 *))", NULL },
  { "/imap-resync/no-modseq", "(7)", NULL },
  { "/imap-resync/zero", "(0 20)", NULL },
  { "/imap-resync/zero-modseq", "(7 0)", NULL },
  { "/imap-resync/open", "(7 20", NULL },
  { "/imap-resync/half-samples", "(7 20 1:5 (1))", NULL },
  { "/imap-resync/bare", "7 20", NULL },
};

static ImapSequence *
make_sequence (void)
{
  g_autoptr (GArray) uids = g_array_new (FALSE, FALSE, sizeof (UidRange));

  for (guint32 uid = 3; uid <= 30; uid += 3)
    imap_set_add (uids, uid);
  return imap_sequence_new (uids);
}

static void
test_resync (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  ImapParser parser = imap_parser (cases[i].text, strlen (cases[i].text));
  g_autoptr (ImapResync) resync = imap_resync_parse (&parser);
  g_autoptr (ImapSequence) sequence = make_sequence ();
  g_autoptr (GArray) unsure = NULL;
  g_autoptr (GString) shown = g_string_new (NULL);

  g_assert_cmpint (resync != NULL, ==, cases[i].unsure != NULL);
  if (!resync)
    return;
  g_assert_cmpuint (resync->uid_validity, ==, 7);
  g_assert_cmpuint (resync->modseq, ==, 20);
  unsure = imap_resync_unsure (resync, sequence);
  imap_set_print_ranges (shown, unsure);
  g_assert_cmpstr (shown->str, ==, cases[i].unsure);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    g_test_add_data_func (cases[i].path, GSIZE_TO_POINTER (i), test_resync);
  return g_test_run ();
}
