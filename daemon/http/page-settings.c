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
  const char *heading; /* a program's name is the same in every language */
  const char *steps[STEPS_MOST];
  gboolean has_profile, has_code;
} programs[] = {
  { "Thunderbird",
    { N_ ("Open the menu ☰ and choose “New account”, then “Email”."),
      N_ ("Type your name and your mail address. Thunderbird asks this server for everything "
          "else."),
      N_ ("Type your password or an app password, and finish.") },
    FALSE,
    FALSE },
  { "Outlook",
    { N_ ("Choose “File”, then “Add account”, and type your mail address."),
      N_ ("Under “Advanced options” tick “Let me set up my account manually”, and connect."),
      N_ ("Choose IMAP, and type servers, ports and encryption as they stand above."),
      N_ ("Type your password or an app password. “Secure Password Authentication” stays off.") },
    FALSE,
    FALSE },
  { N_ ("iPhone and iPad"),
    { N_ ("Point the camera at the code, or open this page in Safari there, and load the profile."),
      N_ ("Open “Settings”: “Profile Downloaded” stands at the top. Install it."),
      N_ ("Type your mail address and your password or an app password.") },
    TRUE,
    TRUE },
  { N_ ("Mail on a Mac"),
    { N_ ("Download the profile below and open it."),
      N_ ("In the system settings search for “Profiles”, choose the new one and install it."),
      N_ ("Type your password or an app password when it asks.") },
    TRUE,
    FALSE },
  { N_ ("Android"),
    { N_ ("Install Thunderbird (which was K-9 Mail) or FairEmail from the app store or from "
          "F-Droid."),
      N_ ("Type your mail address: both find the servers by themselves. In FairEmail this is "
          "called “Quick setup”."),
      N_ ("Type your password or an app password. The Gmail app works, too: add an account, choose "
          "“Other”, and type what stands above.") },
    FALSE,
    FALSE },
};

static void
add_code (GString *html, const WebCall *call, const char *path, const char *label)
{
  const char *host = *call->host != '\0' ? call->host : call->configuration->hostname;
  g_autofree char *url = offer_url (call->configuration, host, path);
  g_autofree char *svg = qr_code_svg (url, label);

  if (svg != NULL)
    g_string_append (html, svg);
}

static void
add_program (GString *html, const WebCall *call, guint index)
{
  html_add (html, "<details><summary>%s</summary>\n<ol>\n", _ (programs[index].heading));
  for (guint i = 0; i < STEPS_MOST && programs[index].steps[i] != NULL; i++)
    html_text (html, "li", _ (programs[index].steps[i]));
  g_string_append (html, "</ol>\n");
  if (programs[index].has_code)
    add_code (html, call, PROFILE_PATH, _ ("QR code that leads to the profile"));
  if (programs[index].has_profile)
    html_add (html, "<p><a class=\"button\" href=\"" PROFILE_PATH "\">%s</a></p>\n",
              _ ("Download the profile"));
  g_string_append (html, "</details>\n");
}

static void
add_how_to (GString *html, const WebCall *call)
{
  html_text (html, "h2", _ ("Step by step"));
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    add_program (html, call, i);
}

static void
add_personal (GString *html, const WebCall *call)
{
  if (!setting_number (SETTING_WEB_SIGN_IN) || call->session != NULL)
    return;
  html_text (html, "h2", _ ("Your own account"));
  html_text (html, "p",
             _ ("Sign in to change your password, and to make app passwords: one for each device, "
                "which you can revoke when the device is lost."));
  html_add (html, "<p><a class=\"button\" href=\"/sign-in\">%s</a></p>\n", _ ("Sign in"));
}

static void
add_phone (GString *html, const WebCall *call)
{
  g_string_append (html, "<aside class=\"phone\">\n");
  add_code (html, call, "/", _ ("QR code that leads to this page"));
  g_string_append (html, "<div>\n");
  html_text (html, "h2", _ ("On your phone"));
  html_text (html, "p", _ ("The code leads to this page, so that you can copy what stands here."));
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
  g_autofree char *heading = g_strdup_printf (_ ("Mail for %s"), shown);
  GString *html = html_begin (call, _ ("Set up your mail program"));

  html_add (html, "<h1>%s</h1>\n", heading);
  html_text (
      html, "p class=\"lead\"",
      _ ("Most mail programs find everything here by themselves: add an account, and type your "
         "mail address and your password. If yours asks for more, this is what it wants to know."));
  html_text (html, "h2", _ ("What to type in"));
  web_settings_add (html, call, shown, NULL);
  add_how_to (html, call);
  add_phone (html, call);
  add_personal (html, call);
  html_end (call, SOUP_STATUS_OK, html);
}
