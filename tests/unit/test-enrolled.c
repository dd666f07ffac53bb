/* Tests of daemon/accounts/enrolled.c. */
#include "accounts-fixture.h"
#include "accounts/enrolled.h"

#define ONE "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TWO "1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
test_normalize (void)
{
  static const struct {
    const char *text, *normalized;
  } rows[] = {
    { ONE, ONE },
    { "01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:"
      "CD:"
      "EF",
      ONE },
    { "0123456789abcdef", NULL },
    { ONE "0", NULL },
    { ONE "x", NULL },
    { "", NULL },
    { "x" ONE, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *normalized = enrolled_normalize (rows[i].text);
    g_assert_cmpstr (normalized, ==, rows[i].normalized);
  }
}

static void
test_pem (void)
{
  static const char *const rubbish[]
      = { "", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n" };

  for (guint i = 0; i < G_N_ELEMENTS (rubbish); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (enrolled_read_pem (rubbish[i], &error));
    g_assert_error (error, STORE_ERROR, STORE_ERROR_INVALID);
  }
}

static gboolean
test_life (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  Database *database = store_transaction_database (transaction);
  gint64 id = 0, used = -1;

  g_assert_true (enrolled_add (transaction, self->anna, "Phone", ONE, error));
  g_assert_true (enrolled_add (transaction, self->bert, "Phone", TWO, error));
  g_autofree char *owner = enrolled_find (database, ONE, &id, &used, error);
  g_assert_cmpstr (owner, ==, "anna@example.com");
  g_assert_cmpint (used, ==, 0);
  g_assert_true (enrolled_note_use (transaction, id, "203.0.113.5", error));
  g_autoptr (GPtrArray) list = enrolled_list (database, self->anna, error);
  g_assert_cmpuint (list->len, ==, 1);
  const Enrolled *phone = list->pdata[0];
  g_assert_cmpstr (phone->fingerprint, ==, ONE);
  g_assert_cmpstr (phone->address, ==, "203.0.113.5");
  g_assert_cmpint (phone->used, >, 0);

  g_assert_true (enrolled_remove (transaction, self->anna, "Phone", error));
  g_assert_null (enrolled_find (database, ONE, &id, &used, error));
  /* With its user goes what was enrolled. */
  gboolean done;
  g_assert_true (account_remove (transaction, (gpointer) "bert@example.com", &done, error));
  g_assert_null (enrolled_find (database, TWO, &id, &used, error));
  return TRUE;
}

static gboolean
test_refused (StoreTransaction *transaction, gpointer data, GError **error)
{
  Office *self = data;
  const struct {
    const char *name, *fingerprint;
    gint64 account;
    int code;
  } rows[] = {
    { "Phone", TWO, self->anna, STORE_ERROR_EXISTS }, /* the name */
    { "Tablet", ONE, self->anna, STORE_ERROR_EXISTS }, /* the certificate */
    { "Phone", ONE, self->bert, STORE_ERROR_EXISTS }, /* which is another's */
    { "", TWO, self->anna, STORE_ERROR_INVALID },
    { "a\nb", TWO, self->anna, STORE_ERROR_INVALID },
    { "Tablet", "12", self->anna, STORE_ERROR_INVALID },
  };
  g_autoptr (GError) missing = NULL, full = NULL;

  g_assert_true (enrolled_add (transaction, self->anna, "Phone", ONE, error));
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) failure = NULL;
    g_assert_false (
        enrolled_add (transaction, rows[i].account, rows[i].name, rows[i].fingerprint, &failure));
    g_assert_error (failure, STORE_ERROR, rows[i].code);
  }
  g_assert_false (enrolled_remove (transaction, self->bert, "Phone", &missing));
  g_assert_error (missing, STORE_ERROR, STORE_ERROR_NOT_FOUND);
  for (guint i = 1; i < ENROLLED_MAX; i++) {
    g_autofree char *name = g_strdup_printf ("Device %u", i);
    g_autofree char *fingerprint = g_strdup_printf ("%064x", i);
    g_assert_true (enrolled_add (transaction, self->anna, name, fingerprint, error));
  }
  g_assert_false (enrolled_add (transaction, self->anna, "One more", TWO, &full));
  g_assert_error (full, STORE_ERROR, STORE_ERROR_INVALID);
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enrolled/normalize", test_normalize);
  g_test_add_func ("/enrolled/pem", test_pem);
  office_add_job ("/enrolled/life", test_life);
  office_add_job ("/enrolled/refused", test_refused);
  return g_test_run ();
}
