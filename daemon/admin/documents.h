/* What the administration keeps in the store as JSON, each under a name. */
#pragma once
#include "store/store.h"
#include <jansson.h>

/* A new reference; NULL: there is none (or, with ERROR, it cannot be read). Inside any job. */
json_t *document_read (Database *database, const char *name, GError **error);
/* Inside a write job; VALUE NULL: forgets it. */
gboolean document_write (StoreTransaction *transaction, const char *name, const json_t *value,
                         GError **error);
/* The same, waiting for the store: for workers. */
json_t *document_load (Store *store, const char *name);
gboolean document_keep (Store *store, const char *name, const json_t *value, GError **error);
