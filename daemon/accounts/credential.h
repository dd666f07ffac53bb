/* What SCRAM and app passwords are checked with: keys for each app password of a user, and for the
 * password itself when SETTING_SCRAM wants it. All keys of a user share one salt, so that the
 * server can ask for a proof before it knows which of them the client has. Inside store jobs. */
#pragma once
#include "accounts/scram.h"
#include "store/store.h"

#define APP_PASSWORDS_MAX 50 /* of one user */
#define DEVICE_NAME_MAX 100 /* bytes */

/* What people call a device: printable, not empty. */
gboolean device_name_is_valid (const char *name);

typedef struct {
  gint64 id;
  char *name; /* of the device; "" is the password itself */
  ScramKeys keys;
  gint64 created; /* seconds, UTC */
  gint64 used; /* last time, to the hour; 0: never */
  char *address; /* from where, or NULL */
} Credential;
void credential_free (Credential *credential);

/* USER's salt, also for one who does not exist: it comes from the name and a secret of the store,
 * so that nobody learns who exists. */
gboolean credential_salt (Database *database, const char *user, guint8 salt[SCRAM_SALT],
                          GError **error);
GPtrArray *credential_list (Database *database, gint64 account, GError **error); /* by name */
/* NAME: 1 to 100 bytes, and free. */
gboolean credential_add (StoreTransaction *transaction, gint64 account, const char *name,
                         const ScramKeys *keys, GError **error);
gboolean credential_remove (StoreTransaction *transaction, gint64 account, const char *name,
                            GError **error);
/* The password itself. KEYS NULL: none. */
gboolean credential_set_password (StoreTransaction *transaction, gint64 account,
                                  const ScramKeys *keys, GError **error);
gboolean credential_note_use (StoreTransaction *transaction, gint64 credential, const char *address,
                              GError **error);

/* Twenty letters and digits, a hundred bits; free with g_free. */
char *app_password_new (void);
gboolean app_password_has_form (const char *password);
