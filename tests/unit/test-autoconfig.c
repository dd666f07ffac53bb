/* Thunderbird's document, read as a program would. */
#include "web-fixture.h"
#include "http/autoconfig.h"
#include <libxml/parser.h>
#include <libxml/xpath.h>

#ifdef LIBXML_XPATH_ENABLED /* not on Windows, where libxml2 only reads */

static char *
evaluate (xmlDoc *document, const char *expression)
{
  xmlXPathContext *context = xmlXPathNewContext (document);
  g_autofree char *whole = g_strdup_printf ("string(%s)", expression);
  xmlXPathObject *result = xmlXPathEvalExpression ((const xmlChar *)whole, context);
  char *text = g_strdup ((const char *)result->stringval);

  xmlXPathFreeObject (result);
  xmlXPathFreeContext (context);
  return text;
}

static const struct {
  const char *expression, *value;
} facts[] = {
  { "/clientConfig/@version", "1.1" },
  { "//emailProvider/@id", "office.example" },
  { "//emailProvider/domain", "office.example" },
  { "count(//incomingServer)", "4" },
  { "//incomingServer[1]/@type", "imap" },
  { "//incomingServer[1]/hostname", "mail.office.example" },
  { "//incomingServer[1]/port", "993" },
  { "//incomingServer[1]/socketType", "SSL" },
  { "//incomingServer[1]/username", "%EMAILADDRESS%" },
  { "//incomingServer[1]/authentication", "password-cleartext" },
  { "//incomingServer[2]/socketType", "STARTTLS" },
  { "//incomingServer[3]/@type", "pop3" },
  { "count(//outgoingServer[@type='smtp'])", "2" },
  { "//outgoingServer[1]/port", "465" },
  { "//outgoingServer[2]/port", "587" },
  { "//documentation/@url", "https://mail.office.example/" },
  { "//documentation/descr[@lang='de']", "Mailprogramm einrichten" },
};

static void
assert_facts (xmlDoc *document)
{
  for (guint i = 0; i < G_N_ELEMENTS (facts); i++) {
    g_autofree char *value = evaluate (document, facts[i].expression);
    g_test_message ("%s", facts[i].expression);
    g_assert_cmpstr (value, ==, facts[i].value);
  }
}
#endif

static void
test_document (Web *self, gconstpointer data)
{
  g_autofree char *text = autoconfig_write (self->configuration, "office.example");
  xmlDoc *document = xmlReadMemory (text, (int)strlen (text), NULL, NULL, XML_PARSE_NONET);

  g_assert_nonnull (document);
#ifdef LIBXML_XPATH_ENABLED
  assert_facts (document);
#endif
  xmlFreeDoc (document);
}

static void
test_less (Web *self, gconstpointer data)
{
  g_autoptr (Configuration) configuration
      = web_configuration (self->folder, "imap=off,pop3=off,pop3s=off,submission=off,https=off", 0);
  g_autofree char *text = autoconfig_write (configuration, "office.example");

  g_assert_null (strstr (text, "STARTTLS"));
  g_assert_null (strstr (text, "pop3"));
  g_assert_null (strstr (text, "documentation"));
  g_assert_nonnull (strstr (text, "<port>993</port>"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/autoconfig/document", test_document);
  web_test ("/autoconfig/less", test_less);
  return g_test_run ();
}
