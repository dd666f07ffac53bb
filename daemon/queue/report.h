/* Delivery status notifications (RFC 3461-3464): what a sender is told about a mail. */
#pragma once
#include "queue/queue-mail.h"
#include "settings.h"

typedef enum {
  REPORT_FAILED, /* some recipients will not get it */
  REPORT_DELAYED, /* some do not have it yet */
  REPORT_RELAYED, /* went to a server that says no more (RFC 3461 §4.1: NOTIFY=SUCCESS) */
  REPORT_DELIVERED, /* are in mailboxes here (the same) */
  REPORT_COUNT,
} ReportKind;

enum { REPORT_ORIGINAL_MAX = 64 * 1024 }; /* bytes of the mail that are given back */

typedef struct {
  ReportKind kind;
  const QueueMail *mail;
  const char *hostname;
  gint64 now; /* seconds, UTC */
  Language language; /* of the sender */
  GBytes *original; /* the mail's beginning, REPORT_ORIGINAL_MAX at most */
} Report;

/* Whether RECIPIENT is to be told about in a report of that KIND. DELAY: seconds after which a mail
 * is late. */
gboolean report_concerns (ReportKind kind, const QueueMail *mail, const QueueRecipient *recipient,
                          gint64 now, gint64 delay);
/* Whether any recipient is. */
gboolean report_is_wanted (ReportKind kind, const QueueMail *mail, gint64 now, gint64 delay);
/* In which its sender writes: ORIGINAL says so (Content-Language, RFC 3282), or else the server's.
 */
Language report_language (GBytes *original);
/* The whole message. */
GBytes *report_compose (const Report *report, gint64 delay);
