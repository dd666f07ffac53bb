/* Which server, and as whom: what a worker needs to make a client. Never changed once made. */
#pragma once
#include "admin/client.h"

typedef struct _Target Target;

Target *target_new_local (const char *configuration);
Target *target_new_remote (const char *address, const char *fingerprint, const char *user,
                           const char *password);
Target *target_ref (Target *target); /* from any thread */
void target_unref (Target *target);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Target, target_unref)

gboolean target_is_local (const Target *target);
const char *target_address (const Target *target); /* NULL when local */
/* Reads files: for a worker. */
AdminClient *target_connect (const Target *target, GError **error);
