/* Programs as the administrator: who is one already is not asked, so the tests are. */
#include "platform/elevate.h"

static void
test_missing (void)
{
  g_autoptr (GError) error = NULL;
  const char *const none[] = { NULL };

  g_assert_false (elevate_has_program ("hauspost-that-nobody-has"));
  g_assert_null (elevate_run ("hauspost-that-nobody-has", none, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static GString *printed;

static void
keep (const char *text)
{
  g_string_append (printed, text);
}

static void
test_answer (void)
{
  GPrintFunc before;

  printed = g_string_new (NULL);
  before = g_set_print_handler (keep);
  g_assert_true (elevate_answer (NULL, "{\"a\": 1}", NULL));
  g_set_print_handler (before);
  g_assert_cmpstr (printed->str, ==, "{\"a\": 1}\n");
  g_string_free (printed, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/elevate/missing", test_missing);
  g_test_add_func ("/elevate/answer", test_answer);
  return g_test_run ();
}
