/* The way every mail comes in, by SMTP, LMTP or APPEND: bytes → (worker) MIME summary, SHA-256,
 * compression → a PreparedMessage that a write job can append. */
#pragma once
#include "store/message.h"

/* Runs in a worker; BYTES may be a map of the spool's file. PREFIX (may be NULL) is put before the
 * bytes: Received, Return-Path and added fields, so that no copy of the message is needed in the
 * I/O thread. ENVELOPE is copied; may be NULL. BINARY: it came with BODY=BINARYMIME; what of it no
 * line can hold is kept in Base64, and STORE_ERROR_INVALID says that a bare CR or LF stands where
 * that is not possible. */
void intake_prepare_async (Store *store, GBytes *prefix, GBytes *bytes,
                           const MessageEnvelope *envelope, gboolean binary,
                           GAsyncReadyCallback callback, gpointer data);
PreparedMessage *intake_prepare_finish (GAsyncResult *result, GError **error);
