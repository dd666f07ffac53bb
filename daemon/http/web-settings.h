/* The settings a person types into a mail program, as a piece of a page. */
#pragma once
#include "http/web-html.h"

/* ADDRESS: whose they are; NULL: anybody's of DOMAIN. */
void web_settings_add (GString *html, const WebCall *call, const char *domain, const char *address);
