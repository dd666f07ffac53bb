/* MailboxName, SubscriptionChange and lost rights (RFC 5465 §5.4, §5.5, §5.9): which names must be
 * told. Part of imap-notify-news.c's work. */
#pragma once
#include "imap/imap-notify-news.h"

/* Compares PLACES with what is known, writes LIST responses, and leaves the rows of PLACES in
 * KNOWN, with the numbers that were told. */
gboolean imap_notify_names_compare (ImapNotifyNews *news, Database *database,
                                    const GPtrArray *places, GError **error);
/* The same at the beginning: all is known. */
void imap_notify_names_begin (ImapNotifyNews *news, const GPtrArray *places);
