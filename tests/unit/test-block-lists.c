/* Tests of daemon/policy/block-lists.c with a DNS that does not answer: nobody is kept out, nobody
 * waits. Lists that answer are in tests/authentication/defences.py. */
#include "policy/block-lists.h"
#include "settings.h"

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

static void
test_silent (void)
{
  g_autofree char *folder = g_dir_make_tmp ("block-lists-XXXXXX", NULL);
  const DnsOptions options = { folder, "127.0.0.1@1" };
  g_autoptr (Dns) dns = dns_new (&options, NULL);
  g_autoptr (GInetAddress) peer = g_inet_address_new_from_string ("192.0.2.1");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BlockLists) lists = NULL;
  g_autoptr (GPtrArray) all = NULL;

  setting_set (SETTING_SMTP_BLOCK_LISTS, "One.example  two.example", NULL);
  lists = block_lists_new (dns);
  all = block_lists_describe (lists);
  g_assert_cmpuint (all->len, ==, 2);
  g_assert_cmpstr (((BlockListStatus *)all->pdata[0])->zone, ==, "one.example");
  g_assert_cmpint (((BlockListStatus *)all->pdata[0])->state, ==, BLOCK_LIST_UNTESTED);
  g_assert_false (block_lists_are_there (lists));
  block_lists_ask_async (lists, peer, NULL, did_ask, &result);
  g_assert_null (result); /* not within the call */
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (block_lists_ask_finish (result, &error));
  g_assert_no_error (error);
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
