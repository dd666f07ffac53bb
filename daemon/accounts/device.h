/* Scanners, copiers and other devices: accounts that only hand in mail, as few senders, to few
 * recipients. Inside store jobs. */
#pragma once
#include "store/store.h"

typedef struct {
  char *senders; /* addresses, separated by blanks; "": those that the account has */
  char *recipients; /* addresses, domains or "*" for anybody; "": the domains of this server */
} Device;
void device_free (Device *device);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Device, device_free)

/* Inside a write job: ADDRESS is a device from now on. STORE_ERROR_NOT_FOUND, or _INVALID when a
 * word of the lists cannot be, or a sender is of another server's domain. */
gboolean device_set (StoreTransaction *transaction, const char *address, const char *senders,
                     const char *recipients, GError **error);
/* It is a person. */
gboolean device_clear (StoreTransaction *transaction, const char *address, GError **error);
/* NULL without ERROR: ACCOUNT is none. */
Device *device_find (Database *database, gint64 account, GError **error);
/* Whether a device with a list of senders may send as ADDRESS. */
gboolean device_lists_sender (const Device *device, const char *address);
gboolean device_may_send_to (Database *database, const Device *device, const char *recipient);
