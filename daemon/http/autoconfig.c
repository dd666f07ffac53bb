/* Writes clientConfig. */
#include "http/autoconfig.h"
#include "accept-language.h"
#include "http/offer.h"
#include "language.h"

static const struct {
  const char *element, *type;
} protocols[] = {
  [OFFER_IMAP] = { "incomingServer", "imap" },
  [OFFER_POP3] = { "incomingServer", "pop3" },
  [OFFER_SMTP] = { "outgoingServer", "smtp" },
};

/* "password-cleartext" is a password inside TLS; "password-encrypted" would mean CRAM-MD5. */
static void
write_server (GString *text, const Configuration *configuration, const Offer *offer)
{
  const guint port = offer_port (configuration, offer);
  const char *element = protocols[offer->protocol].element;
  char *part;

  if (port == 0)
    return;
  part = g_markup_printf_escaped ("    <%s type=\"%s\">\n"
                                  "      <hostname>%s</hostname>\n"
                                  "      <port>%u</port>\n"
                                  "      <socketType>%s</socketType>\n"
                                  "      <username>%%EMAILADDRESS%%</username>\n"
                                  "      <authentication>password-cleartext</authentication>\n"
                                  "    </%s>\n",
                                  element, protocols[offer->protocol].type, configuration->hostname,
                                  port, offer->implicit_tls ? "SSL" : "STARTTLS", element);
  g_string_append (text, part);
  g_free (part);
}

/* Programs take the first they can use: incoming servers in their order, then the outgoing ones. */
static void
write_servers (GString *text, const Configuration *configuration, gboolean outgoing)
{
  guint count;
  const Offer *all = offers (&count);

  for (guint i = 0; i < count; i++)
    if ((all[i].protocol == OFFER_SMTP) == outgoing)
      write_server (text, configuration, &all[i]);
}

static void
write_documentation (GString *text, const Configuration *configuration)
{
  g_autofree char *url = offer_url (configuration, configuration->hostname, "/");
  g_autofree char *begin = g_markup_printf_escaped ("    <documentation url=\"%s\">\n", url);

  if (configuration->listen[LISTEN_HTTPS][0] == NULL)
    return;
  g_string_append (text, begin);
  for (Language i = 0; i < LANGUAGES; i++) {
    const Speech before = language_speak (language_speech (i));
    g_autofree char *line = g_markup_printf_escaped (
        "      <descr lang=\"%s\">%s</descr>\n", language_tag (i), _ ("Set up your mail program"));
    language_speak (before);
    g_string_append (text, line);
  }
  g_string_append (text, "    </documentation>\n");
}

char *
autoconfig_write (const Configuration *configuration, const char *domain)
{
  GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<clientConfig version=\"1.1\">\n");
  g_autofree char *head = g_markup_printf_escaped ("  <emailProvider id=\"%s\">\n"
                                                   "    <domain>%s</domain>\n"
                                                   "    <displayName>%s</displayName>\n"
                                                   "    <displayShortName>%s</displayShortName>\n",
                                                   domain, domain, domain, domain);

  g_string_append (text, head);
  write_servers (text, configuration, FALSE);
  write_servers (text, configuration, TRUE);
  write_documentation (text, configuration);
  g_string_append (text, "  </emailProvider>\n</clientConfig>\n");
  return g_string_free (text, FALSE);
}
