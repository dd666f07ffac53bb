/* The console, whatever standard input and output are. */
#include "platform/terminal.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>

#define SECRET_MOST 1024 /* units */

/* A progress line is redrawn with escape sequences, which consoles before Windows 10 do not know.
 */
gboolean
terminal_is_interactive (void)
{
  HANDLE console = GetStdHandle (STD_ERROR_HANDLE);
  DWORD mode;

  return GetConsoleMode (console, &mode)
      && ((mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0
          || SetConsoleMode (console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING));
}

static HANDLE
open_console (const wchar_t *name)
{
  return CreateFileW (name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                      OPEN_EXISTING, 0, NULL);
}

static void
print (HANDLE console, const char *text)
{
  g_autofree wchar_t *wide = wide_text (text);
  DWORD written;

  WriteConsoleW (console, wide, (DWORD)wcslen (wide), &written, NULL);
}

/* One line, without its end. */
static char *
read_line (HANDLE input)
{
  wchar_t line[SECRET_MOST];
  DWORD length = 0;
  char *text = NULL;

  if (ReadConsoleW (input, line, SECRET_MOST, &length, NULL) && length > 0) {
    while (length > 0 && (line[length - 1] == L'\n' || line[length - 1] == L'\r'))
      length--;
    text = wide_narrow (line, (gssize)length);
  }
  SecureZeroMemory (line, sizeof line);
  return text;
}

static char *
ask (HANDLE input, HANDLE output, const char *prompt)
{
  char *secret;
  DWORD before;

  if (!GetConsoleMode (input, &before)
      || !SetConsoleMode (
          input, (before & ~(DWORD)ENABLE_ECHO_INPUT) | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT))
    return NULL;
  FlushConsoleInputBuffer (input); /* what was typed ahead was shown */
  print (output, prompt);
  secret = read_line (input);
  SetConsoleMode (input, before);
  print (output, "\r\n");
  return secret;
}

char *
terminal_read_secret (const char *prompt)
{
  HANDLE input = open_console (L"CONIN$");
  HANDLE output = open_console (L"CONOUT$");
  char *secret = NULL;

  if (input != INVALID_HANDLE_VALUE && output != INVALID_HANDLE_VALUE)
    secret = ask (input, output, prompt);
  if (input != INVALID_HANDLE_VALUE)
    CloseHandle (input);
  if (output != INVALID_HANDLE_VALUE)
    CloseHandle (output);
  return secret;
}
