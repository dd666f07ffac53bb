/* The IMAP URLs that name a message, or a part of one, of the session's own user (RFC 5092 §5,
 * relative as RFC 4469 §3 wants them). Pure. */
#pragma once
#include "imap/imap-section.h"

typedef struct {
  char *mailbox; /* UTF-8; NULL: the selected one */
  guint32 uid_validity; /* 0: not said */
  guint32 uid;
  ImapSection *section; /* with the part that PARTIAL asks for */
} ImapUrl;
void imap_url_free (ImapUrl *url);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ImapUrl, imap_url_free)

/* NULL: malformed, absolute, or of another kind (with URLAUTH). */
ImapUrl *imap_url_parse (const char *text);
