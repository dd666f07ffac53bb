/* Starts a child with a restricted token in a job of its own, and talks with it, from both sides.
 */
#include "platform/child-private.h"
#include "platform/windows/child-token.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"
#include <windows.h>

#define MEMORY_MAX ((SIZE_T)4 << 30) /* bytes */
#define PIPE_SIZE 65536
#define AT_ONCE (1 << 20)

struct _Child {
  HANDLE process, job;
  HANDLE pipe; /* overlapped; its other end is the child's standard input and output */
  HANDLE done; /* an event: what was begun on the pipe has ended */
  gint64 end; /* of patience; monotonic */
};

static void
close_handle (HANDLE handle)
{
  if (handle != NULL)
    CloseHandle (handle); /* fails only for what is no handle */
}

/* What runs in it dies with it, starts nothing, and takes no more memory than a machine can spare.
 */
static HANDLE
job_new (GError **error)
{
  JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits = { 0 };
  HANDLE job = CreateJobObjectW (NULL, NULL);

  limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_ACTIVE_PROCESS
      | JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_PROCESS_MEMORY
      | JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
  limits.BasicLimitInformation.ActiveProcessLimit = 1;
  limits.ProcessMemoryLimit = MEMORY_MAX;
  if (job != NULL
      && SetInformationJobObject (job, JobObjectExtendedLimitInformation, &limits, sizeof limits))
    return job;
  failure_set (error, GetLastError (), "A job cannot be made");
  close_handle (job);
  return NULL;
}

