/* Outlook's requests, good and hostile, and what it is answered. */
#include "web-fixture.h"
#include "http/autodiscover.h"

#define REQUEST "http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"
#define SCHEMA "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
#define BODY(inside)                                                                               \
  "<Autodiscover xmlns=\"" REQUEST "\"><Request>" inside "</Request></Autodiscover>"

static const struct {
  const char *text;
  const char *address; /* NULL: RESULT says why not */
  AutodiscoverResult result;
} requests[] = {
  { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" BODY (
        "<EMailAddress>anna@office.example</EMailAddress>"
        "<AcceptableResponseSchema>" SCHEMA "</AcceptableResponseSchema>"),
    "anna@office.example", AUTODISCOVER_FOUND },
  { BODY ("<AcceptableResponseSchema>" SCHEMA "</AcceptableResponseSchema>"
          "<LegacyDN/><EMailAddress>\n  Anna@Office.example </EMailAddress>"),
    "Anna@Office.example", AUTODISCOVER_FOUND },
  { BODY ("<EMailAddress>a&amp;b@x.example</EMailAddress>"), "a&b@x.example", AUTODISCOVER_FOUND },
  { BODY ("<EMailAddress><![CDATA[a@x.example]]></EMailAddress>"), "a@x.example",
    AUTODISCOVER_FOUND },
  { "<o:Autodiscover xmlns:o=\"" REQUEST "\"><o:Request><o:EMailAddress>a@x.example"
    "</o:EMailAddress></o:Request></o:Autodiscover>",
    "a@x.example", AUTODISCOVER_FOUND },
  { BODY ("<EMailAddress>first@x.example</EMailAddress><EMailAddress>b@x.example</EMailAddress>"),
    "first@x.example", AUTODISCOVER_FOUND },
  { BODY ("<EMailAddress>a@x.example</EMailAddress><AcceptableResponseSchema>http://schemas."
          "microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
          "</AcceptableResponseSchema>"),
    NULL, AUTODISCOVER_OTHER },
  { BODY ("<EMailAddress>nobody</EMailAddress>"), NULL, AUTODISCOVER_INVALID },
  { BODY ("<EMailAddress/>"), NULL, AUTODISCOVER_INVALID },
  { BODY (""), NULL, AUTODISCOVER_INVALID },
  { "", NULL, AUTODISCOVER_INVALID },
  { "EMailAddress=a@x.example", NULL, AUTODISCOVER_INVALID },
  { "<Autodiscover><Request><EMailAddress>a@x.example</EMailAddress>", NULL, AUTODISCOVER_INVALID },
  { "<!DOCTYPE a [<!ENTITY e \"b@x.example\">]>" BODY ("<EMailAddress>&e;</EMailAddress>"), NULL,
    AUTODISCOVER_INVALID },
  { "<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" BODY ("<EMailAddress>a@x.example</EMailAddress>"),
    NULL, AUTODISCOVER_INVALID },
  { BODY ("<EMailAddress>&unknown;a@x.example</EMailAddress>"), NULL, AUTODISCOVER_INVALID },
  { BODY ("<a><b><c><d><e><f><g><h><i/></h></g></f></e></d></c></b></a>"), NULL,
    AUTODISCOVER_INVALID },
};

static void
test_requests (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    AutodiscoverResult result;
    g_autofree char *address
        = autodiscover_parse (requests[i].text, strlen (requests[i].text), &result);

    g_test_message ("%s", requests[i].text);
    g_assert_cmpstr (address, ==, requests[i].address);
    g_assert_cmpint (result, ==, requests[i].result);
  }
}

static void
test_long (void)
{
  g_autofree char *many = g_strnfill (50000, 'a');
  g_autofree char *text
      = g_strdup_printf (BODY ("<EMailAddress>%s@x.example</EMailAddress>"), many);
  AutodiscoverResult result;

  g_assert_null (autodiscover_parse (text, strlen (text), &result));
  g_assert_cmpint (result, ==, AUTODISCOVER_INVALID);
}

static void
test_answer (Web *self, gconstpointer data)
{
  g_autofree char *text = autodiscover_write (self->configuration, "a&b@office.example");
  static const char *const parts[] = {
    "<LoginName>a&amp;b@office.example</LoginName>",
    "<Type>IMAP</Type>\n        <Server>mail.office.example</Server>\n        <Port>993</Port>",
    "<Type>SMTP</Type>\n        <Server>mail.office.example</Server>\n        <Port>465</Port>",
    "<SPA>off</SPA>",
    "<Encryption>SSL</Encryption>",
    "<AccountType>email</AccountType>",
    "<Action>settings</Action>",
    SCHEMA
  };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_nonnull (strstr (text, parts[i]));
  /* Without the first kind of TLS: the other. */
  g_autoptr (Configuration) less = web_configuration (self->folder, "imaps=off,submissions=off", 0);
  g_autofree char *other = autodiscover_write (less, "a@office.example");
  g_assert_nonnull (strstr (other, "<Port>143</Port>"));
  g_assert_nonnull (strstr (other, "<Encryption>TLS</Encryption>"));
}

static void
test_error (void)
{
  static const struct {
    AutodiscoverResult result;
    const char *part;
  } errors[] = { { AUTODISCOVER_INVALID, "<ErrorCode>600</ErrorCode>" },
                 { AUTODISCOVER_OTHER, "<ErrorCode>601</ErrorCode>" },
                 { AUTODISCOVER_STRANGER, "<ErrorCode>500</ErrorCode>" } };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++) {
    g_autofree char *text = autodiscover_write_error (errors[i].result);
    g_assert_nonnull (strstr (text, errors[i].part));
  }
}

static void
test_json (Web *self, gconstpointer data)
{
  gboolean known;
  g_autofree char *right = autodiscover_write_json (
      self->configuration, "autodiscover.office.example", "autodiscoverV1", &known);

  g_assert_true (known);
  g_assert_cmpstr (right, ==,
                   "{\"Protocol\":\"AutodiscoverV1\",\"Url\":\"https://autodiscover.office.example/"
                   "autodiscover/autodiscover.xml\"}");
  g_autofree char *wrong
      = autodiscover_write_json (self->configuration, "autodiscover.office.example", "EWS", &known);
  g_assert_false (known);
  g_assert_nonnull (strstr (wrong, "InvalidProtocol"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/autodiscover/requests", test_requests);
  g_test_add_func ("/autodiscover/long", test_long);
  web_test ("/autodiscover/answer", test_answer);
  g_test_add_func ("/autodiscover/error", test_error);
  web_test ("/autodiscover/json", test_json);
  return g_test_run ();
}
