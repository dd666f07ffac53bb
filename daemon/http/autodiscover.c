/* Reads and writes Autodiscover's documents. */
#include "http/autodiscover.h"
#include "http/offer.h"
#include <jansson.h>
#include <libxml/xmlreader.h>
#include <string.h>

#define RESPONSE "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
#define OUTLOOK_RESPONSE                                                                           \
  "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
#define DEPTH_MOST 8
#define TEXT_MOST 1024
/* Nothing is fetched, no entity is put in, and libxml2's own bounds stay. */
#define PARSE_OPTIONS                                                                              \
  (XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA)

static const struct {
  guint code;
  const char *message;
} errors[] = {
  [AUTODISCOVER_INVALID] = { 600, "Invalid Request" },
  [AUTODISCOVER_OTHER] = { 601, "Provider is not available" },
  [AUTODISCOVER_STRANGER] = { 500, "The email address can't be found." },
};

static const char *const types[]
    = { [OFFER_IMAP] = "IMAP", [OFFER_POP3] = "POP3", [OFFER_SMTP] = "SMTP" };

typedef struct {
  xmlTextReader *reader;
  GString *text; /* of the element that is open, when it is one of ours */
  char *address, *schema;
  const char *open; /* its name, or NULL */
} Parser;

static const char *
known_name (const char *name)
{
  static const char *const names[] = { "EMailAddress", "AcceptableResponseSchema" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (name, names[i]) == 0)
      return names[i];
  return NULL;
}

/* The first of each kind counts. */
static void
take_text (Parser *self)
{
  char **place = *self->open == 'E' ? &self->address : &self->schema;

  if (*place == NULL)
    *place = g_strstrip (g_strdup (self->text->str));
  self->open = NULL;
}

/* FALSE: it is not what we take. */
static gboolean
take_node (Parser *self)
{
  const char *name = (const char *)xmlTextReaderConstLocalName (self->reader);
  const char *value = (const char *)xmlTextReaderConstValue (self->reader);

  switch (xmlTextReaderNodeType (self->reader)) {
  case XML_READER_TYPE_DOCUMENT_TYPE:
  case XML_READER_TYPE_ENTITY_REFERENCE:
    return FALSE;
  case XML_READER_TYPE_ELEMENT:
    self->open = xmlTextReaderIsEmptyElement (self->reader) ? NULL : known_name (name);
    g_string_truncate (self->text, 0);
    break;
  case XML_READER_TYPE_TEXT:
    if (self->open != NULL && value != NULL)
      g_string_append (self->text, value);
    break;
  case XML_READER_TYPE_END_ELEMENT:
    if (self->open != NULL)
      take_text (self);
    break;
  default:
    break;
  }
  return xmlTextReaderDepth (self->reader) <= DEPTH_MOST && self->text->len <= TEXT_MOST;
}

static gboolean
read_all (Parser *self)
{
  int more;

  while ((more = xmlTextReaderRead (self->reader)) == 1)
    if (!take_node (self))
      return FALSE;
  return more == 0;
}

static AutodiscoverResult
judge (const Parser *self)
{
  if (self->schema != NULL && strcmp (self->schema, OUTLOOK_RESPONSE) != 0)
    return AUTODISCOVER_OTHER;
  return self->address != NULL && strchr (self->address, '@') != NULL ? AUTODISCOVER_FOUND
                                                                      : AUTODISCOVER_INVALID;
}

char *
autodiscover_parse (const char *request, gsize length, AutodiscoverResult *result)
{
  Parser self = { .text = g_string_new (NULL) };

  *result = AUTODISCOVER_INVALID;
  self.reader = length > 0 && length <= G_MAXINT
      ? xmlReaderForMemory (request, (int)length, NULL, NULL, PARSE_OPTIONS)
      : NULL;
  if (self.reader != NULL && read_all (&self))
    *result = judge (&self);
  if (self.reader != NULL)
    xmlFreeTextReader (self.reader);
  g_string_free (self.text, TRUE);
  g_free (self.schema);
  if (*result != AUTODISCOVER_FOUND)
    g_clear_pointer (&self.address, g_free);
  return self.address;
}

