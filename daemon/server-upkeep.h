/* What the server does for its store unasked: it compacts each hour, watches the space on the disk,
 * and makes keys that are missing. Main thread. */
#pragma once
#include "policy/indexer.h"
#include "store/store.h"

typedef struct _Upkeep Upkeep;

/* STORE and INDEXER must outlive it. */
Upkeep *upkeep_new (Store *store, Indexer *indexer, const char *folder);
/* Begins nothing any more; what has begun goes on. */
void upkeep_cease (Upkeep *upkeep);
gboolean upkeep_rests (const Upkeep *upkeep);
void upkeep_free (Upkeep *upkeep); /* once it rests */
