/* What is said when there is nothing to show. */
#include "http/pages.h"
#include "http/web-html.h"

static void
show (WebCall *call, guint status, const char *title, const char *lead)
{
  GString *html;

  /* The language's switch leads to a page that there is. */
  g_free (call->path);
  call->path = g_strdup ("/");
  html = html_begin (call, title);
  html_text (html, "h1", title);
  html_text (html, "p class=\"lead\"", lead);
  html_add (html, "<p><a class=\"button\" href=\"/\">%s</a></p>\n", _ ("To the start"));
  html_end (call, status, html);
}

void
page_missing (WebCall *call)
{
  show (call, SOUP_STATUS_NOT_FOUND, _ ("There is no such page"),
        _ ("Check the address, or begin at the start."));
}

void
page_forbidden (WebCall *call)
{
  show (call, SOUP_STATUS_FORBIDDEN, _ ("That form is too old"),
        _ ("It was not sent from this page, or you have signed in anew since. Nothing was changed. "
           "Open the page again, and send it once more."));
}

void
page_too_large (WebCall *call)
{
  show (call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, _ ("That was too much"),
        _ ("What you have sent is larger than anything this page needs."));
}

void
page_wrong_method (WebCall *call)
{
  show (call, SOUP_STATUS_METHOD_NOT_ALLOWED, _ ("This page cannot be asked like that"),
        _ ("Begin at the start."));
}

void
page_failed (WebCall *call)
{
  show (call, SOUP_STATUS_INTERNAL_SERVER_ERROR, _ ("It did not work"),
        _ ("The server could not do that. Try again in a moment; if it stays like this, tell your "
           "administrator."));
}
