/* What a backup needs of a store: its database as it is at one moment, and the promise that the
 * segments which that moment refers to stay. Waits: in a worker. */
#pragma once
#include "store/store.h"

/* No segment file is deleted until the pin is given back. Take it before copying the database. */
typedef struct _StorePin StorePin;
StorePin *store_pin (Store *store);
void store_unpin (StorePin *pin);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (StorePin, store_unpin)

/* A file whose bytes up to SIZE belong to a copied database. */
typedef struct {
  char *name; /* below the store's folder */
  guint64 size;
} StoreFile;

/* Writes a whole, checked and synced database to TARGET (a file that is not there) beside the
 * writer's work, and lists the segments that its messages lie in: GPtrArray of StoreFile. */
GPtrArray *store_copy_database (Store *store, const char *target, GError **error);
