/* The first page: what to type into a mail program, and how. */
#include "http/offer.h"
#include "http/pages.h"
#include "http/qr-code.h"
#include "http/web-domain.h"
#include "http/web-html.h"
#include "http/web-settings.h"

#define PROFILE_PATH "/mail.mobileconfig"
#define STEPS_MOST 4

/* To explain one more program, add a line here. */
static const struct {
  const char *name; /* of a program, the same in every language; or NULL */
  WebText heading;
  WebText steps[STEPS_MOST];
  guint count;
  gboolean has_profile, has_code;
} programs[] = {
  { "Thunderbird",
    WEB_TEXTS,
    { TEXT_THUNDERBIRD_1, TEXT_THUNDERBIRD_2, TEXT_THUNDERBIRD_3 },
    3,
    FALSE,
    FALSE },
  { "Outlook",
    WEB_TEXTS,
    { TEXT_OUTLOOK_1, TEXT_OUTLOOK_2, TEXT_OUTLOOK_3, TEXT_OUTLOOK_4 },
    4,
    FALSE,
    FALSE },
  { NULL, TEXT_IPHONE, { TEXT_IPHONE_1, TEXT_IPHONE_2, TEXT_IPHONE_3 }, 3, TRUE, TRUE },
  { NULL,
    TEXT_APPLE_MAIL,
    { TEXT_APPLE_MAIL_1, TEXT_APPLE_MAIL_2, TEXT_APPLE_MAIL_3 },
    3,
    TRUE,
    FALSE },
  { NULL, TEXT_ANDROID, { TEXT_ANDROID_1, TEXT_ANDROID_2, TEXT_ANDROID_3 }, 3, FALSE, FALSE },
};

static void
add_code (GString *html, const WebCall *call, const char *path, WebText label)
{
  const char *host = *call->host != '\0' ? call->host : call->configuration->hostname;
  g_autofree char *url = offer_url (call->configuration, host, path);
  g_autofree char *svg = qr_code_svg (url, web_text (call->language, label));

  if (svg != NULL)
    g_string_append (html, svg);
}

static void
add_program (GString *html, const WebCall *call, guint index)
{
  const char *name = programs[index].name != NULL
      ? programs[index].name
      : web_text (call->language, programs[index].heading);

  html_add (html, "<details><summary>%s</summary>\n<ol>\n", name);
  for (guint i = 0; i < programs[index].count; i++)
    html_text (html, call, "li", programs[index].steps[i]);
  g_string_append (html, "</ol>\n");
  if (programs[index].has_code)
    add_code (html, call, PROFILE_PATH, TEXT_QR_PROFILE);
  if (programs[index].has_profile)
    html_add (html, "<p><a class=\"button\" href=\"" PROFILE_PATH "\">%s</a></p>\n",
              web_text (call->language, TEXT_GET_PROFILE));
  g_string_append (html, "</details>\n");
}

static void
add_how_to (GString *html, const WebCall *call)
{
  html_text (html, call, "h2", TEXT_HOW_TO);
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    add_program (html, call, i);
}

static void
add_personal (GString *html, const WebCall *call)
{
  if (!setting_number (SETTING_WEB_SIGN_IN) || call->session != NULL)
    return;
  html_text (html, call, "h2", TEXT_PERSONAL_HEADING);
  html_text (html, call, "p", TEXT_PERSONAL_LEAD);
  html_add (html, "<p><a class=\"button\" href=\"/sign-in\">%s</a></p>\n",
            web_text (call->language, TEXT_SIGN_IN));
}

static void
add_phone (GString *html, const WebCall *call)
{
  g_string_append (html, "<aside class=\"phone\">\n");
  add_code (html, call, "/", TEXT_QR_PAGE);
  g_string_append (html, "<div>\n");
  html_text (html, call, "h2", TEXT_ON_PHONE);
  html_text (html, call, "p", TEXT_ON_PHONE_LEAD);
  g_string_append (html, "</div></aside>\n");
}

static void
lead_to_people (WebCall *call)
{
  g_autofree char *url = offer_url (call->configuration, call->configuration->hostname, "/");

  web_call_redirect (call, url);
}

void
page_settings (WebCall *call)
{
  if (!web_domain_is_for_people (call)) {
    lead_to_people (call);
    return;
  }
  g_autofree char *domain = web_domain_to_show (call);
  const char *shown = domain != NULL ? domain : call->configuration->hostname;
  g_autofree char *heading
      = g_strdup_printf (web_text (call->language, TEXT_SETTINGS_HEADING), shown);
  GString *html = html_begin (call, TEXT_SETTINGS);

  html_add (html, "<h1>%s</h1>\n", heading);
  html_text (html, call, "p class=\"lead\"", TEXT_SETTINGS_LEAD);
  html_text (html, call, "h2", TEXT_TYPE_HEADING);
  web_settings_add (html, call, shown, NULL);
  add_how_to (html, call);
  add_phone (html, call);
  add_personal (html, call);
  html_end (call, SOUP_STATUS_OK, html);
}
