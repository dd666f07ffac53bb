/* What writing and reading the history of mails share. */
#pragma once
#include "archive/history.h"
#include "store/database.h"

/* DATA/history.db, with its tables. */
Database *history_open (const char *folder, GError **error);
