/* The frame of the pages. */
#include "http/web-html.h"
#include "config.h"
#include "http/pages.h"
#include <string.h>

void
html_add (GString *html, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *part = g_markup_vprintf_escaped (format, arguments);
  va_end (arguments);
  g_string_append (html, part);
}

void
html_text (GString *html, const char *element, const char *text)
{
  g_autofree char *name = g_strndup (element, strcspn (element, " "));
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_string_append_printf (html, "<%s>%s</%s>\n", element, escaped, name);
}

static void
add_link (GString *html, const WebCall *call, const char *path, const char *text)
{
  html_add (html, "<li><a href=\"%s\"", path);
  if (strcmp (call->path, path) == 0)
    g_string_append (html, " aria-current=\"page\"");
  html_add (html, ">%s</a></li>\n", text);
}

/* Each by its own name. */
static const char *const languages[LANGUAGES]
    = { [LANGUAGE_ENGLISH] = "English", [LANGUAGE_GERMAN] = "Deutsch" };

/* The same page in the other language; what a form has answered is shown at its beginning again. */
static void
add_language (GString *html, const WebCall *call)
{
  const Language other = call->language == LANGUAGE_GERMAN ? LANGUAGE_ENGLISH : LANGUAGE_GERMAN;
  const char *path = call->is_post || call->status != SOUP_STATUS_OK ? "/" : call->path;

  if (call->is_post && call->session != NULL)
    path = "/account";
  html_add (
      html,
      "<li><a class=\"language\" href=\"%s?language=%s\" lang=\"%s\" hreflang=\"%s\">%s</a></li>\n",
      path, language_tag (other), language_tag (other), language_tag (other), languages[other]);
}

static void
add_navigation (GString *html, const WebCall *call)
{
  const gboolean has_accounts = setting_number (SETTING_WEB_SIGN_IN) != 0;

  g_string_append (html, "<header><nav><ul>\n");
  add_link (html, call, "/", _ ("Set up your mail program"));
  if (has_accounts && call->session == NULL)
    add_link (html, call, "/sign-in", _ ("Sign in"));
  if (has_accounts && call->session != NULL)
    add_link (html, call, "/account", _ ("Your account"));
  add_language (html, call);
  g_string_append (html, "</ul></nav></header>\n");
}

GString *
html_begin (const WebCall *call, const char *title)
{
  GString *html = g_string_new ("<!DOCTYPE html>\n");

  html_add (html,
            "<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            "<meta name=\"robots\" content=\"noindex\">\n"
            "<title>%s – %s</title>\n<link rel=\"stylesheet\" href=\"%s?%s\">\n"
            "<link rel=\"icon\" href=\"/icon.svg\" type=\"image/svg+xml\">\n</head>\n<body>\n"
            "<a class=\"skip\" href=\"#main\">%s</a>\n",
            language_tag (call->language), title, call->configuration->hostname, PAGE_STYLE_PATH,
            VERSION, _ ("Skip to the content"));
  add_navigation (html, call);
  g_string_append (html, "<main id=\"main\">\n");
  return html;
}

void
html_end (WebCall *call, guint status, GString *html)
{
  html_add (html, "</main>\n<footer><p>%s %s</p></footer>\n</body>\n</html>\n", _ ("Mail server"),
            call->configuration->hostname);
  web_call_answer (call, status, "text/html; charset=utf-8", g_string_free (html, FALSE));
}

void
html_notice (GString *html, const char *sentence, gboolean is_problem)
{
  if (sentence != NULL)
    html_add (html, "<p class=\"%s\" role=\"%s\">%s</p>\n", is_problem ? "problem" : "notice",
              is_problem ? "alert" : "status", sentence);
}

void
html_form (GString *html, const WebCall *call, const char *action)
{
  html_add (html, "<form method=\"post\" action=\"%s\">\n", action);
  if (call->session != NULL)
    html_add (html, "<input type=\"hidden\" name=\"form\" value=\"%s\">\n",
              call->session->form_token);
}

void
html_form_end (GString *html, const char *button)
{
  html_add (html, "<button type=\"submit\">%s</button>\n</form>\n", button);
}

void
html_field (GString *html, const char *name, const char *type, const char *label,
            const char *autocomplete, const char *value, const char *hint)
{
  html_add (html, "<div class=\"field\"><label for=\"%s\">%s</label>\n", name, label);
  html_add (html,
            "<input id=\"%s\" name=\"%s\" type=\"%s\" autocomplete=\"%s\" value=\"%s\" required",
            name, name, type, autocomplete, value);
  if (hint != NULL)
    html_add (html, " aria-describedby=\"%s-hint\"><p class=\"hint\" id=\"%s-hint\">%s</p", name,
              name, hint);
  g_string_append (html, "></div>\n");
}
