/* The console, whatever standard input and output are. */
#include "platform/terminal.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>

#define LINE_MOST 1024 /* units */
#define CTRL_Z 0x1a

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

gboolean
terminal_can_ask (void)
{
  DWORD mode;

  return GetConsoleMode (GetStdHandle (STD_INPUT_HANDLE), &mode);
}

typedef struct {
  HANDLE input, output;
} Console;

static void
console_clear (Console *self)
{
  if (self->input != INVALID_HANDLE_VALUE)
    CloseHandle (self->input);
  if (self->output != INVALID_HANDLE_VALUE)
    CloseHandle (self->output);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Console, console_clear)

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

/* A line without its end was cut: the input ended, or it is too long. Ctrl-Z at the beginning is
 * the end of input. */
static char *
read_line (HANDLE input)
{
  wchar_t line[LINE_MOST];
  DWORD length = 0;
  char *text = NULL;

  if (ReadConsoleW (input, line, LINE_MOST, &length, NULL) && length > 0
      && line[length - 1] == L'\n' && line[0] != CTRL_Z) {
    while (length > 0 && (line[length - 1] == L'\n' || line[length - 1] == L'\r'))
      length--;
    text = wide_narrow (line, (gssize)length);
  }
  SecureZeroMemory (line, sizeof line);
  return text;
}

static char *
ask (const char *prompt, gboolean secret)
{
  g_auto (Console) console = { open_console (L"CONIN$"), open_console (L"CONOUT$") };
  DWORD before, mode = ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT;

  if (!GetConsoleMode (console.input, &before))
    return NULL;
  mode |= secret ? before & ~(DWORD)ENABLE_ECHO_INPUT : before | ENABLE_ECHO_INPUT;
  if (!SetConsoleMode (console.input, mode))
    return NULL;
  if (secret)
    FlushConsoleInputBuffer (console.input); /* what was typed ahead was shown */
  print (console.output, prompt);
  char *line = read_line (console.input);
  SetConsoleMode (console.input, before);
  if (secret)
    print (console.output, "\r\n");
  return line;
}

char *
terminal_read_line (const char *prompt)
{
  return ask (prompt, FALSE);
}

char *
terminal_read_secret (const char *prompt)
{
  return ask (prompt, TRUE);
}
