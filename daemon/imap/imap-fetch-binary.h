/* BINARY and BINARY.SIZE (RFC 3516, RFC 9051 §6.4.5): a part is decoded twice, once to know how
 * long it is and once to send it, so that memory does not follow its size. */
#pragma once
#include "imap/imap-fetch-batch.h"

gboolean imap_fetch_binary_begin (ImapFetchBatch *batch, StoreSnapshot *snapshot,
                                  const ImapSection *section, GError **error);
/* As far as this batch has room; batch->binary.section is NULL at the end. */
gboolean imap_fetch_binary_go_on (ImapFetchBatch *batch, StoreSnapshot *snapshot, GError **error);
void imap_fetch_binary_clear (ImapFetchBatch *batch);
