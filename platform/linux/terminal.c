/* The controlling terminal, whatever standard input is. */
#include "platform/terminal.h"
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

gboolean
terminal_is_interactive (void)
{
  return isatty (STDERR_FILENO);
}

char *
terminal_read_secret (const char *prompt)
{
  char line[1024] = "";
  struct termios before, quiet;
  FILE *terminal = fopen ("/dev/tty", "r+e");

  if (terminal == NULL)
    return NULL;
  if (tcgetattr (fileno (terminal), &before) != 0) {
    fclose (terminal);
    return NULL;
  }

  quiet = before;
  quiet.c_lflag &= ~(tcflag_t)ECHO;
  tcsetattr (fileno (terminal), TCSAFLUSH, &quiet);
  fputs (prompt, terminal);
  fflush (terminal);
  char *read = fgets (line, sizeof line, terminal);
  tcsetattr (fileno (terminal), TCSAFLUSH, &before);
  fputs ("\n", terminal);
  fclose (terminal);
  if (read == NULL)
    return NULL;

  line[strcspn (line, "\r\n")] = '\0';
  char *secret = g_strdup (line);
  explicit_bzero (line, sizeof line);
  return secret;
}
