/* Windows Installer's properties, log and messages. */
#include "actions.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void *
need (void *memory)
{
  if (memory == NULL)
    abort ();
  return memory;
}

wchar_t *
property (MSIHANDLE install, const wchar_t *name)
{
  wchar_t none[1] = L"";
  DWORD length = 0;

  if (MsiGetPropertyW (install, name, none, &length) != ERROR_MORE_DATA)
    length = 0;
  length++; /* the NUL */
  wchar_t *value = need (calloc (length, sizeof *value));
  if (MsiGetPropertyW (install, name, value, &length) != ERROR_SUCCESS)
    *value = L'\0';
  return value;
}

bool
is_set (MSIHANDLE install, const wchar_t *name)
{
  wchar_t *value = property (install, name);
  bool set = *value != L'\0';

  free (value);
  return set;
}

void
set_property (MSIHANDLE install, const wchar_t *name, const wchar_t *value)
{
  MsiSetPropertyW (install, name, value);
}

wchar_t *
print (const wchar_t *format, ...)
{
  size_t size = wcslen (format) + 1;
  const wchar_t *part;
  va_list arguments;

  va_start (arguments, format);
  for (const wchar_t *at = format; (at = wcsstr (at, L"%s")) != NULL; at += 2)
    size += wcslen (va_arg (arguments, const wchar_t *));
  va_end (arguments);
  wchar_t *text = need (calloc (size, sizeof *text)), *end = text;

  va_start (arguments, format);
  for (const wchar_t *at = format; *at != L'\0';)
    if (at[0] == L'%' && at[1] == L's') {
      part = va_arg (arguments, const wchar_t *);
      end = wcscpy (end, part) + wcslen (part);
      at += 2;
    } else
      *end++ = *at++;
  va_end (arguments);
  return text;
}

/* Given as a field, so that brackets in TEXT are not taken for properties. */
void
tell (MSIHANDLE install, INSTALLMESSAGE kind, const wchar_t *text)
{
  MSIHANDLE record = MsiCreateRecord (1);

  MsiRecordSetStringW (record, 0, L"[1]");
  MsiRecordSetStringW (record, 1, text);
  MsiProcessMessage (install, kind, record);
  MsiCloseHandle (record);
}

void
log_line (MSIHANDLE install, const wchar_t *line)
{
  tell (install, INSTALLMESSAGE_INFO, line);
}
