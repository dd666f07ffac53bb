/* All texts of the installer, in its two languages. */
#include "actions.h"

#define GERMAN 0x07 /* PRIMARYLANGID: Germany, Austria, Switzerland … */

static const struct {
  const wchar_t *english, *german;
} texts[] = {
  [TEXT_COMMENTS] = { L"Mail server for small offices", L"Mailserver für kleine Büros" },
  [TEXT_NAMES_NEEDED]
  = { L"HOSTNAME and DOMAIN belong together: msiexec /i FILE.msi HOSTNAME=mail.example.com "
      L"DOMAIN=example.com. Without both, Hauspost is installed and set up later by hauspost init.",
      L"HOSTNAME und DOMAIN gehören zusammen: msiexec /i DATEI.msi HOSTNAME=mail.example.com "
      L"DOMAIN=example.com. Ohne beide wird Hauspost installiert und später mit hauspost init "
      L"eingerichtet." },
  [TEXT_NEWER] = { L"A newer version of Hauspost is installed, and only it can read the store it "
                   L"has written. Nothing was changed. To go back: make a backup, uninstall the "
                   L"newer version, install this one, restore a backup that this one has made.",
                   L"Eine neuere Version von Hauspost ist installiert, und nur sie kann lesen, was "
                   L"sie gespeichert hat. Nichts wurde geändert. Zurück geht es so: Sicherung "
                   L"anlegen, neuere Version deinstallieren, diese installieren, eine Sicherung "
                   L"von dieser Version zurückspielen." },
  [TEXT_FORBIDDEN] = { L"HOSTNAME, DOMAIN, PORTS and PORTBASE must not contain quotes, backslashes "
                       L"or |.",
                       L"HOSTNAME, DOMAIN, PORTS und PORTBASE dürfen weder Anführungszeichen noch "
                       L"umgekehrte Schrägstriche noch | enthalten." },
  [TEXT_FAILED] = { L"Hauspost: %s\n\nEverything is put back as it was. Mend this, then install "
                    L"again; the log of the installation (msiexec /l*v FILE) and the log Hauspost "
                    L"in the Event Viewer say more.",
                    L"Hauspost: %s\n\nAlles wird wieder so, wie es war. Beheben Sie das und "
                    L"installieren Sie erneut; mehr steht im Protokoll der Installation "
                    L"(msiexec /l*v DATEI) und im Protokoll Hauspost der Ereignisanzeige." },
  [TEXT_SILENT] = { L"a program of the installation failed and said nothing",
                    L"ein Programm der Installation ist gescheitert und hat nichts gesagt" },
  [TEXT_NEXT] = { L"Hauspost is installed, and its service runs. If this is a new office: choose "
                  L"“Set up Hauspost” in the Start menu, or type hauspost init in an "
                  L"administrator's command line.",
                  L"Hauspost ist installiert, und der Dienst läuft. Für ein neues Büro: Wählen Sie "
                  L"„Hauspost einrichten“ im Startmenü oder geben Sie hauspost init in einer "
                  L"Eingabeaufforderung des Administrators ein." },
  [TEXT_DATA_STAYS] = { L"Could not remove all of %s: remove the rest by hand.",
                        L"%s ließ sich nicht ganz entfernen: Entfernen Sie den Rest von Hand." },
};

const wchar_t *
text_of (TextId id, bool german)
{
  return german ? texts[id].german : texts[id].english;
}

bool
is_german (MSIHANDLE install)
{
  wchar_t *chosen = property (install, L"LANGUAGE");
  wchar_t *user = property (install, L"UserLanguageID");
  bool german
      = *chosen != L'\0' ? _wcsnicmp (chosen, L"de", 2) == 0 : (_wtoi (user) & 0x3ff) == GERMAN;

  free (chosen);
  free (user);
  return german;
}