/* "SPA" must be told, as Outlook takes it as on when it is missing. Of "SSL" and "Encryption" the
 * second counts for those that know it, and says which of both kinds of TLS it is. */
static void
write_protocol (GString *text, const Configuration *configuration, const Offer *offer,
                const char *address)
{
  g_autofree char *part = g_markup_printf_escaped ("      <Protocol>\n"
                                                   "        <Type>%s</Type>\n"
                                                   "        <Server>%s</Server>\n"
                                                   "        <Port>%u</Port>\n"
                                                   "        <DomainRequired>off</DomainRequired>\n"
                                                   "        <LoginName>%s</LoginName>\n"
                                                   "        <SPA>off</SPA>\n"
                                                   "        <SSL>on</SSL>\n"
                                                   "        <Encryption>%s</Encryption>\n"
                                                   "        <AuthRequired>on</AuthRequired>\n",
                                                   types[offer->protocol], configuration->hostname,
                                                   offer_port (configuration, offer), address,
                                                   offer->implicit_tls ? "SSL" : "TLS");

  g_string_append (text, part);
  if (offer->protocol == OFFER_SMTP)
    g_string_append (text,
                     "        <UsePOPAuth>on</UsePOPAuth>\n"
                     "        <SMTPLast>off</SMTPLast>\n");
  g_string_append (text, "      </Protocol>\n");
}

/* Outlook takes the first protocol it can use: the best of each kind. */
char *
autodiscover_write (const Configuration *configuration, const char *address)
{
  static const OfferProtocol order[] = { OFFER_IMAP, OFFER_POP3, OFFER_SMTP };
  GString *text = g_string_new ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                "<Autodiscover xmlns=\"" RESPONSE "\">\n"
                                "  <Response xmlns=\"" OUTLOOK_RESPONSE "\">\n");
  g_autofree char *user = g_markup_printf_escaped (
      "    <User>\n      <DisplayName>%s</DisplayName>\n    </User>\n", address);

  g_string_append (text, user);
  g_string_append (text,
                   "    <Account>\n"
                   "      <AccountType>email</AccountType>\n"
                   "      <Action>settings</Action>\n");
  for (guint i = 0; i < G_N_ELEMENTS (order); i++) {
    const Offer *offer = offer_best (configuration, order[i]);
    if (offer != NULL)
      write_protocol (text, configuration, offer, address);
  }
  g_string_append (text, "    </Account>\n  </Response>\n</Autodiscover>\n");
  return g_string_free (text, FALSE);
}

char *
autodiscover_write_error (AutodiscoverResult result)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");

  return g_markup_printf_escaped ("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                                  "<Autodiscover xmlns=\"" RESPONSE "\">\n"
                                  "  <Response>\n"
                                  "    <Error Time=\"%s\" Id=\"0\">\n"
                                  "      <ErrorCode>%u</ErrorCode>\n"
                                  "      <Message>%s</Message>\n"
                                  "      <DebugData />\n"
                                  "    </Error>\n"
                                  "  </Response>\n"
                                  "</Autodiscover>\n",
                                  time, errors[result].code, errors[result].message);
}

char *
autodiscover_write_json (const Configuration *configuration, const char *host, const char *protocol,
                         gboolean *known)
{
  g_autofree char *url = offer_url (configuration, host, "/autodiscover/autodiscover.xml");
  json_t *answer;

  *known = g_ascii_strcasecmp (protocol, "AutodiscoverV1") == 0;
  answer = *known ? json_pack ("{s:s, s:s}", "Protocol", "AutodiscoverV1", "Url", url)
                  : json_pack ("{s:s, s:s}", "ErrorCode", "InvalidProtocol", "ErrorMessage",
                               "The given protocol value is invalid. Supported values are "
                               "'AutodiscoverV1'.");
  char *dumped = json_dumps (answer, JSON_COMPACT);
  char *text = g_strdup (dumped != NULL ? dumped : "{}");
  free (dumped);
  json_decref (answer);
  return text;
}
