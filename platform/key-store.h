/* Where this system keeps a person's passwords: the Secret Service (GNOME Keyring, KWallet); the
 * Credential Manager on Windows. Part of the control panel alone: the daemon is not linked with it.
 *
 * Every call may wait for a person who unlocks the store: call them in a worker, any thread.
 * G_IO_ERROR_NOT_SUPPORTED: this session has no such store. Nothing is written elsewhere then, the
 * password is asked for each time. */
#pragma once
#include <gio/gio.h>

/* Replaces what was kept. SERVER is HOST:PORT. */
gboolean key_store_save (const char *server, const char *user, const char *password,
                         GError **error);
/* NULL without ERROR: none is kept. Free with key_store_wipe. */
char *key_store_find (const char *server, const char *user, GError **error);
/* What is not kept is no error. */
gboolean key_store_remove (const char *server, const char *user, GError **error);
/* Overwrites and frees; NULL is nothing. */
void key_store_wipe (char *password);
