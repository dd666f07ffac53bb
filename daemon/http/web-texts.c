/* The texts, and how days are written. */
#include "http/web-texts.h"

static const char *const texts[WEB_TEXTS][LANGUAGES] = {
  [TEXT_SETTINGS] = { "Set up your mail program", "Mailprogramm einrichten" },
  [TEXT_SIGN_IN] = { "Sign in", "Anmelden" },
  [TEXT_ACCOUNT] = { "Your account", "Ihr Konto" },
  [TEXT_SIGN_OUT] = { "Sign out", "Abmelden" },
  [TEXT_SKIP] = { "Skip to the content", "Zum Inhalt springen" },
  [TEXT_OTHER_LANGUAGE] = { "Deutsch", "English" },
  [TEXT_HOST] = { "Mail server", "Mailserver" },

  [TEXT_SETTINGS_HEADING] = { "Mail for %s", "Mail für %s" },
  [TEXT_SETTINGS_LEAD]
  = { "Most mail programs find everything here by themselves: add an account, and type your mail "
      "address and your password. If yours asks for more, this is what it wants to know.",
      "Die meisten Mailprogramme finden alles hier von selbst: Fügen Sie ein Konto hinzu und geben "
      "Sie Ihre Mailadresse und Ihr Passwort ein. Wenn Ihres mehr wissen will, steht es hier." },
  [TEXT_TYPE_HEADING] = { "What to type in", "Was einzutragen ist" },
  [TEXT_TYPE_LEAD] = { "For both servers, user name and password are the same.",
                       "Benutzername und Passwort sind für beide Server gleich." },
  [TEXT_INCOMING_IMAP] = { "Incoming mail (IMAP)", "Posteingang (IMAP)" },
  [TEXT_INCOMING_POP3] = { "Incoming mail (POP3)", "Posteingang (POP3)" },
  [TEXT_OUTGOING_SMTP] = { "Outgoing mail (SMTP)", "Postausgang (SMTP)" },
  [TEXT_SERVER] = { "Server", "Server" },
  [TEXT_PORT] = { "Port", "Port" },
  [TEXT_SECURITY] = { "Security", "Verbindungssicherheit" },
  [TEXT_AUTHENTICATION] = { "Authentication", "Authentifizierung" },
  [TEXT_NORMAL_PASSWORD] = { "Normal password", "Passwort, normal" },
  [TEXT_USER_NAME] = { "User name", "Benutzername" },
  [TEXT_WHOLE_ADDRESS]
  = { "your whole mail address, like name@%s", "Ihre ganze Mailadresse, wie name@%s" },
  [TEXT_PASSWORD] = { "Password", "Passwort" },
  [TEXT_PASSWORD_OR_APP]
  = { "your password or, better, an app password", "Ihr Passwort oder besser ein App-Passwort" },
  [TEXT_OTHER_PORTS] = { "Other ways in", "Andere Zugänge" },
  [TEXT_OTHER_PORTS_LEAD]
  = { "For programs that cannot do the above. IMAP keeps mail on the server, so that all devices "
      "show the same; POP3 fetches it to one.",
      "Für Programme, die das oben nicht können. Bei IMAP bleibt die Mail auf dem Server, und alle "
      "Geräte zeigen dasselbe; POP3 holt sie auf ein Gerät." },
  [TEXT_NOTHING_SERVED]
  = { "This server offers no service for mail programs at the moment. Ask your "
      "administrator.",
      "Dieser Server bietet zurzeit keinen Dienst für Mailprogramme an. Fragen "
      "Sie Ihre Administration." },

  [TEXT_HOW_TO] = { "Step by step", "Schritt für Schritt" },
  [TEXT_THUNDERBIRD_1] = { "Open the menu ☰ and choose “New account”, then “Email”.",
                           "Öffnen Sie das Menü ☰ und wählen Sie „Neues Konto“, dann „E-Mail“." },
  [TEXT_THUNDERBIRD_2]
  = { "Type your name and your mail address. Thunderbird asks this server for everything else.",
      "Geben Sie Ihren Namen und Ihre Mailadresse ein. Alles Weitere fragt Thunderbird diesen "
      "Server." },
  [TEXT_THUNDERBIRD_3]
  = { "Type your password or an app password, and finish.",
      "Geben Sie Ihr Passwort oder ein App-Passwort ein und schließen Sie ab." },
  [TEXT_OUTLOOK_1]
  = { "Choose “File”, then “Add account”, and type your mail address.",
      "Wählen Sie „Datei“, dann „Konto hinzufügen“, und geben Sie Ihre Mailadresse "
      "ein." },
  [TEXT_OUTLOOK_2]
  = { "Under “Advanced options” tick “Let me set up my account manually”, and connect.",
      "Setzen Sie unter „Erweiterte Optionen“ den Haken bei „Ich möchte mein Konto manuell "
      "einrichten“ und verbinden Sie." },
  [TEXT_OUTLOOK_3] = { "Choose IMAP, and type servers, ports and encryption as they stand above.",
                       "Wählen Sie IMAP und tragen Sie Server, Ports und Verschlüsselung ein, wie "
                       "sie oben stehen." },
  [TEXT_OUTLOOK_4]
  = { "Type your password or an app password. “Secure Password Authentication” stays off.",
      "Geben Sie Ihr Passwort oder ein App-Passwort ein. Die „gesicherte "
      "Kennwortauthentifizierung“ "
      "bleibt aus." },
  [TEXT_APPLE_MAIL] = { "Mail on a Mac", "Mail auf dem Mac" },
  [TEXT_APPLE_MAIL_1]
  = { "Download the profile below and open it.", "Laden Sie das Profil unten und öffnen Sie es." },
  [TEXT_APPLE_MAIL_2]
  = { "In the system settings search for “Profiles”, choose the new one and install it.",
      "Suchen Sie in den Systemeinstellungen nach „Profile“, wählen Sie das neue und installieren "
      "Sie es." },
  [TEXT_APPLE_MAIL_3] = { "Type your password or an app password when it asks.",
                          "Geben Sie Ihr Passwort oder ein App-Passwort ein, wenn danach gefragt "
                          "wird." },
  [TEXT_IPHONE] = { "iPhone and iPad", "iPhone und iPad" },
  [TEXT_IPHONE_1]
  = { "Point the camera at the code, or open this page in Safari there, and load the profile.",
      "Richten Sie die Kamera auf den Code, oder öffnen Sie diese Seite dort in Safari, und laden "
      "Sie das Profil." },
  [TEXT_IPHONE_2]
  = { "Open “Settings”: “Profile Downloaded” stands at the top. Install it.",
      "Öffnen Sie die „Einstellungen“: Ganz oben steht „Profil geladen“. Installieren Sie es." },
  [TEXT_IPHONE_3] = { "Type your mail address and your password or an app password.",
                      "Geben Sie Ihre Mailadresse und Ihr Passwort oder ein App-Passwort ein." },
  [TEXT_ANDROID] = { "Android", "Android" },
  [TEXT_ANDROID_1]
  = { "Install Thunderbird (which was K-9 Mail) or FairEmail from the app store or from F-Droid.",
      "Installieren Sie Thunderbird (früher K-9 Mail) oder FairEmail aus dem App-Store oder von "
      "F-Droid." },
  [TEXT_ANDROID_2]
  = { "Type your mail address: both find the servers by themselves. In FairEmail this is called "
      "“Quick setup”.",
      "Geben Sie Ihre Mailadresse ein: Beide finden die Server selbst. In FairEmail heißt das "
      "„Schnelleinrichtung“." },
  [TEXT_ANDROID_3]
  = { "Type your password or an app password. The Gmail app works, too: add an account, choose "
      "“Other”, and type what stands above.",
      "Geben Sie Ihr Passwort oder ein App-Passwort ein. Auch die Gmail-App geht: Fügen Sie ein "
      "Konto hinzu, wählen Sie „Andere“ und tragen Sie ein, was oben steht." },
  [TEXT_GET_PROFILE] = { "Download the profile", "Profil laden" },
  [TEXT_QR_PROFILE] = { "QR code that leads to the profile", "QR-Code, der zum Profil führt" },
  [TEXT_QR_PAGE] = { "QR code that leads to this page", "QR-Code, der zu dieser Seite führt" },
  [TEXT_ON_PHONE] = { "On your phone", "Auf dem Telefon" },
  [TEXT_ON_PHONE_LEAD] = { "The code leads to this page, so that you can copy what stands here.",
                           "Der Code führt zu dieser Seite; dort können Sie kopieren, was hier "
                           "steht." },
  [TEXT_PERSONAL_HEADING] = { "Your own account", "Ihr eigenes Konto" },
  [TEXT_PERSONAL_LEAD]
  = { "Sign in to change your password, and to make app passwords: one for each device, which you "
      "can revoke when the device is lost.",
      "Melden Sie sich an, um Ihr Passwort zu ändern und App-Passwörter zu machen: eines für jedes "
      "Gerät, das Sie widerrufen können, wenn das Gerät verloren geht." },

  [TEXT_ADDRESS] = { "Mail address", "Mailadresse" },
  [TEXT_SIGN_IN_LEAD]
  = { "With your mail address and your password. App passwords do not open this page.",
      "Mit Ihrer Mailadresse und Ihrem Passwort. App-Passwörter öffnen diese Seite nicht." },
  [TEXT_WRONG_PASSWORD]
  = { "Mail address or password are not right. Check both, and try again.",
      "Mailadresse oder Passwort stimmen nicht. Prüfen Sie beides und versuchen Sie es noch "
      "einmal." },
  [TEXT_BUSY] = { "Too many attempts at the moment. Wait a minute, and try again.",
                  "Gerade sind es zu viele Versuche. Warten Sie eine Minute und versuchen Sie es "
                  "dann noch einmal." },
  [TEXT_SIGNED_OUT] = { "You have signed out.", "Sie sind abgemeldet." },
  [TEXT_SESSION_OVER]
  = { "Sign in to see this page.", "Melden Sie sich an, um diese Seite zu sehen." },

  [TEXT_SIGNED_IN_AS] = { "Signed in as %s", "Angemeldet als %s" },
  [TEXT_DEVICES] = { "App passwords", "App-Passwörter" },
  [TEXT_DEVICES_LEAD]
  = { "Give each device or program a password of its own. If one is lost, revoke it here: the "
      "others "
      "go on working, and you need not change your password.",
      "Geben Sie jedem Gerät oder Programm ein eigenes Passwort. Geht eines verloren, widerrufen "
      "Sie es hier: Die anderen arbeiten weiter, und Ihr Passwort bleibt, wie es ist." },
  [TEXT_NO_DEVICES] = { "There are none yet.", "Es gibt noch keine." },
  [TEXT_DEVICE] = { "Device", "Gerät" },
  [TEXT_MADE] = { "Made", "Erstellt" },
  [TEXT_LAST_USED] = { "Last used", "Zuletzt benutzt" },
  [TEXT_NEVER] = { "never", "nie" },
  [TEXT_USED_FROM] = { "%s, from %s", "%s, von %s" },
  [TEXT_REVOKE] = { "Revoke", "Widerrufen" },
  [TEXT_REVOKE_NAMED] = { "Revoke %s", "%s widerrufen" },
  [TEXT_REVOKED]
  = { "The app password of “%s” is revoked.", "Das App-Passwort von „%s“ ist widerrufen." },
  [TEXT_DEVICE_NAME] = { "Name of the device", "Name des Geräts" },
  [TEXT_DEVICE_HINT] = { "So that you know it again, like “phone” or “laptop”.",
                         "Damit Sie es wiedererkennen, wie „Telefon“ oder „Laptop“." },
  [TEXT_MAKE] = { "Make an app password", "App-Passwort erstellen" },
  [TEXT_MADE_HEADING] = { "The app password of “%s”", "Das App-Passwort von „%s“" },
  [TEXT_MADE_LEAD]
  = { "It is shown only now. Type it into the device, or scan it there; it remembers "
      "it, you need not.",
      "Es wird nur jetzt gezeigt. Geben Sie es im Gerät ein, oder scannen Sie es "
      "dort; das Gerät merkt es sich, Sie müssen es nicht." },
  [TEXT_QR_PASSWORD] = { "QR code of the app password", "QR-Code des App-Passworts" },
  [TEXT_DONE] = { "Done", "Fertig" },
  [TEXT_DEVICE_EXISTS]
  = { "There is an app password of “%s” already. Choose another name, or revoke "
      "that one first.",
      "Von „%s“ gibt es schon ein App-Passwort. Wählen Sie einen anderen Namen, "
      "oder widerrufen Sie zuerst jenes." },
  [TEXT_DEVICE_INVALID] = { "Give the device a name of at most 100 characters.",
                            "Geben Sie dem Gerät einen Namen von höchstens 100 Zeichen." },
  [TEXT_DEVICE_MISSING]
  = { "There is no app password of “%s” any more.", "Von „%s“ gibt es kein App-Passwort mehr." },
  [TEXT_DEVICES_TOO_MANY]
  = { "There are too many app passwords. Revoke those that you do not need "
      "any more.",
      "Es sind zu viele App-Passwörter. Widerrufen Sie solche, die Sie nicht "
      "mehr brauchen." },

  [TEXT_CHANGE_PASSWORD] = { "Change your password", "Passwort ändern" },
  [TEXT_OLD_PASSWORD] = { "Present password", "Bisheriges Passwort" },
  [TEXT_NEW_PASSWORD] = { "New password", "Neues Passwort" },
  [TEXT_REPEAT_PASSWORD] = { "New password once more", "Neues Passwort noch einmal" },
  [TEXT_PASSWORD_HINT]
  = { "At least %u characters. Several words in a row are easy to remember and hard to guess.",
      "Mindestens %u Zeichen. Mehrere Wörter hintereinander sind leicht zu merken und schwer zu "
      "erraten." },
  [TEXT_OLD_WRONG] = { "The present password is not right. Nothing was changed.",
                       "Das bisherige Passwort stimmt nicht. Es wurde nichts geändert." },
  [TEXT_NOT_THE_SAME] = { "The new password was not the same both times. Nothing was changed.",
                          "Das neue Passwort war nicht beide Male gleich. Es wurde nichts "
                          "geändert." },
  [TEXT_PASSWORD_LENGTH]
  = { "The new password must have from %u to %u characters. Nothing was changed.",
      "Das neue Passwort muss %u bis %u Zeichen haben. Es wurde nichts geändert." },
  [TEXT_PASSWORD_CHANGED]
  = { "Your password is changed. Programs that used the old one ask for the "
      "new one now; app passwords stay.",
      "Ihr Passwort ist geändert. Programme mit dem alten fragen jetzt nach "
      "dem neuen; App-Passwörter bleiben." },
  [TEXT_OWN_PROFILE] = { "Profile for Apple devices", "Profil für Apple-Geräte" },
  [TEXT_OWN_PROFILE_LEAD]
  = { "Sets up mail on an iPhone, an iPad or a Mac with your address and your name. It holds no "
      "password; the device asks for it.",
      "Richtet die Mail auf iPhone, iPad oder Mac mit Ihrer Adresse und Ihrem Namen ein. Ein "
      "Passwort steht nicht darin; das Gerät fragt danach." },

  [TEXT_MISSING] = { "There is no such page", "Diese Seite gibt es nicht" },
  [TEXT_MISSING_LEAD] = { "Check the address, or begin at the start.",
                          "Prüfen Sie die Adresse, oder beginnen Sie auf der Startseite." },
  [TEXT_FORBIDDEN] = { "That form is too old", "Dieses Formular ist zu alt" },
  [TEXT_FORBIDDEN_LEAD]
  = { "It was not sent from this page, or you have signed in anew since. Nothing was changed. Open "
      "the page again, and send it once more.",
      "Es kam nicht von dieser Seite, oder Sie haben sich seither neu angemeldet. Es wurde nichts "
      "geändert. Öffnen Sie die Seite neu und senden Sie es noch einmal." },
  [TEXT_TOO_LARGE] = { "That was too much", "Das war zu viel" },
  [TEXT_TOO_LARGE_LEAD] = { "What you have sent is larger than anything this page needs.",
                            "Was Sie gesendet haben, ist größer als alles, was diese Seite "
                            "braucht." },
  [TEXT_WRONG_METHOD]
  = { "This page cannot be asked like that", "So lässt sich diese Seite nicht aufrufen" },
  [TEXT_WRONG_METHOD_LEAD] = { "Begin at the start.", "Beginnen Sie auf der Startseite." },
  [TEXT_FAILED] = { "It did not work", "Es hat nicht geklappt" },
  [TEXT_FAILED_LEAD]
  = { "The server could not do that. Try again in a moment; if it stays like this, tell your "
      "administrator.",
      "Der Server konnte das nicht erledigen. Versuchen Sie es gleich noch einmal; bleibt es so, "
      "sagen Sie Ihrer Administration Bescheid." },
  [TEXT_TO_START] = { "To the start", "Zur Startseite" },

  [TEXT_PROFILE_NAME] = { "Mail for %s", "Mail für %s" },
  [TEXT_PROFILE_DESCRIPTION]
  = { "Sets up mail with the server %s.", "Richtet die Mail mit dem Server %s ein." },
};

const char *
web_text (Language language, WebText text)
{
  return texts[text][language];
}

char *
web_day (Language language, gint64 time)
{
  static const char *const months[]
      = { "January", "February", "March",     "April",   "May",      "June",
          "July",    "August",   "September", "October", "November", "December" };
  g_autoptr (GDateTime) local = g_date_time_new_from_unix_local (time);

  if (local == NULL)
    return g_strdup ("–");
  if (language == LANGUAGE_GERMAN)
    return g_date_time_format (local, "%d.%m.%Y");
  return g_strdup_printf ("%d %s %d", g_date_time_get_day_of_month (local),
                          months[g_date_time_get_month (local) - 1], g_date_time_get_year (local));
}
