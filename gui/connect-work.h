/* What connecting to a server needs of workers: a look at its certificate, the system's key store. */
#pragma once
#include "admin/server-certificate.h"

/* server_certificate_look. */
void certificate_look_async (const char *address, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer data);
ServerCertificate *certificate_look_finish (GAsyncResult *result, GError **error);

/* key_store_find; NULL without ERROR: none is kept. Free with key_store_wipe. */
void password_find_async (const char *address, const char *user, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer data);
char *password_find_finish (GAsyncResult *result, GError **error);
/* key_store_save, with PASSWORD NULL key_store_remove. CALLBACK may be NULL: nobody cares. */
void password_keep_async (const char *address, const char *user, const char *password,
                          GAsyncReadyCallback callback, gpointer data);
gboolean password_keep_finish (GAsyncResult *result, GError **error);
