/* The controlling terminal, whatever standard input is. */
#include "platform/terminal.h"
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define LINE_MOST 1024 /* bytes */

gboolean
terminal_is_interactive (void)
{
  return isatty (STDERR_FILENO);
}

gboolean
terminal_can_ask (void)
{
  return isatty (STDIN_FILENO);
}

/* A line without its end was cut: the terminal's input ended, or it is too long. */
static char *
ask (FILE *terminal, const char *prompt)
{
  char line[LINE_MOST + 2] = "";
  char *text = NULL;

  fputs (prompt, terminal);
  fflush (terminal);
  if (fgets (line, sizeof line, terminal) != NULL && strchr (line, '\n') != NULL) {
    line[strcspn (line, "\r\n")] = '\0';
    text = g_strdup (line);
  }
  explicit_bzero (line, sizeof line);
  return text;
}

char *
terminal_read_line (const char *prompt)
{
  FILE *terminal = fopen ("/dev/tty", "r+e");

  if (terminal == NULL)
    return NULL;
  char *line = ask (terminal, prompt);
  fclose (terminal);
  return line;
}

char *
terminal_read_secret (const char *prompt)
{
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
  char *secret = ask (terminal, prompt);
  tcsetattr (fileno (terminal), TCSAFLUSH, &before);
  fputs ("\n", terminal);
  fclose (terminal);
  return secret;
}
