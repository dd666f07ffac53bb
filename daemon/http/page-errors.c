/* What is said when there is nothing to show. */
#include "http/pages.h"
#include "http/web-html.h"

static void
show (WebCall *call, guint status, WebText title, WebText lead)
{
  GString *html;

  /* The language's switch leads to a page that there is. */
  g_free (call->path);
  call->path = g_strdup ("/");
  html = html_begin (call, title);
  html_text (html, call, "h1", title);
  html_text (html, call, "p class=\"lead\"", lead);
  html_add (html, "<p><a class=\"button\" href=\"/\">%s</a></p>\n",
            web_text (call->language, TEXT_TO_START));
  html_end (call, status, html);
}

void
page_missing (WebCall *call)
{
  show (call, SOUP_STATUS_NOT_FOUND, TEXT_MISSING, TEXT_MISSING_LEAD);
}

void
page_forbidden (WebCall *call)
{
  show (call, SOUP_STATUS_FORBIDDEN, TEXT_FORBIDDEN, TEXT_FORBIDDEN_LEAD);
}

void
page_too_large (WebCall *call)
{
  show (call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, TEXT_TOO_LARGE, TEXT_TOO_LARGE_LEAD);
}

void
page_wrong_method (WebCall *call)
{
  show (call, SOUP_STATUS_METHOD_NOT_ALLOWED, TEXT_WRONG_METHOD, TEXT_WRONG_METHOD_LEAD);
}

void
page_failed (WebCall *call)
{
  show (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, TEXT_FAILED, TEXT_FAILED_LEAD);
}
