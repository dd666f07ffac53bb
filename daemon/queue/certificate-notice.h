/* Tells the administrators, by mail, that a certificate ends although it should have been renewed.
 */
#pragma once
#include "queue/schedule.h"

typedef struct {
  const char *name; /* of the certificate */
  const char *hosts; /* with blanks between */
  gint64 not_after; /* seconds, UTC */
  const char *problem; /* a sentence in the server's language, or NULL: nothing renews it */
} CertificateNotice;

/* To the postmaster of the first of the server's domains that has a name in it, or else of the
 * first one. In a thread with a GMainContext, where DONE is called: whether the mail is on the
 * disk. */
void certificate_notice_send (Store *store, const char *hostname, Schedule *schedule,
                              const CertificateNotice *notice,
                              void (*done) (gboolean told, gpointer data), gpointer data);
