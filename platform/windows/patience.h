/* Virus scanners, indexers and backups open files for a moment and thereby forbid what we want of
 * them. What they forbid is tried again with growing pauses, for two seconds, and the log is told.
 */
#pragma once
#include <gio/gio.h>
#include <winsock2.h>
#include <windows.h>

#define PATIENCE_SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

typedef struct {
  guint pause, waited; /* ms; zeroed memory has waited for nobody yet */
} Patience;

typedef enum {
  PATIENCE_SHARING, /* the file is open in a way that forbids it */
  PATIENCE_ALL, /* it is being deleted or is mapped: looks like a lack of rights */
} PatienceKind;

/* TRUE: CODE may pass, and a moment has; try again. */
gboolean patience_wait (Patience *self, DWORD code, PatienceKind kind, const char *path);
/* CreateFileW, shared with everybody. */
HANDLE patience_open (const wchar_t *wide, DWORD access, DWORD disposition, DWORD flags,
                      SECURITY_ATTRIBUTES *attributes, const char *path);
