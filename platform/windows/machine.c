/* The machine's name: the computer's with the DNS suffix of its domain or network settings. */
#include "platform/machine.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>

char *
machine_name (void)
{
  DWORD length = 0;

  /* Tells the length, NUL included. */
  GetComputerNameExW (ComputerNameDnsFullyQualified, NULL, &length);
  g_autofree wchar_t *name = g_new0 (wchar_t, (gsize)length + 1);
  if (!GetComputerNameExW (ComputerNameDnsFullyQualified, name, &length) || length == 0)
    return NULL;
  return wide_narrow (name, (gssize)length);
}
