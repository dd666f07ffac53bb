/* Many programs write the key into the certificate's file: then there is no other one to choose. */
#include "certificate-files.h"
#include <glib/gi18n.h>

static FileRow *
file_row (const char *title, const char *kind, const char *patterns)
{
  return PANEL_FILE_ROW (file_row_new (title, kind, patterns));
}

void
certificate_files_add (CertificateFiles *self, void (*add) (gpointer, GtkWidget *), gpointer place)
{
  GtkWidget *password = adw_password_entry_row_new ();

  self->chain = file_row (_ ("Certificate (PEM or PKCS#12)"), _ ("Certificates"),
                          "*.pem;*.crt;*.cer;*.p12;*.pfx");
  self->key = file_row (_ ("Private key, unless it is in the same file"), _ ("Keys (PEM)"),
                        "*.pem;*.key");
  self->password = GTK_EDITABLE (password);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (password), _ ("Password of the file"));
  add (place, GTK_WIDGET (self->chain));
  add (place, GTK_WIDGET (self->key));
  add (place, password);
}

static gboolean
has_key (FileRow *row)
{
  static const char key[] = "PRIVATE KEY-----";
  gsize length = 0;
  const char *text
      = file_row_is_pem (row) ? g_bytes_get_data (file_row_get_bytes (row), &length) : NULL;

  return text != NULL && g_strstr_len (text, (gssize)length, key) != NULL;
}

gboolean
certificate_files_check (const CertificateFiles *self)
{
  const gboolean has_file = file_row_get_bytes (self->chain) != NULL;
  const gboolean is_pem = has_file && file_row_is_pem (self->chain);

  gtk_widget_set_visible (GTK_WIDGET (self->key), !has_file || is_pem);
  gtk_widget_set_visible (GTK_WIDGET (self->password), has_file && !is_pem);
  return is_pem ? has_key (self->chain) || has_key (self->key) : has_file;
}

static json_t *
text_of (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return json_stringn (text, length);
}

json_t *
certificate_files_read (const CertificateFiles *self)
{
  GBytes *chain = file_row_get_bytes (self->chain);
  GBytes *key = has_key (self->key) ? file_row_get_bytes (self->key) : chain;

  if (file_row_is_pem (self->chain))
    return json_pack ("{s:o, s:o}", "key", text_of (key), "chain", text_of (chain));
  g_autofree char *pkcs12
      = g_base64_encode (g_bytes_get_data (chain, NULL), g_bytes_get_size (chain));
  return json_pack ("{s:s, s:s}", "pkcs12", pkcs12, "passphrase",
                    gtk_editable_get_text (self->password));
}
