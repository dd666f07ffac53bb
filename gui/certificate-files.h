/* Rows that ask for a certificate of one's own: its file, the key's if it is another one (PEM), or
 * the password (PKCS#12). */
#pragma once
#include "json.h"
#include "widgets/file-row.h"

typedef struct {
  FileRow *chain, *key;
  GtkEditable *password;
} CertificateFiles;

/* ADD puts each row in its place: form_dialog_add, or into a group. The rows live there. */
void certificate_files_add (CertificateFiles *files, void (*add) (gpointer place, GtkWidget *row),
                            gpointer place);
/* Shows the rows that are needed now; whether all is there that can be imported. To be asked again
 * when a file row has "changed". */
gboolean certificate_files_check (const CertificateFiles *files);
/* The body of ACTION_CERTIFICATE_IMPORT, once the check was TRUE. */
json_t *certificate_files_read (const CertificateFiles *files);
