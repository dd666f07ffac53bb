/* DKIM verification (RFC 6376 §6, 8301, 8463): which domains answer for a message? */
#pragma once
#include "policy/answers.h"
#include "policy/dkim-header.h"
#include "policy/dkim-signature.h"

#define DKIM_SIGNATURES_MAX 8 /* the first ones; further ones are left out */

/* As RFC 8601 §2.7.1 names them. */
typedef enum {
  DKIM_NONE,
  DKIM_PASS,
  DKIM_FAIL,
  DKIM_NEUTRAL,
  DKIM_TEMPERROR,
  DKIM_PERMERROR
} DkimResult;

typedef struct {
  DkimResult result;
  const char *problem; /* why it is no pass, a constant, or NULL */
  DkimSignature *signature; /* what could be read of it */
  gboolean testing; /* the domain is trying DKIM out (t=y) */
  guint bits; /* of the key, or 0 */
} DkimVerdict;

typedef struct _DkimMessage DkimMessage;

/* Reads the header and hashes the body, so it belongs into a worker thread. Keeps MESSAGE. */
DkimMessage *dkim_message_new (GBytes *message);
void dkim_message_free (DkimMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DkimMessage, dkim_message_free)

const DkimHeader *dkim_message_header (const DkimMessage *self);
/* SHA-256 of the body; each kind is made once. TOTAL: the length of the canonical body. */
const guint8 *dkim_message_body_hash (DkimMessage *self, DkimCanon canon, guint64 length,
                                      guint64 *total);
/* DkimVerdict of each signature, in the message's order; NULL: ANSWERS has questions first. Belongs
 * to SELF. */
GPtrArray *dkim_verify (DkimMessage *self, Answers *answers, gint64 now);
/* Notes the keys that HEADER's signatures need, so that they are asked for before the body is
 * there. */
void dkim_ask_keys (const DkimHeader *header, Answers *answers);
const char *dkim_result_name (DkimResult result);

/* The answer that has the key, or NULL: it is a question from now on. */
const Answer *dkim_find_key (const DkimSignature *signature, Answers *answers);
/* One signature over DATA with the key of SELECTOR._domainkey.DOMAIN: sets the verdict's result.
 * FALSE: ANSWERS has a question first. Used for ARC, too. */
gboolean dkim_verify_data (DkimVerdict *verdict, const GString *data, Answers *answers);
