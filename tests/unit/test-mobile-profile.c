/* Profiles: what stands in them, and their signature. */
#include "web-fixture.h"
#include "http/mobile-profile.h"
#include "http/web-trust.h"
#include <openssl/pkcs7.h>

static char *
write_profile (Web *self, const char *address, const char *name)
{
  const MobileProfile profile = { self->configuration, "office.example", address, name };

  language_speak (SPEAK_GERMAN);
  return mobile_profile_write (&profile);
}

static void
test_content (Web *self, gconstpointer data)
{
  static const char *const parts[]
      = { "<key>PayloadType</key><string>com.apple.mail.managed</string>",
          "<key>EmailAddress</key><string>anna@office.example</string>",
          "<key>EmailAccountName</key><string>Anna &lt;A&gt;</string>",
          "<key>IncomingMailServerHostName</key><string>mail.office.example</string>",
          "<key>IncomingMailServerPortNumber</key><integer>993</integer>",
          "<key>OutgoingMailServerPortNumber</key><integer>465</integer>",
          "<key>OutgoingMailServerUsername</key><string>anna@office.example</string>",
          "<key>PayloadDisplayName</key><string>Mail für office.example</string>" };
  g_autofree char *text = write_profile (self, ANNA, "Anna <A>");
  g_autofree char *again = write_profile (self, ANNA, "Anna <A>");
  g_autofree char *other = write_profile (self, "bert@office.example", NULL);
  g_autofree char *nobody = write_profile (self, NULL, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_nonnull (strstr (text, parts[i]));
  g_assert_null (strstr (text, "<key>IncomingPassword<"));
  g_assert_cmpstr (text, ==, again); /* a newer one takes its place */
  g_assert_cmpint (strncmp (strstr (text, "PayloadUUID"), strstr (other, "PayloadUUID"), 60), !=,
                   0);
  g_assert_null (strstr (nobody, "EmailAddress<"));
  g_assert_null (strstr (nobody, "IncomingMailServerUsername"));
}

static void
test_nothing (Web *self, gconstpointer data)
{
  g_autoptr (Configuration) configuration
      = web_configuration (self->folder, "submission=off,submissions=off", 0);
  const MobileProfile profile = { configuration, "office.example", NULL, NULL };

  g_assert_null (mobile_profile_write (&profile));
}

static void
test_signature (Web *self, gconstpointer data)
{
  g_autoptr (SSL) ssl = tls_contexts_accept (self->tls);
  g_autofree char *text = write_profile (self, ANNA, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = mobile_profile_sign (ssl, text, &error);
  gsize length;

  g_assert_no_error (error);
  const guint8 *at = g_bytes_get_data (bytes, &length);
  PKCS7 *message = d2i_PKCS7 (NULL, &at, (long)length);
  BIO *content = BIO_new (BIO_s_mem ());
  char *read;

  g_assert_nonnull (message);
  g_assert_cmpint (PKCS7_verify (message, NULL, NULL, NULL, content, PKCS7_NOVERIFY | PKCS7_BINARY),
                   ==, 1);
  g_assert_cmpmem (text, strlen (text), (BIO_get_mem_data (content, &read), read),
                   (gsize)BIO_get_mem_data (content, &read));
  BIO_free (content);
  PKCS7_free (message);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/mobile-profile/content", test_content);
  web_test ("/mobile-profile/nothing", test_nothing);
  web_test ("/mobile-profile/signature", test_signature);
  return g_test_run ();
}
