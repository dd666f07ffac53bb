/* A certificate as a row that opens: how it stands at a glance, and below what is known of it and
 * what can be done. */
#pragma once
#include "connection.h"
#include <adwaita.h>

/* What the buttons of a row do. NAME is the certificate's. */
typedef struct {
  Connection *connection;
  void (*renew) (const char *name, gpointer data);
  void (*revoke) (const char *name, gpointer data);
  void (*remove) (const char *name, gpointer data);
  gpointer data;
} CertificateDeeds;

/* CERTIFICATE is an object of GET /v1/certificates, of its "certificates" or "missing"; DEEDS must
 * outlive the row. */
GtkWidget *certificate_row_new (json_t *certificate, const CertificateDeeds *deeds);
