/* The dialogs that make certificates, bring them in and take them back. Each does its work by
 * itself and says how it ended. */
#pragma once
#include "deed.h"
#include <adwaita.h>

/* The certificate that is called so (DeedTell). */
char *certificate_tell (const json_t *current, const Deed *deed);

void ask_self_sign (GtkWidget *page, Connection *connection);
/* From files, in PEM or PKCS#12 form. */
void ask_import (GtkWidget *page, Connection *connection);
/* Tells the authority that the certificate NAME is not to be trusted any more. */
void ask_revoke (GtkWidget *page, Connection *connection, const char *name);
