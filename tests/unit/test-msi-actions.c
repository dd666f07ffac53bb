/* The DLL of the MSI's custom actions, with this file in Windows Installer's place: it keeps the
 * properties and hears what is told. */
#include "installer/msi/actions/actions.h"
#include <glib.h>
#include <stdlib.h>
#include <string.h>

UINT WINAPI Prepare (MSIHANDLE install);
UINT WINAPI Refuse (MSIHANDLE install);
UINT WINAPI Schedule (MSIHANDLE install);
UINT WINAPI RunCommands (MSIHANDLE install);
UINT WINAPI RemoveData (MSIHANDLE install);

#define INSTALL ((MSIHANDLE)1)
#define VERSIONS L"SOFTWARE\\Hauspost"

static GHashTable *properties; /* UTF-8 */
static GString *told; /* KIND and text of each message, a line each */
static char *field;

static char *
narrow (const wchar_t *text)
{
  char *result = g_utf16_to_utf8 ((const gunichar2 *)text, -1, NULL, NULL, NULL);

  g_assert_nonnull (result);
  return result;
}

static wchar_t *
wide (const char *text)
{
  return (wchar_t *)g_utf8_to_utf16 (text, -1, NULL, NULL, NULL);
}

UINT WINAPI
MsiGetPropertyW (MSIHANDLE install, LPCWSTR name, LPWSTR value, LPDWORD length)
{
  g_autofree char *key = narrow (name);
  const char *found = g_hash_table_lookup (properties, key);
  g_autofree wchar_t *text = wide (found != NULL ? found : "");
  DWORD needed = (DWORD)wcslen (text), room = *length;

  *length = needed;
  if (room <= needed)
    return ERROR_MORE_DATA;
  wcscpy (value, text);
  return ERROR_SUCCESS;
}

UINT WINAPI
MsiSetPropertyW (MSIHANDLE install, LPCWSTR name, LPCWSTR value)
{
  g_hash_table_replace (properties, narrow (name), narrow (value));
  return ERROR_SUCCESS;
}

MSIHANDLE WINAPI
MsiCreateRecord (UINT count)
{
  return (MSIHANDLE)2;
}

UINT WINAPI
MsiRecordSetStringW (MSIHANDLE record, UINT number, LPCWSTR text)
{
  if (number == 1) {
    g_free (field);
    field = narrow (text);
  }
  return ERROR_SUCCESS;
}

int WINAPI
MsiProcessMessage (MSIHANDLE install, INSTALLMESSAGE kind, MSIHANDLE record)
{
  const char *name = ((guint)kind & 0xff000000) == INSTALLMESSAGE_ERROR ? "error"
      : ((guint)kind & 0xff000000) == INSTALLMESSAGE_INFO               ? "log"
                                                                        : "message";

  g_string_append_printf (told, "%s: %s\n", name, field);
  return IDOK;
}

UINT WINAPI
MsiCloseHandle (MSIHANDLE handle)
{
  return ERROR_SUCCESS;
}

/* A new installation with the PROPERTIES: name, value, …, NULL. */
static void
begin (const char *const *given)
{
  if (properties != NULL)
    g_hash_table_unref (properties);
  properties = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (told == NULL)
    told = g_string_new (NULL);
  g_string_truncate (told, 0);
  for (; given[0] != NULL; given += 2)
    g_hash_table_replace (properties, g_strdup (given[0]), g_strdup (given[1]));
}

static const char *
value_of (const char *name)
{
  const char *value = g_hash_table_lookup (properties, name);

  return value != NULL ? value : "";
}

static void
test_print (void)
{
  wchar_t *text = print (L"%s|%s 100%", L"", L"ä");
  g_autofree char *shown = narrow (text);

  g_assert_cmpstr (shown, ==, "|ä 100%");
  free (text);
}

