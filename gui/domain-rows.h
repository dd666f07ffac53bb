/* The rows of a domain's page: what the DNS should say, what the server is found by, its keys. */
#pragma once
#include "json.h"
#include <adwaita.h>

/* A record of /v1/dns/DOMAIN, a check of the server there, a key of /v1/dkim/DOMAIN; with the
 * finding of the last check, when there was one. For row_list_fill, with no data. */
GtkWidget *domain_record_row_new (json_t *record, gpointer data);
GtkWidget *domain_server_row_new (json_t *check, gpointer data);
GtkWidget *domain_key_row_new (json_t *key, gpointer data);
