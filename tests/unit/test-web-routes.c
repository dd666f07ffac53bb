/* Which path is answered by what. */
#include "http/web-routes.h"
#include "http/pages.h"

static const struct {
  const char *path;
  gboolean posts;
  void (*run) (WebCall *call); /* NULL: nothing */
  gboolean method_wrong;
} paths[] = {
  { "/", FALSE, page_settings, FALSE },
  { "/", TRUE, NULL, TRUE },
  { "", FALSE, NULL, FALSE },
  { "/sign-in", FALSE, page_sign_in, FALSE },
  { "/sign-in", TRUE, page_do_sign_in, FALSE },
  { "/sign-in/", FALSE, NULL, FALSE },
  { "/Sign-In", FALSE, NULL, FALSE },
  { "/sign-out", FALSE, NULL, TRUE },
  { "/Autodiscover/Autodiscover.xml", TRUE, page_autodiscover, FALSE },
  { "/AUTODISCOVER/AUTODISCOVER.XML", FALSE, page_autodiscover, FALSE },
  { "/autodiscover/autodiscover.xml/", TRUE, NULL, FALSE },
  { "/autodiscover/autodiscover.json", FALSE, page_autodiscover_json, FALSE },
  { "/Autodiscover/autodiscover.json/v1.0/a@b.example", FALSE, page_autodiscover_json, FALSE },
  { "/autodiscover/autodiscover.jsonx", FALSE, NULL, FALSE },
  { "/.well-known/mta-sts.txt", FALSE, page_mta_sts, FALSE },
  { "/mail/config-v1.1.xml", FALSE, page_autoconfig, FALSE },
};

static void
test_paths (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++) {
    gboolean method_wrong;
    const WebRoute *route = web_route_find (paths[i].path, paths[i].posts, &method_wrong);

    g_test_message ("%s", paths[i].path);
    g_assert_true ((route != NULL ? route->run : NULL) == paths[i].run);
    if (route == NULL)
      g_assert_cmpint (method_wrong, ==, paths[i].method_wrong);
  }
}

/* Whatever changes something is a form, and needs a session or the password. */
static void
test_needs (void)
{
  static const char *const changing[]
      = { "/sign-out", "/account/password", "/account/devices", "/account/devices/remove" };

  for (guint i = 0; i < G_N_ELEMENTS (changing); i++) {
    gboolean method_wrong;
    const WebRoute *route = web_route_find (changing[i], TRUE, &method_wrong);
    g_assert_nonnull (route);
    g_assert_cmpuint (route->needs & (WEB_FORM | WEB_SIGNED_IN), ==, WEB_FORM | WEB_SIGNED_IN);
  }
}

static void
test_switched_off (void)
{
  static const char *const personal[] = { "/sign-in", "/account", "/account/mail.mobileconfig" };
  gboolean method_wrong;

  g_assert_true (setting_set (SETTING_WEB_SIGN_IN, "no", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (personal); i++) {
    g_assert_null (web_route_find (personal[i], FALSE, &method_wrong));
    g_assert_false (method_wrong);
  }
  g_assert_nonnull (web_route_find ("/", FALSE, &method_wrong));
  g_assert_true (setting_set (SETTING_WEB_SIGN_IN, "yes", NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-routes/paths", test_paths);
  g_test_add_func ("/web-routes/needs", test_needs);
  g_test_add_func ("/web-routes/switched-off", test_switched_off);
  return g_test_run ();
}
