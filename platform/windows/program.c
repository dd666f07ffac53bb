/* A program's start on Windows. */
#include "platform/program.h"
#include "config.h"
#include "platform/paths.h"
#include <winsock2.h>
#include <windows.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

static UINT console_before;

static void
restore_console (void)
{
  SetConsoleOutputCP (console_before);
}

/* The code page is the console's and outlives us. */
static void
speak_utf8 (void)
{
  console_before = GetConsoleOutputCP ();
  if (console_before != 0 && console_before != CP_UTF8 && SetConsoleOutputCP (CP_UTF8))
    atexit (restore_console);
}

/* A DLL that lies in the current folder is not ours, and a missing disk must not wait for somebody
 * to close a window. */
static void
harden (void)
{
  SetDllDirectoryW (L"");
  SetErrorMode (SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
  HeapSetInformation (NULL, HeapEnableTerminationOnCorruption, NULL, 0);
}

/* Not the arguments of main: the C library has made them of the old code page, and has put file
 * names in the place of '*'. */
char **
program_begin (int argc, char **argv)
{
  harden ();
  setlocale (LC_ALL, "");
  speak_utf8 ();
  bindtextdomain (GETTEXT_PACKAGE, paths_locale ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return g_win32_get_command_line ();
}

/* What is printed so are paths, and they have no quotes in them. */
char *
program_quote (const char *argument)
{
  return strpbrk (argument, " &()[]{}^=;!'+,`~%@$") != NULL ? g_strdup_printf ("\"%s\"", argument)
                                                            : g_strdup (argument);
}
