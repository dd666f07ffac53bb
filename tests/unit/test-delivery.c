/* Answers come in the context that they were sent to, in order, a batch with one wake-up. */
#include "store/delivery.h"

static GString *seen;

static void
note (gpointer data)
{
  g_string_append (seen, data);
}

static void
drain (GMainContext *context)
{
  while (g_main_context_iteration (context, FALSE))
    ;
}

static void
test_order (void)
{
  g_autoptr (Delivery) delivery = delivery_new ();
  g_autoptr (GMainContext) one = g_main_context_new (), two = g_main_context_new ();

  seen = g_string_new (NULL);
  delivery_send (delivery, one, note, (gpointer) "a");
  delivery_send (delivery, two, note, (gpointer) "x");
  delivery_send (delivery, one, note, (gpointer) "b");
  drain (one);
  g_assert_cmpstr (seen->str, ==, ""); /* not before the flush */
  delivery_flush (delivery);
  g_assert_true (g_main_context_iteration (one, FALSE));
  g_assert_cmpstr (seen->str, ==, "ab");
  drain (two);
  g_assert_cmpstr (seen->str, ==, "abx");
  delivery_send (delivery, one, note, (gpointer) "c");
  delivery_flush (delivery);
  drain (one);
  g_assert_cmpstr (seen->str, ==, "abxc");
  g_assert_false (g_main_context_pending (one));
  g_string_free (seen, TRUE);
}

/* What was sent before the end still arrives; then nothing is left. */
static void
test_free (void)
{
  Delivery *delivery = delivery_new ();
  g_autoptr (GMainContext) context = g_main_context_new ();

  seen = g_string_new (NULL);
  delivery_send (delivery, context, note, (gpointer) "last");
  delivery_free (delivery);
  drain (context);
  g_assert_cmpstr (seen->str, ==, "last");
  g_assert_false (g_main_context_pending (context));
  g_string_free (seen, TRUE);
}

static gint arrived;

static void
count (gpointer data)
{
  g_atomic_int_inc (&arrived);
}

static gpointer
send_many (gpointer delivery)
{
  for (guint i = 0; i < 10000; i++) {
    delivery_send (delivery, g_main_context_default (), count, NULL);
    if (i % 7 == 0)
      delivery_flush (delivery);
  }
  delivery_flush (delivery);
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (Delivery) delivery = delivery_new ();
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("sender", send_many, delivery);
  while (g_atomic_int_get (&arrived) < 40000)
    g_main_context_iteration (NULL, TRUE);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  g_assert_cmpint (arrived, ==, 40000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/delivery/order", test_order);
  g_test_add_func ("/delivery/free", test_free);
  g_test_add_func ("/delivery/threads", test_threads);
  return g_test_run ();
}
