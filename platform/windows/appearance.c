/* Windows' settings: Personalization, Colors; Accessibility, Contrast themes. */
#include "platform/appearance.h"
#include <winsock2.h>
#include <windows.h>

#define PERSONALIZE L"Software\\Microsoft\\Windows\\CurrentVersion\\Themes\\Personalize"

/* Who never chose has light windows. */
gboolean
appearance_is_dark (void)
{
  DWORD light = TRUE, size = sizeof light;

  return RegGetValueW (HKEY_CURRENT_USER, PERSONALIZE, L"AppsUseLightTheme", RRF_RT_REG_DWORD, NULL,
                       &light, &size)
      == ERROR_SUCCESS
      && !light;
}

gboolean
appearance_is_high_contrast (void)
{
  HIGHCONTRASTW contrast = { .cbSize = sizeof contrast };

  return SystemParametersInfoW (SPI_GETHIGHCONTRAST, sizeof contrast, &contrast, 0)
      && (contrast.dwFlags & HCF_HIGHCONTRASTON) != 0;
}

/* Direct3D, of the system itself where the machine has nothing. */
gboolean
appearance_has_graphics (void)
{
  return TRUE;
}

gboolean
appearance_has_session_bus (void)
{
  return FALSE;
}
