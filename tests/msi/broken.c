/* A hauspostd that can be installed as the service but does not start: for the failed upgrade. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

static int
fail (const char *text)
{
  fprintf (stderr, "%s: %lu\n", text, GetLastError ());
  return 1;
}

static int
install (SC_HANDLE service)
{
  wchar_t program[MAX_PATH], command[MAX_PATH + 16];

  GetModuleFileNameW (NULL, program, MAX_PATH);
  _snwprintf (command, sizeof command / sizeof *command, L"\"%ls\" --service", program);
  return ChangeServiceConfigW (service, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE, SERVICE_NO_CHANGE,
                               command, NULL, NULL, NULL, NULL, NULL, NULL)
      ? 0
      : fail ("cannot install");
}

static int
start (SC_HANDLE service)
{
  SERVICE_STATUS status = { .dwCurrentState = SERVICE_RUNNING };

  ControlService (service, SERVICE_CONTROL_STOP, &status);
  for (int i = 0; i < 300 && status.dwCurrentState != SERVICE_STOPPED; i++) {
    Sleep (100);
    QueryServiceStatus (service, &status);
  }
  if (!StartServiceW (service, 0, NULL))
    return fail ("this build is broken and does not start");
  return 0; /* never: nothing answers the service manager */
}

int
main (int argc, char **argv)
{
  SC_HANDLE manager = OpenSCManagerW (NULL, NULL, SC_MANAGER_CONNECT);
  SC_HANDLE service = OpenServiceW (manager, L"hauspost", SERVICE_ALL_ACCESS);

  if (argc < 2 || strcmp (argv[1], "--service") == 0)
    return 3;
  if (service == NULL)
    return fail ("there is no service");
  return strcmp (argv[1], "--install-service") == 0 ? install (service) : start (service);
}
