#include "imap/imap-sequence.h"

#include <string.h>

/* "1:3 7 9:10" */
static GArray *
uids_of (const char *text)
{
  GArray *uids = g_array_new (FALSE, FALSE, sizeof (UidRange));
  g_auto (GStrv) words = g_strsplit (text, " ", -1);

  for (guint i = 0; words[i] && *words[i]; i++) {
    const char *colon = strchr (words[i], ':');
    UidRange range = { (guint32)atoi (words[i]), (guint32)atoi (colon ? colon + 1 : words[i]) };
    g_array_append_val (uids, range);
  }
  return uids;
}

static ImapSequence *
sequence_of (const char *text)
{
  g_autoptr (GArray) uids = uids_of (text);

  return imap_sequence_new (uids);
}

static void
assert_is (ImapSequence *sequence, const char *text)
{
  g_autoptr (GArray) uids = uids_of (text);
  guint32 number = 0, last = 0;

  for (guint i = 0; i < uids->len; i++) {
    const UidRange *range = &g_array_index (uids, UidRange, i);
    for (guint32 gap = last + 1; gap < range->first; gap++)
      g_assert_cmpuint (imap_sequence_number (sequence, gap), ==, 0);
    for (last = range->first - 1; last < range->last;) {
      last++;
      g_assert_cmpuint (imap_sequence_number (sequence, last), ==, ++number);
      g_assert_cmpuint (imap_sequence_uid (sequence, number), ==, last);
    }
  }
  g_assert_cmpuint (imap_sequence_count (sequence), ==, number);
  g_assert_cmpuint (imap_sequence_last_uid (sequence), ==, last);
  g_assert_cmpuint (imap_sequence_uid (sequence, number + 1), ==, 0);
  g_assert_cmpuint (imap_sequence_uid (sequence, 0), ==, 0);
  g_assert_cmpuint (imap_sequence_number (sequence, last + 1), ==, 0);
}

static const struct {
  const char *path, *before, *removed, *after;
} removals[] = {
  { "/imap-sequence/remove/none", "1:3 7", "", "1:3 7" },
  { "/imap-sequence/remove/absent", "1:3 7", "5 8:9", "1:3 7" },
  { "/imap-sequence/remove/first", "1:3 7", "1", "2:3 7" },
  { "/imap-sequence/remove/last", "1:3 7", "7", "1:3" },
  { "/imap-sequence/remove/middle", "1:9", "5", "1:4 6:9" },
  { "/imap-sequence/remove/across", "1:3 7 9:12", "2:10", "1 11:12" },
  { "/imap-sequence/remove/many", "1:20", "2 4 6:8 19:20", "1 3 5 9:18" },
  { "/imap-sequence/remove/all", "1:3 7", "1:100", "" },
  { "/imap-sequence/remove/of-nothing", "", "1:100", "" },
};

static void
test_remove (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ImapSequence) sequence = sequence_of (removals[i].before);
  g_autoptr (GArray) removed = uids_of (removals[i].removed);

  assert_is (sequence, removals[i].before);
  imap_sequence_remove (sequence, removed);
  assert_is (sequence, removals[i].after);
}

static void
test_append (void)
{
  g_autoptr (ImapSequence) sequence = sequence_of ("");

  imap_sequence_append (sequence, 4);
  imap_sequence_append (sequence, 5);
  imap_sequence_append (sequence, 9);
  assert_is (sequence, "4:5 9");
}

