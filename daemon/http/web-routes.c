/* The table of paths. */
#include "http/web-routes.h"
#include "http/pages.h"
#include "settings.h"
#include <string.h>

/* To add a page, add a line here and a function in pages.h. */
static const WebRoute routes[] = {
  { "/", 0, FALSE, page_settings },
  { PAGE_STYLE_PATH, 0, FALSE, page_style },
  { "/icon.svg", 0, FALSE, page_icon },
  { "/sign-in", WEB_PERSONAL, FALSE, page_sign_in },
  { "/sign-in", WEB_PERSONAL | WEB_FORM | WEB_VERIFIES, TRUE, page_do_sign_in },
  { "/sign-out", WEB_PERSONAL | WEB_FORM | WEB_SIGNED_IN, TRUE, page_do_sign_out },
  { "/account", WEB_PERSONAL | WEB_SIGNED_IN, FALSE, page_account },
  { "/account/password", WEB_PERSONAL | WEB_FORM | WEB_SIGNED_IN | WEB_VERIFIES, TRUE,
    page_do_password },
  { "/account/devices", WEB_PERSONAL | WEB_FORM | WEB_SIGNED_IN, TRUE, page_do_add_device },
  { "/account/devices/remove", WEB_PERSONAL | WEB_FORM | WEB_SIGNED_IN, TRUE,
    page_do_remove_device },
  { "/account/mail.mobileconfig", WEB_PERSONAL | WEB_SIGNED_IN, FALSE, page_own_profile },
  { "/mail.mobileconfig", 0, FALSE, page_profile },
  { "/robots.txt", 0, FALSE, page_robots },
  { "/.well-known/change-password", WEB_PERSONAL, FALSE, page_change_password },
  { "/.well-known/security.txt", 0, FALSE, page_security },
  { "/.well-known/mta-sts.txt", 0, FALSE, page_mta_sts },
  { "/mail/config-v1.1.xml", 0, FALSE, page_autoconfig },
  { "/.well-known/autoconfig/mail/config-v1.1.xml", 0, FALSE, page_autoconfig },
  { "/autodiscover/autodiscover.xml", WEB_ANY_CASE, FALSE, page_autodiscover },
  { "/autodiscover/autodiscover.xml", WEB_ANY_CASE | WEB_BODY, TRUE, page_autodiscover },
  { "/autodiscover/autodiscover.json", WEB_ANY_CASE | WEB_PREFIX, FALSE, page_autodiscover_json },
};

static gboolean
fits (const WebRoute *route, const char *path)
{
  const gsize length = strlen (route->path);
  const gboolean is_same = route->needs & WEB_ANY_CASE
      ? g_ascii_strncasecmp (path, route->path, length) == 0
      : strncmp (path, route->path, length) == 0;

  return is_same && (path[length] == '\0' || ((route->needs & WEB_PREFIX) && path[length] == '/'));
}

const WebRoute *
web_route_find (const char *path, gboolean is_post, gboolean *method_wrong)
{
  *method_wrong = FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++) {
    if (!fits (&routes[i], path)
        || ((routes[i].needs & WEB_PERSONAL) && !setting_number (SETTING_WEB_SIGN_IN)))
      continue;
    if (routes[i].posts == is_post)
      return &routes[i];
    *method_wrong = TRUE;
  }
  return NULL;
}
