/* The log "Hauspost" in the Event Viewer, under "Applications and Services Logs": of its own, so
 * that a busy day's mail does not push the system's events out of the log Application. */
#include "platform/windows/failure.h"
#include "platform/windows/privacy.h"
#include "platform/windows/service-private.h"
#include "platform/windows/wide.h"

#define LOGS L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\"
#define LOG_SIZE (64 * 1024 * 1024)
#define BATCH 65536 /* bytes: the newest few hundred events */
#define ALL_TYPES (EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE)

static gboolean
fail (GError **error, LSTATUS code)
{
  return failure_set (error, (DWORD)code, "Cannot register the log with the Event Viewer");
}

static LSTATUS
set_number (HKEY key, const wchar_t *name, DWORD value)
{
  return RegSetValueExW (key, name, 0, REG_DWORD, (const BYTE *)&value, sizeof value);
}

static LSTATUS
set_text (HKEY key, const wchar_t *name, const wchar_t *value)
{
  return RegSetValueExW (key, name, 0, REG_SZ, (const BYTE *)value,
                         (DWORD)((wcslen (value) + 1) * sizeof *value));
}

static HKEY
make_key (const wchar_t *path, GError **error)
{
  HKEY key = NULL;
  LSTATUS code
      = RegCreateKeyExW (HKEY_LOCAL_MACHINE, path, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);

  if (code != ERROR_SUCCESS)
    fail (error, code);
  return key;
}

/* It tells who mails whom: administrators and the group of Event Log Readers read, we write. */
static gboolean
set_up_log (HKEY key, GError **error)
{
  g_autofree char *sid = privacy_service_sid (SERVICE_NAME);
  g_autofree char *rights = g_strdup_printf (
      "O:BAG:SYD:(A;;0x7;;;SY)(A;;0x7;;;BA)(A;;0x2;;;%s)(A;;0x1;;;S-1-5-32-573)", sid);
  g_autofree wchar_t *wide = wide_text (rights);
  LSTATUS code = set_number (key, L"MaxSize", LOG_SIZE);

  if (code == ERROR_SUCCESS)
    code = set_number (key, L"Retention", 0); /* the oldest events make room */
  if (code == ERROR_SUCCESS)
    code = set_text (key, L"CustomSD", wide);
  return code == ERROR_SUCCESS || fail (error, code);
}

static gboolean
set_up_source (HKEY key, const wchar_t *program, GError **error)
{
  LSTATUS code = set_text (key, L"EventMessageFile", program);

  if (code == ERROR_SUCCESS)
    code = set_number (key, L"TypesSupported", ALL_TYPES);
  return code == ERROR_SUCCESS || fail (error, code);
}

gboolean
service_log_register (const wchar_t *program, GError **error)
{
  HKEY log = make_key (LOGS SERVICE_LOG, error);
  HKEY source = log != NULL ? make_key (LOGS SERVICE_LOG L"\\" SERVICE_LOG, error) : NULL;
  gboolean done
      = source != NULL && set_up_log (log, error) && set_up_source (source, program, error);

  if (source != NULL)
    RegCloseKey (source);
  if (log != NULL)
    RegCloseKey (log);
  return done;
}

gboolean
service_log_unregister (GError **error)
{
  LSTATUS code = RegDeleteTreeW (HKEY_LOCAL_MACHINE, LOGS SERVICE_LOG);

  return code == ERROR_SUCCESS || code == ERROR_FILE_NOT_FOUND || fail (error, code);
}

/* The strings of RECORD follow each other; ours has one. */
static char *
first_text (const EVENTLOGRECORD *record)
{
  const wchar_t *text = (const wchar_t *)((const guint8 *)record + record->StringOffset);
  gsize room = record->Length > record->StringOffset
      ? (record->Length - record->StringOffset) / sizeof *text
      : 0;

  return record->NumStrings > 0 ? wide_narrow (text, (gssize)wcsnlen (text, room)) : NULL;
}

char *
service_log_find_failure (guint32 since)
{
  g_autofree guint8 *batch = g_malloc0 (BATCH);
  HANDLE log = OpenEventLogW (NULL, SERVICE_LOG);
  char *found = NULL;
  DWORD length = 0, needed, offset;

  if (log == NULL)
    return NULL;
  if (!ReadEventLogW (log, EVENTLOG_SEQUENTIAL_READ | EVENTLOG_BACKWARDS_READ, 0, batch, BATCH,
                      &length, &needed))
    length = 0;
  for (offset = 0; found == NULL && offset + sizeof (EVENTLOGRECORD) <= length;) {
    const EVENTLOGRECORD *record = (const EVENTLOGRECORD *)(batch + offset);
    if (record->Length < sizeof *record || record->Length > length - offset
        || record->TimeGenerated < since)
      break;
    if (record->EventType == EVENTLOG_ERROR_TYPE)
      found = first_text (record);
    offset += record->Length;
  }
  CloseEventLog (log);
  return found;
}