static void
test_versions (void)
{
  static const struct {
    const wchar_t *one, *other;
    int order;
  } rows[] = {
    { L"0.1.0", L"0.1.0", 0 },
    { L"0.1.0", L"0.2.0", -1 },
    { L"0.10.0", L"0.9.9", 1 },
    { L"90.2.0", L"0.1.0", 1 },
    { L"1.0", L"1.0.0", 0 },
    { L"1.0.0.7", L"1.0.0.9", 0 }, /* the fourth number does not count */
    { L"", L"0.0.1", -1 },
    { L"Menu", L"0.0.0", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_assert_cmpint (compare_versions (rows[i].one, rows[i].other), ==, rows[i].order);
    g_assert_cmpint (compare_versions (rows[i].other, rows[i].one), ==, -rows[i].order);
  }
}

/* Both languages have every text, and the German one is another. */
static void
test_texts (void)
{
  for (TextId i = 0; i <= TEXT_DATA_STAYS; i++) {
    g_autofree char *english = narrow (text_of (i, false)), *german = narrow (text_of (i, true));
    g_assert_cmpstr (english, !=, german);
    g_assert_cmpint (strstr (english, "%s") != NULL, ==, strstr (german, "%s") != NULL);
  }
}

static void
test_language (void)
{
  static const struct {
    const char *language, *user;
    bool german;
  } rows[] = {
    { "", "1031", true },  { "", "2055", true },    { "", "3079", true },
    { "", "1033", false }, { "", "", false },       { "de", "", true },
    { "DE-at", "", true }, { "en", "1031", false }, { "fr", "1031", false },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    begin ((const char *const[]) { "LANGUAGE", rows[i].language, "UserLanguageID", rows[i].user,
                                   NULL });
    g_test_message ("%s %s", rows[i].language, rows[i].user);
    g_assert_true (is_german (INSTALL) == rows[i].german);
  }
}

static void
test_refuse (void)
{
  static const struct {
    const char *properties[9];
    TextId text; /* TEXT_COMMENTS: accepted */
  } rows[] = {
    { { NULL }, TEXT_COMMENTS },
    { { "HOSTNAME", "mail.example.org", "DOMAIN", "example.org", NULL }, TEXT_COMMENTS },
    { { "HOSTNAME", "mail.example.org", NULL }, TEXT_NAMES_NEEDED },
    { { "DOMAIN", "example.org", NULL }, TEXT_NAMES_NEEDED },
    { { "HOSTNAME", "a\" --data \"C:\\", "DOMAIN", "example.org", NULL }, TEXT_FORBIDDEN },
    { { "PORTS", "smtp=25|calc.exe", NULL }, TEXT_FORBIDDEN },
    { { "PORTS", "smtp=25\r\n", "Installed", "1", NULL }, TEXT_FORBIDDEN },
    { { "NEWERFOUND", "{D2330088-FC5E-5522-8B5B-6CF0B1CB9C5E}", NULL }, TEXT_NEWER },
    /* what is installed can always be removed */
    { { "NEWERFOUND", "{D2330088-FC5E-5522-8B5B-6CF0B1CB9C5E}", "Installed", "1", NULL },
      TEXT_COMMENTS },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = narrow (text_of (rows[i].text, false));
    g_autofree char *line = g_strdup_printf ("error: %s\n", text);
    gboolean accepted = rows[i].text == TEXT_COMMENTS;

    begin (rows[i].properties);
    g_assert_cmpuint (Refuse (INSTALL), ==, accepted ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE);
    g_assert_cmpstr (told->str, ==, accepted ? "" : line);
  }
}

typedef struct {
  char *path;
  wchar_t *wide;
} Folder;

static void
folder_open (Folder *self)
{
  self->path = g_dir_make_tmp ("hauspost-actions-XXXXXX", NULL);
  g_assert_nonnull (self->path);
  self->wide = wide (self->path);
}

static void
folder_clear (Folder *self)
{
  g_assert_true (remove_tree (self->wide));
  g_free (self->path);
  g_free (self->wide);
}

static void
write_file (const Folder *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder->path, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
test_folder (void)
{
  Folder folder;

  folder_open (&folder);
  g_assert_true (is_there (folder.wide) && is_empty_folder (folder.wide));
  write_file (&folder, "mail/segments/ä.seg", "mail");
  write_file (&folder, "store.db", "store");
  g_autofree char *path = g_build_filename (folder.path, "store.db", NULL);
  g_autofree wchar_t *file = wide (path);
  g_assert_true (SetFileAttributesW (file, FILE_ATTRIBUTE_READONLY));
  g_assert_false (is_empty_folder (folder.wide));
  g_assert_true (remove_tree (folder.wide));
  g_assert_false (is_there (folder.wide));
  g_assert_true (is_empty_folder (folder.wide));
  folder_clear (&folder);
}

/* In the registry of the Wine that the tests have for themselves. */
static void
register_version (const wchar_t *version, const char *folder)
{
  g_autofree char *path = g_strconcat (folder, "\\", NULL);
  g_autofree wchar_t *value = wide (path);
  wchar_t *key = print (L"%s\\%s", VERSIONS, version);

  g_assert_cmpint (RegSetKeyValueW (HKEY_LOCAL_MACHINE, key, L"Folder", REG_SZ, value,
                                    (DWORD)((wcslen (value) + 1) * sizeof *value)),
                   ==, ERROR_SUCCESS);
  free (key);
}

static void
test_newer (void)
{
  Folder folder;

  folder_open (&folder);
  g_assert_false (newer_is_installed (L"0.1.0"));
  register_version (L"90.2.0", folder.path);
  g_assert_false (newer_is_installed (L"0.1.0")); /* an entry without programs */
  write_file (&folder, "bin/hauspostd.exe", "MZ");
  g_assert_true (newer_is_installed (L"0.1.0"));
  g_assert_false (newer_is_installed (L"90.2.0"));
  g_assert_false (newer_is_installed (L"90.3.0"));
  begin ((const char *const[]) { "ProductVersion", "0.1.0", NULL });
  g_assert_cmpuint (Refuse (INSTALL), ==, ERROR_INSTALL_FAILURE);
  g_assert_cmpint (RegDeleteTreeW (HKEY_LOCAL_MACHINE, VERSIONS), ==, ERROR_SUCCESS);
  g_assert_false (newer_is_installed (L"0.1.0"));
  folder_clear (&folder);
}

#define BIN "C:\\Program Files\\Hauspost\\0.2.0\\bin\\"
#define OLD "C:\\Program Files\\Hauspost\\0.1.0\\bin\\hauspostd.exe"

static void
test_schedule (void)
{
  begin ((const char *const[]) { "BINFOLDER", BIN, "HOSTNAME", "mail.example.org", "DOMAIN",
                                 "example.org", "PORTS", "pop3=1100,imap=off", "LANGUAGE", "de",
                                 "DATAFOLDER", "C:\\ProgramData\\Hauspost", NULL });
  g_assert_cmpuint (Schedule (INSTALL), ==, ERROR_SUCCESS);
  g_assert_cmpstr (value_of ("MakeOffice"), ==,
                   "de|-\"" BIN "hauspost.exe\" init --hostname \"mail.example.org\" --domain "
                   "\"example.org\" --ports \"pop3=1100,imap=off\"");
  g_assert_cmpstr (value_of ("InstallService"), ==,
                   "de|\"" BIN "hauspostd.exe\" --install-service |\"" BIN
                   "hauspostd.exe\" --start-service|!\"" BIN "hauspostd.exe\" --remove-service");
  g_assert_cmpstr (value_of ("RemoveData"), ==, "C:\\ProgramData\\Hauspost");
  g_assert_cmpstr (value_of ("UndoOffice"), ==, "");
}

/* An upgrade: the new program is told what the older one was, and the older one can come back. */
static void
test_schedule_upgrade (void)
{
  const char *arguments = "--config \"D:\\mail\\hauspost.conf\"";

  begin ((const char *const[]) { "BINFOLDER", BIN, "PREVIOUSPROGRAM", OLD, "PREVIOUSARGUMENTS",
                                 arguments, "LANGUAGE", "en", NULL });
  g_assert_cmpuint (Schedule (INSTALL), ==, ERROR_SUCCESS);
  g_assert_cmpstr (value_of ("InstallService"), ==,
                   "en|\"" BIN "hauspostd.exe\" --install-service --config "
                   "\"D:\\mail\\hauspost.conf\"|\"" BIN "hauspostd.exe\" --start-service");
  g_assert_cmpstr (value_of ("RestoreService"), ==,
                   "en|\"" OLD "\" --install-service --config "
                   "\"D:\\mail\\hauspost.conf\"|\"" OLD "\" --start-service");
}

/* Standard output of a command with '-' may be a password: not for the log. */
static void
test_run (void)
{
  begin ((const char *const[]) { "CustomActionData", "en|cmd /c echo seen|-cmd /c echo secret",
                                 NULL });
  g_assert_cmpuint (RunCommands (INSTALL), ==, ERROR_SUCCESS);
  g_assert_nonnull (strstr (told->str, "log: seen\n"));
  g_assert_null (strstr (told->str, "log: secret"));
}

static void
test_run_failure (void)
{
  begin ((const char *const[]) {
      "CustomActionData",
      "en|cmd /c \"echo the reason 1>&2 & exit 3\"|cmd /c echo never|!cmd /c "
      "echo undone",
      NULL });
  g_assert_cmpuint (RunCommands (INSTALL), ==, ERROR_INSTALL_FAILURE);
  g_assert_nonnull (strstr (told->str, "error: Hauspost: the reason"));
  g_assert_null (strstr (told->str, "log: never"));
  g_assert_nonnull (strstr (told->str, "log: undone"));
}

static void
test_remove_data (void)
{
  Folder folder;

  folder_open (&folder);
  write_file (&folder, "store.db", "store");
  begin ((const char *const[]) { "CustomActionData", folder.path, NULL });
  g_assert_cmpuint (RemoveData (INSTALL), ==, ERROR_SUCCESS);
  g_assert_false (is_there (folder.wide));
  begin ((const char *const[]) { "CustomActionData", "", NULL }); /* no folder is no folder */
  g_assert_cmpuint (RemoveData (INSTALL), ==, ERROR_SUCCESS);
  folder_clear (&folder);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/msi-actions/print", test_print);
  g_test_add_func ("/msi-actions/versions", test_versions);
  g_test_add_func ("/msi-actions/texts", test_texts);
  g_test_add_func ("/msi-actions/language", test_language);
  g_test_add_func ("/msi-actions/refuse", test_refuse);
  g_test_add_func ("/msi-actions/folder", test_folder);
  g_test_add_func ("/msi-actions/newer", test_newer);
  g_test_add_func ("/msi-actions/schedule", test_schedule);
  g_test_add_func ("/msi-actions/schedule-upgrade", test_schedule_upgrade);
  g_test_add_func ("/msi-actions/run", test_run);
  g_test_add_func ("/msi-actions/run-failure", test_run_failure);
  g_test_add_func ("/msi-actions/remove-data", test_remove_data);
  return g_test_run ();
}
