/* What is inside a StoreSnapshot, for reader.c and message.c. */
#pragma once
#include "store/parts.h"

struct _StoreSnapshot {
  Store *store;
  Database *database;
};
