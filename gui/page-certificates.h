/* The certificates that mail programs see. */
#pragma once
#include "connection.h"
#include <adwaita.h>

#define PANEL_TYPE_PAGE_CERTIFICATES (page_certificates_get_type ())
G_DECLARE_FINAL_TYPE (PageCertificates, page_certificates, PANEL, PAGE_CERTIFICATES, AdwBin)

GtkWidget *page_certificates_new (Connection *connection);
