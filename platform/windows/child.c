/* Starts a child with a restricted token in a job of its own, and talks with it, from both sides.
 */
#include "platform/child-private.h"
#include "platform/windows/child-token.h"
#include "platform/windows/failure.h"
#include "platform/windows/wide.h"
#include <windows.h>

#define MEMORY_MAX ((SIZE_T)4 << 30) /* bytes */

struct _Child {
  HANDLE process, job;
  HANDLE requests, answers; /* our ends of the pipes; they block */
  HANDLE timer; /* ends the child's life */
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

/* One end is ours, the other the child's. */
static gboolean
make_pipe (HANDLE *read, HANDLE *write, HANDLE *theirs, GError **error)
{
  if (CreatePipe (read, write, NULL, 65536)
      && SetHandleInformation (*theirs, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT))
    return TRUE;
  return failure_set (error, GetLastError (), "A pipe cannot be made");
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

/* The child inherits its ends of the pipes and nothing else. */
static gboolean
create_process (HANDLE token, wchar_t *command, HANDLE *theirs, PROCESS_INFORMATION *made)
{
  STARTUPINFOEXW start = { 0 };
  SIZE_T size = 0;
  gboolean created = FALSE;
  DWORD code;

  InitializeProcThreadAttributeList (NULL, 1, 0, &size);
  start.lpAttributeList = g_malloc0 (size);
  start.StartupInfo.cb = sizeof start;
  start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  start.StartupInfo.hStdInput = theirs[0];
  start.StartupInfo.hStdOutput = theirs[1];
  if (InitializeProcThreadAttributeList (start.lpAttributeList, 1, 0, &size)) {
    created
        = UpdateProcThreadAttribute (start.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                     theirs, 2 * sizeof *theirs, NULL, NULL)
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
spawn (Child *self, wchar_t *command, HANDLE *theirs, GError **error)
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
  HANDLE theirs[2] = { NULL, NULL };
  gboolean runs = command != NULL && (self->job = job_new (error)) != NULL
      && make_pipe (&theirs[0], &self->requests, &theirs[0], error)
      && make_pipe (&self->answers, &theirs[1], &theirs[1], error)
      && spawn (self, command, theirs, error);

  close_handle (theirs[0]);
  close_handle (theirs[1]);
  return runs ? g_steal_pointer (&self) : NULL;
}

void
child_free (Child *self)
{
  close_handle (self->requests);
  close_handle (self->answers);
  if (self->process != NULL) {
    TerminateProcess (self->process, 1); /* fails only for one that is dead */
    WaitForSingleObject (self->process, INFINITE);
  }
  close_handle (self->process);
  close_handle (self->job);
  g_free (self);
}

static gboolean
write_bytes (HANDLE pipe, const guint8 *bytes, gsize length)
{
  while (length > 0) {
    DWORD written;
    if (!WriteFile (pipe, bytes, (DWORD)MIN (length, 1 << 20), &written, NULL))
      return FALSE;
    bytes += written;
    length -= written;
  }
  return TRUE;
}

static gboolean
read_bytes (HANDLE pipe, guint8 *bytes, gsize length)
{
  while (length > 0) {
    DWORD received;
    if (!ReadFile (pipe, bytes, (DWORD)MIN (length, 1 << 20), &received, NULL) || received == 0)
      return FALSE;
    bytes += received;
    length -= received;
  }
  return TRUE;
}

/* Pipes that block have no time limit: the end of patience is the child's end, and so the pipes'.
 */
static void CALLBACK
lose_patience (gpointer data, BOOLEAN fired)
{
  Child *self = data;

  TerminateProcess (self->process, WAIT_TIMEOUT); /* fails only for one that is dead */
}

static gboolean
fail (Child *self, GError **error)
{
  DWORD status = 0;

  if (GetExitCodeProcess (self->process, &status) && status == WAIT_TIMEOUT)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The child does not answer");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CLOSED, "The child has died");
  return FALSE;
}

gboolean
child_hurry (Child *self, guint patience, GError **error)
{
  return CreateTimerQueueTimer (&self->timer, NULL, lose_patience, self, patience, 0,
                                WT_EXECUTEONLYONCE)
      || failure_set (error, GetLastError (), "A timer cannot be made");
}

void
child_rest (Child *self)
{
  DeleteTimerQueueTimer (NULL, self->timer, INVALID_HANDLE_VALUE); /* waits for one that runs */
}

gboolean
child_send (Child *self, const guint8 *bytes, gsize length, GError **error)
{
  return write_bytes (self->requests, bytes, length) || fail (self, error);
}

gboolean
child_receive (Child *self, guint8 *bytes, gsize length, GError **error)
{
  return read_bytes (self->answers, bytes, length) || fail (self, error);
}

void
child_input (guint8 *bytes, gsize length)
{
  if (!read_bytes (GetStdHandle (STD_INPUT_HANDLE), bytes, length))
    child_end (0);
}

void
child_output (const guint8 *bytes, gsize length)
{
  if (!write_bytes (GetStdHandle (STD_OUTPUT_HANDLE), bytes, length))
    child_end (0);
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