/* A pipe of the kind that has no name would block without a time limit. The child's end blocks. */
static gboolean
make_pipe (Child *self, HANDLE *theirs, GError **error)
{
  SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
  g_autofree char *random = g_uuid_string_random ();
  g_autofree char *name = g_strconcat ("\\\\.\\pipe\\hauspost-", random, NULL);
  g_autofree wchar_t *wide = wide_text (name);
  HANDLE ours = CreateNamedPipeW (
      wide, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | FILE_FLAG_FIRST_PIPE_INSTANCE,
      PIPE_TYPE_BYTE | PIPE_REJECT_REMOTE_CLIENTS, 1, PIPE_SIZE, PIPE_SIZE, 0, NULL);

  if (ours == INVALID_HANDLE_VALUE)
    return failure_set (error, GetLastError (), "A pipe cannot be made");
  self->pipe = ours;
  *theirs = CreateFileW (wide, GENERIC_READ | GENERIC_WRITE, 0, &inherited, OPEN_EXISTING,
                         SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
  self->done = CreateEventW (NULL, TRUE, FALSE, NULL);
  if (*theirs != INVALID_HANDLE_VALUE && self->done != NULL)
    return TRUE;
  failure_set (error, GetLastError (), "A pipe cannot be made");
  if (*theirs == INVALID_HANDLE_VALUE)
    *theirs = NULL;
  return FALSE;
}

static wchar_t *
command_line (const char *program, const char *option, GError **error)
{
  wchar_t own[32768];
  g_autofree char *found = NULL, *line = NULL;

  if (program == NULL) {
    DWORD length = GetModuleFileNameW (NULL, own, G_N_ELEMENTS (own));
    if (length == 0 || length == G_N_ELEMENTS (own)) {
      failure_set (error, GetLastError (), "Our own program has no name");
      return NULL;
    }
    found = wide_narrow (own, -1);
  }
  line = g_strdup_printf ("\"%s\" %s", program != NULL ? program : found, option);
  return wide_text (line);
}

/* The child inherits its end of the pipe and nothing else. */
static gboolean
create_process (HANDLE token, wchar_t *command, HANDLE theirs, PROCESS_INFORMATION *made)
{
  STARTUPINFOEXW start = { 0 };
  SIZE_T size = 0;
  gboolean created = FALSE;
  DWORD code;

  InitializeProcThreadAttributeList (NULL, 1, 0, &size);
  start.lpAttributeList = g_malloc0 (size);
  start.StartupInfo.cb = sizeof start;
  start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  start.StartupInfo.hStdInput = theirs;
  start.StartupInfo.hStdOutput = theirs;
  if (InitializeProcThreadAttributeList (start.lpAttributeList, 1, 0, &size)) {
    created
        = UpdateProcThreadAttribute (start.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                     &theirs, sizeof theirs, NULL, NULL)
        && CreateProcessAsUserW (token, NULL, command, NULL, NULL, TRUE,
                                 CREATE_SUSPENDED | CREATE_NO_WINDOW | EXTENDED_STARTUPINFO_PRESENT,
                                 NULL, NULL, &start.StartupInfo, made);
    code = GetLastError ();
    DeleteProcThreadAttributeList (start.lpAttributeList);
    SetLastError (code);
  }
  g_free (start.lpAttributeList);
  return created;
}

/* It runs when it is in the job, not before. */
static gboolean
spawn (Child *self, wchar_t *command, HANDLE theirs, GError **error)
{
  HANDLE token = child_token_new (error);
  PROCESS_INFORMATION made = { 0 };
  gboolean runs;

  if (token == NULL)
    return FALSE;
  runs = create_process (token, command, theirs, &made)
      && AssignProcessToJobObject (self->job, made.hProcess)
      && ResumeThread (made.hThread) != (DWORD)-1;
  if (!runs) {
    failure_set (error, GetLastError (), "The child cannot be started");
    if (made.hProcess != NULL)
      TerminateProcess (made.hProcess, 1); /* it has not begun */
  }
  self->process = made.hProcess;
  close_handle (made.hThread);
  close_handle (token);
  return runs;
}

Child *
child_start (const char *program, const char *option, GError **error)
{
  g_autoptr (Child) self = g_new0 (Child, 1);
  g_autofree wchar_t *command = command_line (program, option, error);
  HANDLE theirs = NULL;
  gboolean runs = command != NULL && (self->job = job_new (error)) != NULL
      && make_pipe (self, &theirs, error) && spawn (self, command, theirs, error);

  close_handle (theirs);
  return runs ? g_steal_pointer (&self) : NULL;
}

void
child_free (Child *self)
{
  close_handle (self->pipe);
  close_handle (self->done);
  if (self->process != NULL) {
    TerminateProcess (self->process, 1); /* fails only for one that is dead */
    WaitForSingleObject (self->process, INFINITE);
  }
  close_handle (self->process);
  close_handle (self->job);
  g_free (self);
}

void
child_hurry (Child *self, guint patience)
{
  self->end = g_get_monotonic_time () + patience * G_TIME_SPAN_MILLISECOND;
}

/* What was begun has ended, or is taken back at the end of patience. 0: it failed. */
static DWORD
wait_for (Child *self, OVERLAPPED *begun, GError **error)
{
  gint64 left = (self->end - g_get_monotonic_time ()) / 1000;
  DWORD moved = 0;

  if (WaitForSingleObject (self->done, left > 0 ? (DWORD)left : 0) != WAIT_OBJECT_0) {
    /* BEGUN is the system's until it says so. */
    if (CancelIoEx (self->pipe, begun))
      GetOverlappedResult (self->pipe, begun, &moved, TRUE);
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The child does not answer");
    return 0;
  }
  if (GetOverlappedResult (self->pipe, begun, &moved, FALSE) && moved > 0)
    return moved;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The child has died");
  return 0;
}

gboolean
child_send (Child *self, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    OVERLAPPED begun = { .hEvent = self->done };
    gboolean began = WriteFile (self->pipe, bytes, (DWORD)MIN (length, AT_ONCE), NULL, &begun)
        || GetLastError () == ERROR_IO_PENDING;
    DWORD sent = began ? wait_for (self, &begun, error) : 0;
    if (!began)
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The child has died");
    if (sent == 0)
      return FALSE;
    bytes += sent;
    length -= sent;
  }
  return TRUE;
}

gboolean
child_receive (Child *self, guint8 *bytes, gsize length, GError **error)
{
  while (length > 0) {
    OVERLAPPED begun = { .hEvent = self->done };
    gboolean began = ReadFile (self->pipe, bytes, (DWORD)MIN (length, AT_ONCE), NULL, &begun)
        || GetLastError () == ERROR_IO_PENDING;
    DWORD received = began ? wait_for (self, &begun, error) : 0;
    if (!began)
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The child has died");
    if (received == 0)
      return FALSE;
    bytes += received;
    length -= received;
  }
  return TRUE;
}

void
child_input (guint8 *bytes, gsize length)
{
  while (length > 0) {
    DWORD received;
    if (!ReadFile (GetStdHandle (STD_INPUT_HANDLE), bytes, (DWORD)MIN (length, AT_ONCE), &received,
                   NULL)
        || received == 0)
      child_end (0);
    bytes += received;
    length -= received;
  }
}

void
child_output (const guint8 *bytes, gsize length)
{
  while (length > 0) {
    DWORD sent;
    if (!WriteFile (GetStdHandle (STD_OUTPUT_HANDLE), bytes, (DWORD)MIN (length, AT_ONCE), &sent,
                    NULL))
      child_end (0);
    bytes += sent;
    length -= sent;
  }
}

void
child_end (int status)
{
  ExitProcess ((UINT)status);
}

/* The job ends the child with its parent, in the middle of a request too. */
void
child_set_working (gboolean working)
{
}
