/* Tests of daemon/policy/block-lists.c with a DNS that does not answer: no list
 * counts. Lists that answer are in tests/authentication/defences.py. */
#include "policy/block-lists.h"
#include "settings.h"

static void
test_silent (void)
{
  g_autofree char *folder = g_dir_make_tmp ("block-lists-XXXXXX", NULL);
  const DnsOptions options = { folder, "127.0.0.1@1" };
  g_autoptr (Dns) dns = dns_new (&options, NULL);
  g_autoptr (BlockLists) lists = NULL;
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GPtrArray) good = NULL;

  setting_set (SETTING_SMTP_BLOCK_LISTS, "One.example  two.example", NULL);
  lists = block_lists_new (dns);
  all = block_lists_describe (lists);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((BlockListStatus *)all->pdata[0])->zone, ==, "one.example");
  g_assert_cmpint (((BlockListStatus *)all->pdata[0])->state, ==, BLOCK_LIST_UNTESTED);
  g_assert_false (block_lists_are_there (lists));
  good = block_lists_good (lists, TRUE);
  g_assert_cmpuint (good->len, ==, 0);
  block_lists_switch_off (lists, "two.example", BLOCK_LIST_CLOSED);
  block_lists_switch_off (lists, "unknown.example", BLOCK_LIST_CLOSED);
  g_ptr_array_unref (all);
  all = block_lists_describe (lists);
  g_assert_cmpint (((BlockListStatus *)all->pdata[1])->state, ==, BLOCK_LIST_CLOSED);
}

/* A name that the DNS cannot have is refused before it is a list. */
static void
test_setting (void)
{
  g_assert_false (setting_set (SETTING_SMTP_BLOCK_LISTS, "bl.example zen", NULL));
  g_assert_false (setting_set (SETTING_SMTP_BLOCK_LISTS, "bl..example", NULL));
  g_assert_false (setting_set (SETTING_SMTP_BLOCK_LISTS, "bl.example:53", NULL));
  g_assert_true (setting_set (SETTING_SMTP_BLOCK_LISTS, "", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block-lists/silent", test_silent);
  g_test_add_func ("/block-lists/setting", test_setting);
  return g_test_run ();
}
