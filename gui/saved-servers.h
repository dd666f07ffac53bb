/* The servers this person has administered, as they stand in the panel's preferences: name,
 * address, user, and the fingerprint of the certificate that was trusted. Passwords are in the
 * system's key store (platform/key-store.h), or nowhere. */
#pragma once
#include <glib.h>

typedef struct {
  char *name; /* what the person calls it; never empty */
  char *address; /* HOST:PORT */
  char *user;
  char *fingerprint; /* 64 lower-case hexadecimal digits */
  gboolean is_local; /* the daemon of this computer, by a login of the panel's own */
} SavedServer;
SavedServer *saved_server_new (const char *name, const char *address, const char *user,
                               const char *fingerprint, gboolean is_local);
void saved_server_free (SavedServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SavedServer, saved_server_free)

/* GPtrArray of SavedServer in the order they were saved; what is not whole is left out. */
GPtrArray *saved_servers_list (GKeyFile *file);
/* Takes the place of the one with the same address; of the one before, when it is this computer's.
 * Nothing is written to the disk: preferences_save does that. */
void saved_servers_put (GKeyFile *file, const SavedServer *server);
/* FALSE: there was none. */
gboolean saved_servers_remove (GKeyFile *file, const char *address);
/* The one to open at the next start; an address, "" is this computer by its token, NULL is none. */
char *saved_servers_last (GKeyFile *file);
void saved_servers_set_last (GKeyFile *file, const char *address);

/* What a person types as a server's address, with the admin API's port where none is named; NULL
 * when it cannot be one. Free with g_free. */
char *server_address_parse (const char *typed);
