/* Waiting for programs that hold a file for a moment. */
#include "platform/windows/patience.h"
#include "platform/sink.h"

#define PAUSE_MOST 256 /* ms; they double from 1 */
#define WAIT_MOST 2000 /* ms */

static gboolean
may_pass (DWORD code, PatienceKind kind)
{
  return code == ERROR_SHARING_VIOLATION || code == ERROR_USER_MAPPED_FILE
      || (kind == PATIENCE_ALL && code == ERROR_ACCESS_DENIED);
}

gboolean
patience_wait (Patience *self, DWORD code, PatienceKind kind, const char *path)
{
  const SinkField field = { "file", path };

  if (!may_pass (code, kind) || self->waited >= WAIT_MOST)
    return FALSE;
  if (self->pause == PAUSE_MOST / 2)
    sink_write (SINK_WARNING, "Another program holds a file: trying again", &field, 1);
  self->pause = self->pause == 0 ? 1 : MIN (self->pause * 2, PAUSE_MOST);
  Sleep (self->pause);
  self->waited += self->pause;
  return TRUE;
}

HANDLE
patience_open (const wchar_t *wide, DWORD access, DWORD disposition, DWORD flags,
               SECURITY_ATTRIBUTES *attributes, const char *path)
{
  PatienceKind kind = disposition == CREATE_NEW ? PATIENCE_ALL : PATIENCE_SHARING;
  Patience patience = { 0, 0 };
  HANDLE handle;

  do
    handle = CreateFileW (wide, access, PATIENCE_SHARE, attributes, disposition, flags, NULL);
  while (handle == INVALID_HANDLE_VALUE && patience_wait (&patience, GetLastError (), kind, path));
  return handle;
}
