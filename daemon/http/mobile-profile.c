/* Writes and signs a profile. */
#include "http/mobile-profile.h"
#include "http/offer.h"
#include "language.h"
#include <openssl/err.h>
#include <openssl/pkcs7.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKCS7, PKCS7_free)

static void
add (GString *text, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *part = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (text, part);
}

static void
add_text (GString *text, const char *key, const char *value)
{
  add (text, "<key>%s</key><string>%s</string>\n", key, value);
}

static void
add_number (GString *text, const char *key, guint value)
{
  add (text, "<key>%s</key><integer>%u</integer>\n", key, value);
}

static void
add_truth (GString *text, const char *key, gboolean value)
{
  add (text, value ? "<key>%s</key><true/>\n" : "<key>%s</key><false/>\n", key);
}

/* The same for the same words, of the kind that everybody may make as he likes (RFC 9562 §5.8). */
static char *
stable_uuid (const MobileProfile *self, const char *part)
{
  g_autofree char *seed = g_strjoin ("\n", "hauspost", self->configuration->hostname, self->domain,
                                     self->address != NULL ? self->address : "", part, NULL);
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;

  g_checksum_update (sum, (const guint8 *)seed, (gssize)strlen (seed));
  g_checksum_get_digest (sum, digest, &length);
  digest[6] = (guint8)((digest[6] & 0x0f) | 0x80);
  digest[8] = (guint8)((digest[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X",
                          digest[0], digest[1], digest[2], digest[3], digest[4], digest[5],
                          digest[6], digest[7], digest[8], digest[9], digest[10], digest[11],
                          digest[12], digest[13], digest[14], digest[15]);
}

/* "com.example.mail.hauspost.PART" */
static char *
identifier (const MobileProfile *self, const char *part)
{
  g_auto (GStrv) labels = g_strsplit (self->configuration->hostname, ".", -1);
  GString *text = g_string_new (NULL);
  g_autofree char *uuid = stable_uuid (self, "identifier");

  for (guint i = g_strv_length (labels); i > 0; i--)
    g_string_append_printf (text, "%s.", labels[i - 1]);
  g_string_append_printf (text, "hauspost.%.8s%s", uuid, part);
  return g_string_free (text, FALSE);
}

/* What each part of a profile says of itself. */
static void
add_payload (GString *text, const MobileProfile *self, const char *type, const char *part,
             const char *name)
{
  g_autofree char *id = identifier (self, part);
  g_autofree char *uuid = stable_uuid (self, type);

  add_text (text, "PayloadType", type);
  add_number (text, "PayloadVersion", 1);
  add_text (text, "PayloadIdentifier", id);
  add_text (text, "PayloadUUID", uuid);
  add_text (text, "PayloadDisplayName", name);
  add_text (text, "PayloadOrganization", self->domain);
}

/* DIRECTION: "Incoming" or "Outgoing". Devices use STARTTLS by themselves on its ports. */
static void
add_server (GString *text, const MobileProfile *self, const char *direction, const Offer *offer)
{
  const struct {
    const char *key, *value;
  } texts[] = {
    { "MailServerAuthentication", "EmailAuthPassword" },
    { "MailServerHostName", self->configuration->hostname },
    { "MailServerUsername", self->address },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autofree char *key = g_strconcat (direction, texts[i].key, NULL);
    if (texts[i].value != NULL)
      add_text (text, key, texts[i].value);
  }
  g_autofree char *port = g_strconcat (direction, "MailServerPortNumber", NULL);
  g_autofree char *tls = g_strconcat (direction, "MailServerUseSSL", NULL);
  add_number (text, port, offer_port (self->configuration, offer));
  add_truth (text, tls, TRUE);
}

static void
add_account (GString *text, const MobileProfile *self, const Offer *incoming, const Offer *outgoing)
{
  g_string_append (text, "<dict>\n");
  add_payload (text, self, "com.apple.mail.managed", ".mail",
               self->address != NULL ? self->address : self->domain);
  add_text (text, "EmailAccountDescription", self->domain);
  add_text (text, "EmailAccountType",
            incoming->protocol == OFFER_IMAP ? "EmailTypeIMAP" : "EmailTypePOP");
  if (self->name != NULL)
    add_text (text, "EmailAccountName", self->name);
  if (self->address != NULL)
    add_text (text, "EmailAddress", self->address);
  add_server (text, self, "Incoming", incoming);
  add_server (text, self, "Outgoing", outgoing);
  add_truth (text, "OutgoingPasswordSameAsIncomingPassword", TRUE);
  add_truth (text, "PreventMove", FALSE);
  add_truth (text, "PreventAppSheet", FALSE);
  g_string_append (text, "</dict>\n");
}

char *
mobile_profile_write (const MobileProfile *self)
{
  const Configuration *configuration = self->configuration;
  const Offer *outgoing = offer_best (configuration, OFFER_SMTP);
  const Offer *incoming = offer_best (configuration, OFFER_IMAP);
  GString *text;

  if (incoming == NULL)
    incoming = offer_best (configuration, OFFER_POP3);
  if (incoming == NULL || outgoing == NULL)
    return NULL;
  g_autofree char *name = g_strdup_printf (_ ("Mail for %s"), self->domain);
  g_autofree char *description
      = g_strdup_printf (_ ("Sets up mail with the server %s."), configuration->hostname);

  text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                       "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                       "<plist version=\"1.0\">\n<dict>\n<key>PayloadContent</key>\n<array>\n");
  add_account (text, self, incoming, outgoing);
  g_string_append (text, "</array>\n");
  add_payload (text, self, "Configuration", "", name);
  add_text (text, "PayloadDescription", description);
  add_truth (text, "PayloadRemovalDisallowed", FALSE);
  g_string_append (text, "</dict>\n</plist>\n");
  return g_string_free (text, FALSE);
}

GBytes *
mobile_profile_sign (SSL *ssl, const char *text, GError **error)
{
  STACK_OF (X509) *chain = NULL;
  g_autoptr (BIO) content = BIO_new_mem_buf (text, -1);
  g_autoptr (BIO) written = BIO_new (BIO_s_mem ());
  g_autoptr (PKCS7) message
      = NULL; /* the same SignedData as of CMS, which Windows' OpenSSL lacks */
  char *bytes;
  long length;

  SSL_get0_chain_certs (ssl, &chain);
  if (content != NULL && written != NULL)
    message = PKCS7_sign (SSL_get_certificate (ssl), SSL_get_privatekey (ssl), chain, content,
                          PKCS7_BINARY);
  if (message == NULL || i2d_PKCS7_bio (written, message) != 1) {
    const char *reason = ERR_reason_error_string (ERR_peek_last_error ());
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "Cannot sign the profile: %s",
                 reason != NULL ? reason : "the certificate cannot sign");
    ERR_clear_error ();
    return NULL;
  }
  length = BIO_get_mem_data (written, &bytes);
  return g_bytes_new (bytes, (gsize)length);
}
