/* The configuration file: only what must be known before the store opens. Everything else is a
 * setting (settings.h). A key that nobody knows is an error, so that a slip of the pen does not go
 * unnoticed. */
#pragma once
#include <gio/gio.h>

typedef enum {
  LISTEN_SMTP,
  LISTEN_LMTP,
  LISTEN_SUBMISSION,
  LISTEN_SUBMISSIONS,
  LISTEN_IMAP,
  LISTEN_IMAPS,
  LISTEN_POP3,
  LISTEN_POP3S,
  LISTEN_SIEVE,
  LISTEN_HTTP,
  LISTEN_HTTPS,
  LISTEN_ADMIN,
  LISTEN_COUNT,
} Listen;

typedef struct {
  const char *key;
  guint16 port; /* the standard one */
  gboolean served; /* FALSE: the key is accepted, but this version serves nothing there */
} ListenInfo;
const ListenInfo *listen_info (Listen listen);

/* Where a new server is to listen. */
typedef struct {
  gboolean loopback; /* else on all addresses, the admin API on loopback */
  guint ports[LISTEN_COUNT]; /* 0: off */
} ListenPlan;
/* BASE 0: the standard ports on all addresses; else loopback only, each port BASE + its standard
 * one, with LMTP. */
void listen_plan_start (ListenPlan *plan, guint base);
/* CHANGES: "smtp=2525,imap=off". */
gboolean listen_plan_change (ListenPlan *plan, const char *changes, GError **error);

typedef struct {
  char *path;
  char *hostname;
  char *data; /* absolute */
  guint threads; /* never 0 */
  char *acme_hook; /* a program (see tls/acme-proof.h), absolute; or NULL. No setting, as who may
                      change settings from afar must not be able to start programs here */
  char **listen[LISTEN_COUNT]; /* ADDRESS:PORT, NULL-terminated; never NULL */
} Configuration;
void configuration_free (Configuration *configuration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Configuration, configuration_free)

/* PATH, else $HAUSPOST_CONFIG, else the system's place. Free with g_free. */
char *configuration_find (const char *path);
Configuration *configuration_load (const char *path, GError **error);
/* TEXT as if it stood in the file PATH. */
Configuration *configuration_parse (const char *path, const char *text, GError **error);
/* The text of a new file. */
char *configuration_print (const char *hostname, const char *data, const ListenPlan *plan);
/* DATA/certificates; free with g_free. */
char *configuration_certificates (const Configuration *configuration);
