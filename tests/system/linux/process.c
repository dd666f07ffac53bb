/* A test's own process on Linux. */
#include "tests/system/process.h"
#include <malloc.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct rlimit allowed;

guint
process_handles (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (g_dir_read_name (folder) != NULL)
    count++;
  return count;
}

gintptr
process_copy_socket (gintptr handle)
{
  return dup ((int)handle);
}

void
process_lift_handle_limit (void)
{
  struct rlimit limit;

  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

void
process_forbid_handles (void)
{
  struct rlimit few;

  getrlimit (RLIMIT_NOFILE, &allowed);
  few = allowed;
  few.rlim_cur = dup (0); /* the lowest free one: nothing above it can be opened */
  close (few.rlim_cur);
  setrlimit (RLIMIT_NOFILE, &few);
}

void
process_allow_handles (void)
{
  setrlimit (RLIMIT_NOFILE, &allowed);
}

static gdouble
seconds_of (int who)
{
  struct rusage usage;

  getrusage (who, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
      + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

gdouble
process_seconds (void)
{
  return seconds_of (RUSAGE_SELF);
}

gdouble
process_thread_seconds (void)
{
  return seconds_of (RUSAGE_THREAD);
}

gdouble
process_memory (void)
{
  g_autofree char *text = NULL;

  malloc_trim (0);
  g_file_get_contents ("/proc/self/smaps_rollup", &text, NULL, NULL);
  return g_ascii_strtod (strstr (text, "Pss:") + 4, NULL);
}

gboolean
process_was_killed (GSubprocess *process)
{
  return g_subprocess_get_if_signaled (process) && g_subprocess_get_term_sig (process) == SIGKILL;
}
