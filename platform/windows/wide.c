/* Names and texts on their way to Windows and back. */
#include "platform/windows/wide.h"
#include <string.h>

G_STATIC_ASSERT (sizeof (wchar_t) == sizeof (gunichar2));

wchar_t *
wide_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  return (wchar_t *)g_utf8_to_utf16 (valid, -1, NULL, NULL, NULL);
}

char *
wide_narrow (const wchar_t *text, gssize length)
{
  return g_utf16_to_utf8 ((const gunichar2 *)text, length, NULL, NULL, NULL);
}

static gboolean
has_drive (const char *path)
{
  return g_ascii_isalpha (path[0]) && path[1] == ':' && path[2] == '\\';
}

/* "\folder" lies on the drive of the current folder. */
static char *
make_absolute (const char *path)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *current = g_get_current_dir ();

  g_strdelimit (absolute, "/", '\\');
  if (absolute[0] == '\\' && absolute[1] != '\\')
    return g_strdup_printf ("%.2s%s", current, absolute);
  return g_steal_pointer (&absolute);
}

static char *
make_long (const char *path)
{
  g_autofree char *absolute = NULL;

  if (g_str_has_prefix (path, "\\\\?\\"))
    return g_strdup (path);
  absolute = make_absolute (path);
  if (has_drive (absolute))
    return g_strconcat ("\\\\?\\", absolute, NULL);
  return g_strconcat ("\\\\?\\UNC\\", absolute + strspn (absolute, "\\"), NULL);
}

wchar_t *
wide_path (const char *path, GError **error)
{
  g_autofree char *whole = NULL;
  const char *colon;

  if (g_utf8_validate (path, -1, NULL) && *path != '\0') {
    whole = make_long (path);
    colon = strchr (whole, ':');
    if (colon == NULL || strchr (colon + 1, ':') == NULL)
      return wide_text (whole);
  }
  whole = g_utf8_make_valid (path, -1);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_FILENAME, "“%s” cannot be the name of a file",
               whole);
  return NULL;
}
