/* Tests of daemon/policy/block-listing.c with a DNS that does not answer: nobody is kept out,
 * nobody waits. Lists that answer are in tests/authentication/defences.py. */
#include "policy/block-listing.h"
#include "settings.h"

static void
did_ask (GObject *source, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **)data = g_object_ref (result);
}

/* Who asks, and how it ends. */
typedef struct {
  Dns *dns;
  BlockLists *lists;
  GInetAddress *peer;
  char *folder;
} Gate;

static void
set_up (Gate *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("block-listing-XXXXXX", NULL);
  self->dns = dns_new (&(const DnsOptions) { self->folder, "127.0.0.1@1" }, NULL);
  self->peer = g_inet_address_new_from_string ("192.0.2.1");
  g_assert_true (setting_set (SETTING_SMTP_BLOCK_LISTS, "one.example two.example", NULL));
  self->lists = block_lists_new (self->dns);
}

static void
tear_down (Gate *self, gconstpointer data)
{
  block_lists_free (self->lists);
  dns_free (self->dns);
  g_object_unref (self->peer);
  g_free (self->folder);
}

static void
test_silent (Gate *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  block_listing_ask_async (self->lists, self->peer, NULL, did_ask, &result);
  g_assert_null (result); /* not within the call */
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (block_listing_ask_finish (result, &error));
  g_assert_no_error (error);
}

static void
test_cancelled (Gate *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  block_listing_ask_async (self->lists, self->peer, cancellable, did_ask, &result);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (block_listing_ask_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/block-listing/silent", Gate, NULL, set_up, test_silent, tear_down);
  g_test_add ("/block-listing/cancelled", Gate, NULL, set_up, test_cancelled, tear_down);
  return g_test_run ();
}
