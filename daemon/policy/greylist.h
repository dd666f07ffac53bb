/* Greylisting (RFC 6647): who is not known is asked to come again, which those who send spam in a
 * hurry do not do. What is remembered is who wanted to send whom a mail, from which network, and
 * since when. Inside store jobs. */
#pragma once
#include "store/store.h"

#define GREYLIST_MAX 200000 /* rows; beyond that the oldest go */
#define GREYLIST_SECONDS (2 * 86400) /* who comes back later than this begins anew */

typedef struct {
  guint64 network; /* known-clients.h */
  char *sender, *recipient;
} GreylistMail;
GreylistMail *greylist_mail_new (guint64 network, const char *sender, const char *recipient);
void greylist_mail_free (GreylistMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GreylistMail, greylist_mail_free)

/* *FIRST: when the mail was first offered, or 0: it was not, or too long ago. */
gboolean greylist_find (Database *database, const GreylistMail *mail, gint64 now, gint64 *first,
                        GError **error);
/* From now on it was; the first time stays. */
gboolean greylist_add (StoreTransaction *transaction, const GreylistMail *mail, GError **error);
