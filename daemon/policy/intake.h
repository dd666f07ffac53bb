/* The way every mail comes in, by SMTP, LMTP or APPEND: bytes → (worker) MIME summary, SHA-256,
 * compression → a PreparedMessage that a write job can append. */
#pragma once
#include "policy/arc-sign.h"
#include "store/message.h"

typedef struct {
  GBytes *prefix; /* goes before the bytes: Received, Return-Path and added fields, so that no copy
                     of the message is needed in the I/O thread; may be NULL */
  GBytes *bytes; /* may be a map of the spool's file */
  const MessageEnvelope *envelope; /* may be NULL */
  gboolean binary; /* it came with BODY=BINARYMIME; what of it no line can hold is kept in Base64 */
  const char *authserv_id; /* this server's name: Authentication-Results of others in this name are
                              removed (RFC 8601 §5); NULL: all stay */
  GPtrArray *keys; /* DkimStoredKey: it is signed with those that sign; NULL: it is not */
  const ArcSealing *sealing; /* it goes on to other servers with an ARC set; NULL: it does not */
} IntakeMail;

/* Runs in a worker; MAIL is copied. STORE_ERROR_INVALID says that a bare CR or LF stands in a
 * binary mail where that is not possible. */
void intake_prepare_async (Store *store, const IntakeMail *mail, GAsyncReadyCallback callback,
                           gpointer data);
PreparedMessage *intake_prepare_finish (GAsyncResult *result, GError **error);
