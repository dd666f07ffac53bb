/* What is remembered of a certificate that renews itself: a file FOLDER/NAME.json beside the
 * account. It can be lost without harm: then it is asked for anew when it is due. */
#pragma once
#include <gio/gio.h>
#include <jansson.h>

typedef struct {
  char *name;
  gint64 renew_at; /* seconds, UTC; 0: not known yet */
  gint64 ask_at; /* when the authority is asked again when to renew (ARI) */
  char *explanation; /* what it said about that, or NULL */
  guint failures; /* since the last success */
  gint64 tried, next; /* the last attempt, and the first time for another one */
  json_t *problem; /* acme_error_describe, or NULL */
  char *order; /* its URL, while there is one */
  char **order_hosts; /* for these; never NULL */
  json_t *hosts; /* those that failed: {HOST: {"failures", "next", "problem"}} */
  guint told; /* how often the administrators were told that it ends */
} AcmeState;
void acme_state_free (AcmeState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcmeState, acme_state_free)

/* Of a certificate that nothing is known of when there is no file that can be read. */
AcmeState *acme_state_load (const char *folder, const char *name);
gboolean acme_state_save (const AcmeState *state, const char *folder, GError **error);
/* With its private key, if an order has left one. */
gboolean acme_state_remove (const char *folder, const char *name, GError **error);
/* FOLDER/NAME.key: of the order that is under way; free with g_free. */
char *acme_state_key_path (const char *folder, const char *name);

/* PROBLEM (given away): the next attempt waits, longer each time, and at least WAIT seconds. */
void acme_state_fail (AcmeState *state, json_t *problem, guint wait, gint64 now);
void acme_state_fail_host (AcmeState *state, const char *host, json_t *problem, guint wait,
                           gint64 now);
/* Whether HOST has failed and is not to be tried before a time that is still to come. */
gboolean acme_state_host_waits (const AcmeState *state, const char *host, gint64 now);
/* HOSTS are in a new certificate. */
void acme_state_succeed (AcmeState *state, const char *const *hosts, gint64 now);

/* Two thirds of the lifetime, or up to a twenty-fifth earlier by CHANCE (0 to 1), so that not all
 * renew at once. */
gint64 acme_renewal_time (gint64 not_before, gint64 not_after, double chance);
/* How many of the three notices (20, 7 and 1 days ahead; of short lives in proportion) are due. */
guint acme_notices_due (gint64 not_before, gint64 not_after, gint64 now);
