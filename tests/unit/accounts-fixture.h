/* A store with the domain example.com, the users admin (the administrator), anna and bert, and the
 * alias info for both; each test looks at it inside a write job. */
#pragma once
#include "accounts/accounts.h"
#include "accounts/password.h"
#include "quick-hash.h"
#include <glib/gstdio.h>
#include <string.h>

#define OFFICE_PASSWORD "correct horse"

typedef struct {
  char *folder;
  Store *store;
  gint64 admin, anna, bert;
} Office;

static inline void
office_remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder && (name = g_dir_read_name (folder))) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    office_remove_tree (child);
  }
  g_remove (path);
}

/* A test that is about what a password costs defines OFFICE_REAL_HASH. */
static inline char *
office_hash (GError **error)
{
#ifdef OFFICE_REAL_HASH
  return password_hash (OFFICE_PASSWORD, error);
#else
  return quick_hash (OFFICE_PASSWORD);
#endif
}

static inline gboolean
office_fill (StoreTransaction *transaction, gpointer data, GError **error)
{
  static const char *const both[] = { "anna@example.com", "bert@example.com", NULL };
  Office *self = data;
  g_autofree char *hash = office_hash (error);

  return domain_add (transaction, "example.com", error)
      && (self->admin = account_add (transaction, "admin@example.com", hash, "Ada", 0, TRUE, error))
      && (self->anna = account_add (transaction, "anna@example.com", hash, "Anna", 0, FALSE, error))
      && (self->bert = account_add (transaction, "bert@example.com", hash, NULL, 0, FALSE, error))
      && alias_add (transaction, "info@example.com", both, error);
}

static inline void
office_set_up (Office *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  StoreOptions options = { 0 };

  self->folder = g_dir_make_tmp ("office-XXXXXX", &error);
  g_assert_no_error (error);
  options.folder = self->folder;
  self->store = store_open (&options, &error);
  g_assert_no_error (error);
  store_write_sync (self->store, office_fill, self, &error);
  g_assert_no_error (error);
}

static inline void
office_tear_down (Office *self, gconstpointer data)
{
  store_close (self->store);
  office_remove_tree (self->folder);
  g_free (self->folder);
}

/* FUNC asserts; DATA is the Office. */
static inline void
office_run (Office *self, StoreWriteFunc func)
{
  g_autoptr (GError) error = NULL;

  store_write_sync (self->store, func, self, &error);
  g_assert_no_error (error);
}

/* DATA of the test is the StoreWriteFunc. */
static inline void
office_test_job (Office *self, gconstpointer func)
{
  office_run (self, (StoreWriteFunc)func);
}

#define office_add_job(path, func)                                                                 \
  g_test_add (path, Office, (gconstpointer)func, office_set_up, office_test_job, office_tear_down)
