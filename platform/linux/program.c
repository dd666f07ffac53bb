/* A program's start on Linux. */
#include "platform/program.h"
#include "config.h"
#include "platform/paths.h"
#include <glib/gi18n.h>
#include <locale.h>

char **
program_begin (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, paths_locale ());
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  return g_strdupv (argv);
}

char *
program_quote (const char *argument)
{
  return g_shell_quote (argument);
}
