/* What a user changes by himself: the password, and app passwords for his devices. Workers: every
 * function waits for the store. ADDRESS is normalized; STORE_ERROR_NOT_FOUND when nobody who may
 * log in has it. */
#pragma once
#include "accounts/account.h"
#include "accounts/credential.h"

#define PASSWORD_LEAST 8 /* bytes */
#define PASSWORD_MOST 1000

Account *self_service_account (Store *store, const char *address, GError **error);
/* STORE_ERROR_INVALID: too short or too long. */
gboolean self_service_change_password (Store *store, const char *address, const char *password,
                                       GError **error);
/* GPtrArray of Credential, the app passwords alone. */
GPtrArray *self_service_devices (Store *store, const char *address, GError **error);
/* The password of DEVICE, which nobody can read again; wipe it, free with g_free.
 * STORE_ERROR_EXISTS, _INVALID (the name, or there are too many). */
char *self_service_add_device (Store *store, const char *address, const char *device,
                               GError **error);
gboolean self_service_remove_device (Store *store, const char *address, const char *device,
                                     GError **error);
