/* The table of pages. */
#include "pages.h"
#include "page-administrators.h"
#include "page-backup.h"
#include "page-certificates.h"
#include "page-mail-flow.h"
#include "page-overview.h"
#include "page-people.h"
#include "page-protection.h"
#include "page-settings.h"
#include <glib/gi18n.h>
#include <string.h>

/* To add a page, add a line here. */
const PanelPage panel_pages[] = {
  { "overview", N_ ("Overview"), "panel-overview-symbolic", page_overview_new },
  { "people", N_ ("People"), "system-users-symbolic", page_people_new },
  { "certificates", N_ ("Certificates"), "panel-certificates-symbolic", page_certificates_new },
  { "queue", N_ ("Mail Flow"), "mail-send-receive-symbolic", page_mail_flow_new },
  { "protection", N_ ("Protection"), "security-high-symbolic", page_protection_new },
  { "backup", N_ ("Backup"), "drive-harddisk-symbolic", page_backup_new },
  { "settings", N_ ("Settings"), "emblem-system-symbolic", page_settings_new },
  { "administrators", N_ ("Administrators"), "avatar-default-symbolic", page_administrators_new },
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
