/* What a child gives up: every call to the kernel but those that computing needs. */
#include "platform/child.h"
#include "config.h"
#include <errno.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define MEMORY_MAX (G_GUINT64_CONSTANT (4) << 30) /* bytes of addresses */

/* Everything else fails with EPERM: no file, no socket, no program, no other process. */
static const char *const allowed[] = {
  "read",         "write",         "close",
  "munmap",       "mremap",        "madvise",
  "brk",          "futex",         "restart_syscall",
  "rt_sigreturn", "rt_sigaction",  "rt_sigprocmask",
  "sigaltstack",  "exit",          "exit_group",
  "getrandom",    "clock_gettime", "clock_nanosleep",
  "gettimeofday", "sched_yield",   "getpid",
  "gettid",       "tgkill",        "fstat",
  "alarm",        "setitimer",
};

static gboolean
fail (GError **error, const char *text, int code)
{
  g_set_error (error, G_IO_ERROR, (int)g_io_error_from_errno (code), "%s: %s", text,
               g_strerror (code));
  return FALSE;
}

static int
allow (scmp_filter_ctx filter, const char *name)
{
  int call = seccomp_syscall_resolve_name (name);

  return call == __NR_SCMP_ERROR ? 0 : seccomp_rule_add (filter, SCMP_ACT_ALLOW, call, 0);
}

/* Memory may be had, but never to run what was written into it. */
static int
allow_memory (scmp_filter_ctx filter, int call)
{
  return seccomp_rule_add (filter, SCMP_ACT_ALLOW, call, 1,
                           SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
}

static int
load_filter (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  int failure = filter != NULL ? 0 : -ENOMEM;

  for (guint i = 0; failure == 0 && i < G_N_ELEMENTS (allowed); i++)
    failure = allow (filter, allowed[i]);
  if (failure == 0)
    failure = allow_memory (filter, SCMP_SYS (mmap));
  if (failure == 0)
    failure = allow_memory (filter, SCMP_SYS (mprotect));
  if (failure == 0)
    failure = seccomp_load (filter);
  seccomp_release (filter);
  return -failure;
}

/* A message can make a parser ask for much; it gets no more than a machine can spare. The
 * sanitizers' builds need terabytes of addresses. */
static gboolean
bound_memory (GError **error)
{
#ifndef SANITIZED
  struct rlimit most = { MEMORY_MAX, MEMORY_MAX };

  if (setrlimit (RLIMIT_AS, &most) != 0)
    return fail (error, "setrlimit", errno);
#endif
  return TRUE;
}

gboolean
child_confine (GError **error)
{
  struct rlimit no_core = { 0, 0 };
  int failure;

  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || setrlimit (RLIMIT_CORE, &no_core) != 0)
    return fail (error, "prctl", errno);
  if (!bound_memory (error))
    return FALSE;
  failure = load_filter ();
  return failure == 0 || fail (error, "seccomp", failure);
}
