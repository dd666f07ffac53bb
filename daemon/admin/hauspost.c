/* hauspost: the command line. */
#include "admin/command.h"
#include "config.h"
#include "platform/program.h"
#include <glib/gi18n.h>

enum { DONE = 0, REFUSED = 1, WRONG_USAGE = 2 };

static void
complain (const GError *error)
{
  g_autofree char *sentence = console_clean (error->message);

  g_printerr ("hauspost: %s\n", sentence);
}

static int
run (Invocation *invocation)
{
  g_autoptr (GError) error = NULL;

  if (invocation->options[OPTION_VERSION] != NULL) {
    g_print ("hauspost %s\n", VERSION);
    return DONE;
  }
  if (invocation->options[OPTION_HELP] != NULL) {
    g_autofree char *help = command_help (invocation);
    g_print ("%s", help);
    return DONE;
  }
  if (invocation->command->run (invocation, &error))
    return DONE;
  complain (error);
  return REFUSED;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;

  g_auto (GStrv) arguments = program_begin (argc, argv);
  console_take_output ();
  g_autoptr (Invocation) invocation
      = command_parse ((const char *const *)arguments + (arguments[0] != NULL), &error);
  if (invocation != NULL)
    return run (invocation);
  complain (error);
  return WRONG_USAGE;
}
