/* The frame of a page, and that nothing from outside becomes HTML. */
#include "web-fixture.h"
#include "http/web-html.h"

static void
test_escape (void)
{
  g_autoptr (GString) html = g_string_new (NULL);

  html_add (html, "<p title=\"%s\">%s</p>", "\"><script>", "<b> & 'c'");
  g_assert_cmpstr (html->str, ==,
                   "<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt; &amp; &apos;c&apos;</p>");
}

static void
test_frame (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/", NULL, NULL);
  g_autoptr (GString) notices = g_string_new (NULL);

  web_call_speak (call, LANGUAGE_GERMAN);
  html_end (call, SOUP_STATUS_OK, html_begin (call, _ ("Set up your mail program")));
  web_call_must_say (call, SOUP_STATUS_OK, "<html lang=\"de\">");
  web_call_must_say (call, SOUP_STATUS_OK, "href=\"/?language=en\" lang=\"en\"");
  web_call_must_say (call, SOUP_STATUS_OK, "href=\"/sign-in\"");
  web_call_must_say (call, SOUP_STATUS_OK, "<title>Mailprogramm einrichten");
  html_notice (notices, NULL, TRUE);
  g_assert_cmpuint (notices->len, ==, 0);
  html_notice (notices, "a < b", TRUE);
  g_assert_cmpstr (notices->str, ==, "<p class=\"problem\" role=\"alert\">a &lt; b</p>\n");
}

static void
test_forms (Web *self, gconstpointer data)
{
  g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/account", NULL, NULL);
  g_autoptr (GString) html = g_string_new (NULL);

  web_call_sign_in (self, call);
  html_form (html, call, "/x");
  html_field (html, "name", "text", "Name of the device", "off", "<v>", "a hint");
  html_form_end (html, "Make");
  g_assert_nonnull (strstr (html->str, call->session->form_token));
  g_assert_nonnull (strstr (html->str, "value=\"&lt;v&gt;\""));
  g_assert_nonnull (strstr (html->str, "<label for=\"name\">"));
  g_assert_nonnull (strstr (html->str, "aria-describedby=\"name-hint\""));
  g_assert_null (strstr (html->str, call->token));
}

/* The policy of the pages forbids scripts and styles in them. */
static void
test_plain (Web *self, gconstpointer data)
{
  static void (*const pages[]) (WebCall * call)
      = { page_settings, page_sign_in, page_missing, page_forbidden, page_failed, page_account };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++) {
    g_autoptr (WebCall) call = web_call_make (self, "mail.office.example", "/", NULL, NULL);
    if (pages[i] == page_account)
      web_call_sign_in (self, call);
    pages[i](call);
    g_autofree char *text = web_call_text (call);
    g_assert_null (strstr (text, "<script"));
    g_assert_null (strstr (text, " style=\""));
    g_assert_null (strstr (text, " onclick"));
    g_assert_nonnull (strstr (text, "</html>"));
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/web-html/escape", test_escape);
  web_test ("/web-html/frame", test_frame);
  web_test ("/web-html/forms", test_forms);
  web_test ("/web-html/plain", test_plain);
  return g_test_run ();
}
