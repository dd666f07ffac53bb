/* What programs fetch, by host and address. */
#include "web-fixture.h"

static const struct {
  const char *host, *query;
  void (*page) (WebCall *call);
  guint status;
  const char *part;
} files[] = {
  { "autoconfig.office.example", NULL, page_autoconfig, 200, "id=\"office.example\"" },
  { "autoconfig.office.example", "emailaddress=nobody%40second.example", page_autoconfig, 200,
    "id=\"second.example\"" },
  { "anything.example", "emailaddress=anna%40office.example", page_autoconfig, 200,
    "id=\"office.example\"" },
  { "autoconfig.office.example", "emailaddress=anna%40other.example", page_autoconfig, 404, "" },
  { "autoconfig.other.example", NULL, page_autoconfig, 404, "" },
  { "mta-sts.office.example", NULL, page_mta_sts, 200, "mode: enforce\r\nmx: mail.office.example" },
  { "mta-sts.other.example", NULL, page_mta_sts, 404, "" },
  { "office.example", NULL, page_mta_sts, 404, "" },
  { "autodiscover.office.example", NULL, page_autodiscover, 200, "<ErrorCode>600<" },
  { "autodiscover.office.example", "Email=a&protocol=AutodiscoverV1", page_autodiscover_json, 200,
    "https://autodiscover.office.example/" },
  { "autodiscover.office.example", "Protocol=ActiveSync", page_autodiscover_json, 400,
    "InvalidProtocol" },
  { "mail.office.example", NULL, page_robots, 200, "Disallow: /" },
  { "mail.office.example", NULL, page_security, 200, "mailto:postmaster@office.example" },
  { "mail.office.example", NULL, page_style, 200, "prefers-color-scheme: dark" },
  { "mail.office.example", NULL, page_icon, 200, "<svg" },
  { "mail.office.example", "address=anna%40other.example", page_profile, 404, "" },
  { "mail.office.example", "address=%40office.example", page_profile, 404, "" },
};

static void
test_files (Web *self, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (WebCall) call = web_call_make (self, files[i].host, "/x", files[i].query, NULL);
    files[i].page (call);
    web_call_must_say (call, files[i].status, files[i].part);
  }
}

#define REQUEST(address)                                                                           \
  "<Autodiscover><Request><EMailAddress>" address "</EMailAddress></Request></Autodiscover>"

/* Who exists and who does not are answered alike. */
static void
test_autodiscover (Web *self, gconstpointer data)
{
  static const struct {
    const char *body, *part;
  } requests[] = { { REQUEST ("anna@office.example"), "<Type>IMAP</Type>" },
                   { REQUEST ("nobody@office.example"), "<Type>IMAP</Type>" },
                   { REQUEST ("anna@other.example"), "<ErrorCode>500<" },
                   { "rubbish", "<ErrorCode>600<" } };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++) {
    g_autoptr (WebCall) call
        = web_call_make (self, "autodiscover.office.example", "/x", NULL, requests[i].body);
    page_autodiscover (call);
    web_call_must_say (call, 200, requests[i].part);
  }
}

static void
test_profiles (Web *self, gconstpointer data)
{
  static const char *const queries[]
      = { NULL, "address=anna%40office.example", "address=nobody%40office.example" };

  for (guint i = 0; i < G_N_ELEMENTS (queries); i++) {
    g_autoptr (WebCall) call
        = web_call_make (self, "mail.office.example", "/mail.mobileconfig", queries[i], NULL);
    page_profile (call);
    g_assert_cmpuint (call->status, ==, 200);
    g_assert_cmpstr (call->type, ==, "application/x-apple-aspen-config");
    g_assert_cmpuint (*(guint8 *)g_bytes_get_data (call->answer, NULL), ==, 0x30); /* DER */
  }
  g_autoptr (WebCall) own = web_call_make (self, "mail.office.example", "/x", NULL, NULL);
  web_call_sign_in (self, own);
  page_own_profile (own);
  g_assert_cmpuint (own->status, ==, 200);
  g_assert_cmpstr (own->file_name, ==, "mail.mobileconfig");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  web_test ("/page-files/files", test_files);
  web_test ("/page-files/autodiscover", test_autodiscover);
  web_test ("/page-files/profiles", test_profiles);
  return g_test_run ();
}
