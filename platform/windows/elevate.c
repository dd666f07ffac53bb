/* ShellExecuteEx with "runas". A program that was started so has no standard output of ours: it
 * answers through a pipe whose name it is given, and which only this user's and the administrators'
 * programs may write to (the default rights of a pipe). */
#include "platform/elevate.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"
#include <winsock2.h>
#include <windows.h>
#include <objbase.h>
#include <shellapi.h>
#include <glib/gi18n.h>
#include <openssl/rand.h>
#include <string.h>

#define ANSWER_MOST 65536
#define RANDOM_BYTES 16
#define PIPE_PREFIX "\\\\.\\pipe\\hauspost-"

typedef struct {
  HANDLE pipe, process, event;
} Elevated;

static void
elevated_clear (Elevated *self)
{
  if (self->pipe != INVALID_HANDLE_VALUE)
    CloseHandle (self->pipe);
  if (self->process != NULL)
    CloseHandle (self->process);
  if (self->event != NULL)
    CloseHandle (self->event);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Elevated, elevated_clear)

gboolean
elevate_has_program (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program); /* looks beside this program first */

  return path != NULL;
}

/* As CommandLineToArgvW reads it: backslashes count only before a quote. */
static void
append_quoted (GString *line, const char *argument)
{
  guint slashes = 0;

  g_string_append (line, line->len > 0 ? " \"" : "\"");
  for (const char *at = argument; *at != '\0'; at++) {
    for (guint i = 0; *at == '"' && i <= slashes; i++)
      g_string_append_c (line, '\\');
    slashes = *at == '\\' ? slashes + 1 : 0;
    g_string_append_c (line, *at);
  }
  for (guint i = 0; i < slashes; i++)
    g_string_append_c (line, '\\');
  g_string_append_c (line, '"');
}

static char *
pipe_name (GError **error)
{
  guint8 bytes[RANDOM_BYTES];
  GString *name = g_string_new (PIPE_PREFIX);

  if (RAND_bytes (bytes, sizeof bytes) != 1) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                         _ ("The cryptographic library failed."));
    g_string_free (name, TRUE);
    return NULL;
  }
  for (guint i = 0; i < sizeof bytes; i++)
    g_string_append_printf (name, "%02x", bytes[i]);
  return g_string_free (name, FALSE);
}

static gboolean
open_pipe (Elevated *self, const char *name, GError **error)
{
  g_autofree wchar_t *wide = wide_text (name);

  self->pipe = CreateNamedPipeW (
      wide, PIPE_ACCESS_INBOUND | FILE_FLAG_FIRST_PIPE_INSTANCE | FILE_FLAG_OVERLAPPED,
      PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, 1, 0,
      ANSWER_MOST, 0, NULL);
  self->event = CreateEventW (NULL, TRUE, FALSE, NULL);
  return (self->pipe != INVALID_HANDLE_VALUE && self->event != NULL)
      || failure_set (error, GetLastError (), "%s", _ ("The answer cannot be received"));
}

static gboolean
start (Elevated *self, const char *program, const char *const *arguments, const char *pipe,
       GError **error)
{
  GString *line = g_string_new (NULL);
  g_autofree wchar_t *file = wide_text (program);

  for (; *arguments != NULL; arguments++)
    append_quoted (line, *arguments);
  append_quoted (line, "--answer-to");
  append_quoted (line, pipe);
  g_autofree wchar_t *parameters = wide_text (line->str);
  g_string_free (line, TRUE);

  SHELLEXECUTEINFOW info = { .cbSize = sizeof info,
                             .fMask = SEE_MASK_NOCLOSEPROCESS | SEE_MASK_NOASYNC,
                             .lpVerb = L"runas",
                             .lpFile = file,
                             .lpParameters = parameters,
                             .nShow = SW_HIDE };
  CoInitializeEx (NULL, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE);
  const gboolean started = ShellExecuteExW (&info);
  const DWORD code = GetLastError ();
  CoUninitialize ();
  self->process = started ? info.hProcess : NULL;
  if (started)
    return TRUE;
  if (code != ERROR_CANCELLED)
    return failure_set (error, code, _ ("%s cannot be started as the administrator"), program);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                       _ ("You did not let the control panel do this."));
  return FALSE;
}

