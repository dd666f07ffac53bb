/* The table of pages. */
#include "pages.h"
#include "page-certificates.h"
#include "page-domains.h"
#include "page-overview.h"
#include "page-people.h"
#include <glib/gi18n.h>
#include <string.h>

/* To add a page, add a line here. */
const PanelPage panel_pages[] = {
  { "overview", N_ ("Overview"), "panel-overview-symbolic", page_overview_new },
  { "domains", N_ ("Domains"), "panel-domains-symbolic", page_domains_new },
  { "people", N_ ("People"), "system-users-symbolic", page_people_new },
  { "certificates", N_ ("Certificates"), "panel-certificates-symbolic", page_certificates_new },
};
const guint panel_page_count = G_N_ELEMENTS (panel_pages);

const PanelPage *
panel_page_find (const char *id)
{
  for (guint i = 0; i < panel_page_count; i++)
    if (g_strcmp0 (panel_pages[i].id, id) == 0)
      return &panel_pages[i];
  return NULL;
}