static const struct {
  const char *path, *uids, *set;
  gboolean by_uid;
  const char *runs; /* "first:last=number"; NULL: refused */
} choices[] = {
  { "/imap-sequence/select/numbers", "2:4 8:9", "2:4", FALSE, "3:4=2 8:8=4" },
  { "/imap-sequence/select/uids", "2:4 8:9", "3:8", TRUE, "3:4=2 8:8=4" },
  { "/imap-sequence/select/all", "2:4 8:9", "1:*", FALSE, "2:4=1 8:9=4" },
  { "/imap-sequence/select/all-uids", "2:4 8:9", "1:*", TRUE, "2:4=1 8:9=4" },
  { "/imap-sequence/select/star", "2:4 8:9", "*", FALSE, "9:9=5" },
  { "/imap-sequence/select/star-uid", "2:4 8:9", "*", TRUE, "9:9=5" },
  { "/imap-sequence/select/beyond-star-uid", "2:4 8:9", "100:*", TRUE, "9:9=5" },
  { "/imap-sequence/select/gap-uid", "2:4 8:9", "5:7", TRUE, "" },
  { "/imap-sequence/select/overlap", "2:4 8:9", "1:3,2:4", FALSE, "2:4=1 8:8=4" },
  { "/imap-sequence/select/beyond", "2:4 8:9", "1:6", FALSE, NULL },
  { "/imap-sequence/select/beyond-star", "2:4 8:9", "6:*", FALSE, NULL },
  { "/imap-sequence/select/empty", "", "1:*", FALSE, "" },
  { "/imap-sequence/select/empty-beyond", "", "1", FALSE, NULL },
  { "/imap-sequence/select/empty-uid", "", "1:*", TRUE, "" },
};

static void
test_select (gconstpointer data)
{
  gsize i = GPOINTER_TO_SIZE (data);
  g_autoptr (ImapSequence) sequence = sequence_of (choices[i].uids);
  ImapParser parser = imap_parser (choices[i].set, strlen (choices[i].set));
  g_autoptr (GArray) set = imap_set_parse (&parser);
  g_autoptr (GArray) runs = imap_sequence_select (sequence, set, choices[i].by_uid);
  g_autoptr (GString) out = g_string_new (NULL);

  if (!choices[i].runs) {
    g_assert_null (runs);
    return;
  }
  for (guint k = 0; k < runs->len; k++) {
    const ImapRun *run = &g_array_index (runs, ImapRun, k);
    g_string_append_printf (out, "%s%u:%u=%u", k ? " " : "", run->first, run->last, run->number);
  }
  g_assert_cmpstr (out->str, ==, choices[i].runs);
}

static void
test_against_array (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (ImapSequence) sequence = sequence_of ("");
  g_autoptr (GArray) model = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 next = 1;

  for (guint round = 0; round < 300; round++) {
    g_autoptr (GArray) removed = g_array_new (FALSE, FALSE, sizeof (UidRange));
    for (guint i = 0; i < 20; i++, next += 1 + (g_rand_int_range (random, 0, 4) == 0)) {
      imap_sequence_append (sequence, next);
      g_array_append_val (model, next);
    }
    for (guint i = 0; i < model->len;) {
      guint32 uid = g_array_index (model, guint32, i);
      if (g_rand_int_range (random, 0, 5) == 0) {
        imap_set_add (removed, uid);
        g_array_remove_index (model, i);
      } else {
        i++;
      }
    }
    imap_sequence_remove (sequence, removed);
    g_assert_cmpuint (imap_sequence_count (sequence), ==, model->len);
    for (guint i = 0; i < model->len; i++) {
      guint32 uid = g_array_index (model, guint32, i);
      g_assert_cmpuint (imap_sequence_uid (sequence, i + 1), ==, uid);
      g_assert_cmpuint (imap_sequence_number (sequence, uid), ==, i + 1);
    }
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (removals); i++)
    g_test_add_data_func (removals[i].path, GSIZE_TO_POINTER (i), test_remove);
  g_test_add_func ("/imap-sequence/append", test_append);
  for (gsize i = 0; i < G_N_ELEMENTS (choices); i++)
    g_test_add_data_func (choices[i].path, GSIZE_TO_POINTER (i), test_select);
  g_test_add_func ("/imap-sequence/against-array", test_against_array);
  return g_test_run ();
}
