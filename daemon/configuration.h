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

typedef struct {
  char *path;
  char *hostname;
  char *data; /* absolute */
  guint threads; /* never 0 */
  char **listen[LISTEN_COUNT]; /* ADDRESS:PORT, NULL-terminated; never NULL */
} Configuration;
void configuration_free (Configuration *configuration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Configuration, configuration_free)

/* PATH, else $HAUSPOST_CONFIG, else the system's place. Free with g_free. */
char *configuration_find (const char *path);
Configuration *configuration_load (const char *path, GError **error);
/* The text of a new file. BASE 0: the standard ports on all addresses, the admin API on loopback;
 * else loopback only, each port BASE + its standard one. */
char *configuration_print (const char *hostname, const char *data, guint base);
/* DATA/certificates; free with g_free. */
char *configuration_certificates (const Configuration *configuration);
