/* Renews certificates by a timer, and when somebody asks. Lives in the main thread; its work is
 * done in a worker, one round at a time. */
#pragma once
#include "net/dns.h"
#include "store/store.h"
#include <jansson.h>

typedef struct _Renewer Renewer;

typedef struct {
  const char *data; /* the data folder */
  const char *hostname;
  Store *store; /* whose domains these are */
  Dns *dns;
  /* A certificate has come: load it. Main thread. */
  gboolean (*reload) (gpointer data, GError **error);
  /* Tell the administrators that the certificate NAME for HOSTS ends at NOT_AFTER (seconds, UTC);
   * PROBLEM: acme_error_describe, or NULL: nothing renews it. DONE is called once, in the main
   * thread: whether the mail was written. Main thread. NULL: nobody is told. */
  void (*tell) (const char *name, const char *hosts, gint64 not_after, const json_t *problem,
                void (*done) (gboolean told, gpointer token), gpointer token, gpointer data);
  /* A round has got certificates, or has failed to. Main thread. NULL: nobody wants to know. */
  void (*did_change) (gpointer data);
  gpointer data_of_calls;
} RenewerOptions;

/* What OPTIONS point to outlives it, but for the texts, which are copied. */
Renewer *renewer_new (const RenewerOptions *options);
/* From now on every round ends soon, and none begins. */
void renewer_cancel (Renewer *renewer);
/* Waits for the round that runs, at most WAIT seconds. FALSE: it still runs, and uses the store and
 * the DNS. */
gboolean renewer_free (Renewer *renewer, guint wait);
/* The program of the configuration, or NULL; copied. Main thread. */
void renewer_set_hook (Renewer *renewer, const char *hook);

/* In any thread but the main one, as they wait for the network. G_IO_ERROR_BUSY while a round runs.
 */
typedef struct {
  const char *only; /* a certificate's name, "*" for all: renewed even though it is good; NULL: what
                       is missing or due */
  gboolean has_new_key;
  GCancellable *cancellable; /* or NULL */
  void (*progress) (guint64 done, guint64 total, gpointer data); /* or NULL */
  gpointer data;
} RenewerOrder;
/* A round that waits for no time. */
gboolean renewer_order (Renewer *renewer, const RenewerOrder *order, guint *renewed,
                        GError **error);
gboolean renewer_roll_over (Renewer *renewer, GError **error);
gboolean renewer_open_account (Renewer *renewer, GError **error);
json_t *renewer_describe_account (Renewer *renewer, GError **error);
gboolean renewer_revoke (Renewer *renewer, const char *name, guint reason, GError **error);
