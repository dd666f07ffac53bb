/* The items of a FETCH response that are not sections of a body. */
#pragma once
#include "imap/imap-fetch-batch.h"

/* NAME, with a blank before it unless it is the first of its response. */
void imap_fetch_print_name (ImapFetchBatch *batch, const char *name);
/* What the entry tells by itself. */
void imap_fetch_print_entry (ImapFetchBatch *batch);
/* What the summary tells: ENVELOPE, BODY, BODYSTRUCTURE, PREVIEW. */
gboolean imap_fetch_print_summary (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error);
/* Sets batch->summary: the stored one, or made from the message. */
gboolean imap_fetch_open_summary (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error);
