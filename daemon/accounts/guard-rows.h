/* What the guard keeps over a restart: bans, and addresses where somebody has signed on. Inside
 * store jobs. */
#pragma once
#include "accounts/bans.h"
#include "store/store.h"

typedef struct {
  guint64 network;
  gint64 seen; /* seconds, UTC: the last good sign-on, to the day */
} GoodAddress;

typedef struct {
  GArray *bans; /* Ban */
  GArray *lifted; /* guint64 */
  GArray *good; /* GoodAddress */
} GuardRows;
GuardRows *guard_rows_new (void);
void guard_rows_free (GuardRows *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GuardRows, guard_rows_free)

gboolean guard_rows_read (Database *database, GuardRows *rows, GError **error);
/* Changes and additions; what is too old to count goes. */
gboolean guard_rows_write (StoreTransaction *transaction, const GuardRows *rows, GError **error);
