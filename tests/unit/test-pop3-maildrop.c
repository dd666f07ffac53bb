/* Tests of daemon/pop3/pop3-maildrop.c. */
#include "pop3/pop3-maildrop.h"
#include "store-fixture.h"

static Pop3Maildrop *
read_maildrop (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  Pop3Maildrop *maildrop = pop3_maildrop_new (self->account);

  store_read_sync (self->store, pop3_maildrop_read, maildrop, &error);
  g_assert_no_error (error);
  return maildrop;
}

static void
test_marks (Fixture *self, gconstpointer data)
{
  g_autoptr (Pop3Maildrop) maildrop = NULL;
  g_autoptr (GArray) marked = NULL;
  gboolean is_deleted;

  for (guint i = 0; i < 5; i++)
    fixture_add (self, self->inbox, "A: b\r\n\r\nx", 0);
  maildrop = read_maildrop (self);
  g_assert_cmpuint (maildrop->live, ==, 5);
  g_assert_cmpuint (maildrop->size, ==, 45);
  g_assert_null (pop3_maildrop_find (maildrop, 0, &is_deleted));
  g_assert_null (pop3_maildrop_find (maildrop, 6, &is_deleted));
  g_assert_null (pop3_maildrop_find (maildrop, G_MAXUINT64, &is_deleted));
  for (guint number = 1; number <= 4; number += number == 2 ? 2 : 1)
    pop3_maildrop_mark (maildrop, pop3_maildrop_find (maildrop, number, &is_deleted));
  g_assert_null (pop3_maildrop_find (maildrop, 2, &is_deleted));
  g_assert_true (is_deleted);
  g_assert_cmpuint (maildrop->size, ==, 18);
  marked = pop3_maildrop_marked (maildrop);
  g_assert_cmpuint (marked->len, ==, 2);
  g_assert_cmpuint (g_array_index (marked, UidRange, 0).first, ==, 1);
  g_assert_cmpuint (g_array_index (marked, UidRange, 0).last, ==, 2);
  g_assert_cmpuint (g_array_index (marked, UidRange, 1).first, ==, 4);
  pop3_maildrop_unmark_all (maildrop);
  g_assert_cmpuint (maildrop->deleted, ==, 0);
  g_assert_cmpuint (maildrop->size, ==, 45);
}

static void
test_unique_id (Fixture *self, gconstpointer data)
{
  const Pop3Message last = { .uid = G_MAXUINT32 };
  const Pop3Maildrop maildrop = { .uid_validity = G_MAXUINT32 };
  char text[POP3_UNIQUE_ID_MAX];

  pop3_maildrop_unique_id (&maildrop, &last, text);
  g_assert_cmpstr (text, ==, "4294967295.4294967295");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/pop3-maildrop/marks", test_marks);
  fixture_test ("/pop3-maildrop/unique-id", test_unique_id);
  return g_test_run ();
}
