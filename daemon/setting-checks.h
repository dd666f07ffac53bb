/* Checks for the table of settings: TEXT is what its help says, or ERROR tells a person why not.
 * Words are separated by blanks. */
#pragma once
#include <glib.h>

gboolean setting_check_networks (const char *text, GError **error);
gboolean setting_check_domains (const char *text, GError **error); /* example.com … */
gboolean setting_check_relay (const char *text, GError **error); /* "" or HOST[:PORT] */
gboolean setting_check_routes (const char *text, GError **error); /* DOMAIN=HOST[:PORT] … */
gboolean setting_check_servers (const char *text, GError **error); /* ADDRESS[@PORT] … */
gboolean setting_check_addresses (const char *text, GError **error);
gboolean setting_check_separator (const char *text, GError **error);
gboolean setting_check_https (const char *text, GError **error); /* https://HOST… */
gboolean setting_check_mail (const char *text, GError **error); /* "" or one address */
