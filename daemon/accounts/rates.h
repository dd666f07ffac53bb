/* How many recipients a user, and all users of a domain together, may send mail to within an hour
 * and within 24 hours. Counted with the mail that is accepted, in its commit, so that neither a
 * restart nor many connections at once change anything. */
#pragma once
#include "store/store.h"

enum { RATE_AS_SET = -1, RATE_ANY = 0 }; /* as the settings say; any number */
typedef struct {
  gint64 hour, day;
} Rate;

/* Inside a write job. STORE_ERROR_NOT_FOUND: there is no such user or domain. */
gboolean rate_set_user (StoreTransaction *transaction, const char *address, const Rate *rate,
                        GError **error);
gboolean rate_set_domain (StoreTransaction *transaction, const char *name, const Rate *rate,
                          GError **error);
/* Inside a read job: as it was set; the name is normalized. */
gboolean rate_of_user (Database *database, const char *address, Rate *rate, GError **error);
gboolean rate_of_domain (Database *database, const char *name, Rate *rate, GError **error);

typedef enum { RATE_USER_HOUR, RATE_USER_DAY, RATE_DOMAIN_HOUR, RATE_DOMAIN_DAY } RateKind;
typedef struct {
  gint64 left; /* recipients; G_MAXINT64: any number */
  RateKind kind; /* which rate leaves so few */
  gint64 most; /* its number */
} RateRoom;

/* Inside any job: what ACCOUNT may still send at NOW. */
gboolean rate_room (Database *database, gint64 account, gint64 now, RateRoom *room, GError **error);
/* Inside a write job: ACCOUNT sends to so many; for the brake, to OUTSIDE of them elsewhere, FRESH
 * of which it has never written to, and BOUNCED mails could not be delivered. */
gboolean rate_count (StoreTransaction *transaction, gint64 account, gint64 recipients,
                     gint64 outside, gint64 fresh, gint64 bounced, GError **error);
