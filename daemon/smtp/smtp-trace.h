/* What the server writes above a mail it has taken: Return-Path, Received, and on submission what
 * is missing. */
#pragma once
#include "smtp/smtp-private.h"

/* What the header section of a mail says that decides over it. */
typedef struct {
  guint hops; /* Received fields */
  gboolean has_fields; /* FALSE: the mail begins with its body, maybe without the empty line */
  gboolean has_date, has_message_id, has_from;
  guint tls_fields; /* TLS-Required (RFC 8689 §3) */
  gboolean waives_tls; /* there is one such field, and it says "No" */
  char *message_id; /* without <>; NULL: none that is valid */
  gboolean is_cut; /* longer than what was looked at, or with too many authors */
  const char *author; /* the first address of From, among AUTHORS; or NULL */
  GPtrArray *authors; /* char *: addresses of From and Sender */
} SmtpHeader;
void smtp_header_free (SmtpHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SmtpHeader, smtp_header_free)
/* Looks at no more than the first 256 KiB. AUTHORS are read only when asked for. */
SmtpHeader *smtp_header_read (GBytes *bytes, gboolean with_authors);

/* The lines to put before the mail (RFC 5321 §4.4, RFC 6409 §8). */
GBytes *smtp_trace_new (SmtpSession *self, const SmtpHeader *header, const char *mail_id);
/* Waits for the verdict, if there is one, and refuses the mail or goes on. Takes HEADER. */
void smtp_check (SmtpSession *self, GBytes *bytes, SmtpHeader *header);
/* Finds the keys to seal it with, when an alias leads it on to other servers; then keeps it. Takes
 * HEADER. */
void smtp_seal (SmtpSession *self, GBytes *bytes, SmtpHeader *header);
/* What it is sealed with, for the call that prepares it; NULL: it is not. Free *RESULTS, to which
 * it refers, with g_free. */
const ArcSealing *smtp_sealing (SmtpSession *self, ArcSealing *sealing, char **results);
/* Makes a judged mail durable, then answers. */
void smtp_keep (SmtpSession *self, GBytes *bytes, const SmtpHeader *header);