/* Waits for the overlapped operation or the program's end. *ENDED: nothing comes any more. */
static DWORD
wait_for (Elevated *self, OVERLAPPED *operation, gboolean *ended)
{
  const HANDLE both[] = { self->event, self->process };
  const DWORD which = WaitForMultipleObjects (self->process != NULL ? 2 : 1, both, FALSE, INFINITE);
  DWORD done = 0;

  if (which != WAIT_OBJECT_0) /* what was written before the end is there already */
    CancelIoEx (self->pipe, operation);
  *ended = !GetOverlappedResult (self->pipe, operation, &done, TRUE);
  return done;
}

static GString *
read_answer (Elevated *self)
{
  GString *answer = g_string_new (NULL);
  char bytes[4096];
  gboolean ended = FALSE;
  OVERLAPPED operation = { .hEvent = self->event };

  if (!ConnectNamedPipe (self->pipe, &operation)) {
    if (GetLastError () == ERROR_IO_PENDING)
      wait_for (self, &operation, &ended);
    else
      ended = GetLastError () != ERROR_PIPE_CONNECTED;
  }
  while (!ended && answer->len < ANSWER_MOST) {
    operation = (OVERLAPPED) { .hEvent = self->event };
    ResetEvent (self->event);
    if (!ReadFile (self->pipe, bytes, sizeof bytes, NULL, &operation)
        && GetLastError () != ERROR_IO_PENDING)
      break;
    g_string_append_len (answer, bytes, (gssize)wait_for (self, &operation, &ended));
  }
  OPENSSL_cleanse (bytes, sizeof bytes);
  return answer;
}

char *
elevate_run (const char *program, const char *const *arguments, GError **error)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_auto (Elevated) self = { .pipe = INVALID_HANDLE_VALUE };
  g_autofree char *name = NULL;
  DWORD status = 1;

  if (path == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("%s is not installed."), program);
    return NULL;
  }
  if ((name = pipe_name (error)) == NULL || !open_pipe (&self, name, error)
      || !start (&self, path, arguments, name, error))
    return NULL;
  GString *answer = read_answer (&self);
  if (self.process != NULL) {
    WaitForSingleObject (self.process, INFINITE);
    GetExitCodeProcess (self.process, &status);
  }
  if (status == 0 && answer->len > 0)
    return g_string_free (answer, FALSE);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       answer->len > 0 ? answer->str : _ ("The command ended without saying why."));
  g_string_free (answer, TRUE);
  return NULL;
}

/* The pipe's owner may be less than we are: it must not act as us. */
gboolean
elevate_answer (const char *place, const char *text, GError **error)
{
  g_autofree wchar_t *name = place != NULL ? wide_text (place) : NULL;
  const DWORD length = (DWORD)strlen (text);
  DWORD written = 0;

  if (place == NULL) {
    g_print ("%s\n", text);
    return TRUE;
  }
  if (!g_str_has_prefix (place, PIPE_PREFIX)) { /* no file is written for anybody */
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("--answer-to is for the control panel alone."));
    return FALSE;
  }
  HANDLE pipe = CreateFileW (name, GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                             SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
  const gboolean done = pipe != INVALID_HANDLE_VALUE
      && WriteFile (pipe, text, length, &written, NULL) && written == length
      && FlushFileBuffers (pipe);
  const DWORD code = GetLastError ();
  if (pipe != INVALID_HANDLE_VALUE)
    CloseHandle (pipe);
  return done || failure_set (error, code, "%s", _ ("The answer cannot be told"));
}
