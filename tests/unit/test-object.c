/* ObjectIDs: printed, read back, and not those of another database. */
#include "store/object.h"
#include "store-fixture.h"

static void
test_forms (void)
{
  static const struct {
    ObjectKind kind;
    guint32 epoch;
    gint64 id;
    const char *text;
  } cases[] = {
    { OBJECT_MAILBOX, 0, 1, "F00000000-1" },
    { OBJECT_MESSAGE, 0x5f3a8c01, 43, "M5f3a8c01-2b" },
    { OBJECT_THREAD, G_MAXUINT32, G_MAXINT64, "Tffffffff-7fffffffffffffff" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GString) out = g_string_new (NULL);
    object_print (out, cases[i].kind, cases[i].epoch, cases[i].id);
    g_assert_cmpstr (out->str, ==, cases[i].text);
    g_assert_cmpint (object_parse (out->str, cases[i].kind, cases[i].epoch), ==, cases[i].id);
  }
}

static void
test_strangers (void)
{
  static const char *const texts[] = { "",
                                       "M",
                                       "M-",
                                       "M00000007",
                                       "M00000007-",
                                       "M00000007-0",
                                       "M7-1",
                                       "M00000007-01",
                                       "M00000007-1x",
                                       "m00000007-1",
                                       "M00000007-A",
                                       "T00000007-1",
                                       "M00000008-1",
                                       "M00000007--1",
                                       "M00000007-8000000000000000" };

  g_assert_cmpint (object_parse ("M00000007-1", OBJECT_MESSAGE, 7), ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_cmpint (object_parse (texts[i], OBJECT_MESSAGE, 7), ==, 0);
}

static gboolean
ask (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  return object_epoch (store_snapshot_database (snapshot), data, error);
}

static void
test_epoch (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  guint32 before, after;

  store_read_sync (self->store, ask, &before, &error);
  g_assert_no_error (error);
  fixture_reopen (self);
  store_read_sync (self->store, ask, &after, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (before, ==, after);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/object/forms", test_forms);
  g_test_add_func ("/object/strangers", test_strangers);
  fixture_test ("/object/epoch", test_epoch);
  return g_test_run ();
}
