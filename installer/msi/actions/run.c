/* Runs a program of ours without a window and hears what it says. */
#include "actions.h"
#include <stdlib.h>

#define OUTPUT_MOST 65536 /* bytes of each stream; more is read and dropped */

typedef struct {
  HANDLE read, write;
  char *text;
  size_t length;
} Stream;

static bool
stream_open (Stream *self)
{
  SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };

  self->text = calloc (OUTPUT_MOST + 1, 1);
  return self->text != NULL && CreatePipe (&self->read, &self->write, &inherited, 0)
      && SetHandleInformation (self->read, HANDLE_FLAG_INHERIT, 0);
}

static void
stream_close (Stream *self)
{
  if (self->read != NULL)
    CloseHandle (self->read);
  if (self->write != NULL)
    CloseHandle (self->write);
  free (self->text);
}

static DWORD WINAPI
listen_to (void *data)
{
  Stream *self = data;
  char bytes[1024];
  DWORD count;

  while (ReadFile (self->read, bytes, sizeof bytes, &count, NULL) && count > 0)
    for (DWORD i = 0; i < count && self->length < OUTPUT_MOST; i++)
      self->text[self->length++] = bytes[i];
  return 0;
}

static wchar_t *
wide (const char *text)
{
  int length = MultiByteToWideChar (CP_UTF8, 0, text, -1, NULL, 0);
  wchar_t *result = calloc ((size_t)length + 1, sizeof *result);

  if (result != NULL)
    MultiByteToWideChar (CP_UTF8, 0, text, -1, result, length);
  return result;
}

/* Each line of the stream into the log. The last one comes back; NULL: there was none. */
static wchar_t *
log_stream (MSIHANDLE install, Stream *self)
{
  wchar_t *last = NULL;
  char *context = NULL;

  for (char *line = strtok_s (self->text, "\r\n", &context); line != NULL;
       line = strtok_s (NULL, "\r\n", &context)) {
    free (last);
    last = wide (line);
    if (last != NULL)
      log_line (install, last);
  }
  return last;
}

/* COMMAND is changed. FALSE: it could not be started. */
static bool
run (wchar_t *command, Stream *output, Stream *errors, DWORD *status)
{
  STARTUPINFOW start = { .cb = sizeof start,
                         .dwFlags = STARTF_USESTDHANDLES,
                         .hStdOutput = output->write,
                         .hStdError = errors->write };
  PROCESS_INFORMATION process;

  if (!CreateProcessW (NULL, command, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &start,
                       &process))
    return false;
  CloseHandle (output->write);
  CloseHandle (errors->write);
  output->write = errors->write = NULL; /* the streams end when the program does */
  HANDLE listener = CreateThread (NULL, 0, listen_to, output, 0, NULL);
  listen_to (errors);
  if (listener != NULL) {
    WaitForSingleObject (listener, INFINITE);
    CloseHandle (listener);
  }
  WaitForSingleObject (process.hProcess, INFINITE);
  GetExitCodeProcess (process.hProcess, status);
  CloseHandle (process.hThread);
  CloseHandle (process.hProcess);
  return true;
}

bool
run_quietly (MSIHANDLE install, const wchar_t *command, bool with_output, wchar_t **reason)
{
  Stream output = { 0 }, errors = { 0 };
  wchar_t *line = print (L"Hauspost: %s", command), *changeable = print (L"%s", command);
  DWORD status = 1;

  *reason = NULL;
  log_line (install, line);
  bool done = stream_open (&output) && stream_open (&errors)
      && run (changeable, &output, &errors, &status) && status == 0;
  if (with_output && output.text != NULL)
    free (log_stream (install, &output));
  if (errors.text != NULL)
    *reason = log_stream (install, &errors);
  stream_close (&output);
  stream_close (&errors);
  free (changeable);
  free (line);
  return done;
}
