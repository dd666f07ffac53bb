/* polkit's pkexec: the action's file says what the person reads (gui/data). */
#include "platform/elevate.h"
#include <glib/gi18n.h>
#include <string.h>
#include <unistd.h>

/* pkexec(1), "Return value" */
enum { PKEXEC_DISMISSED = 126, PKEXEC_REFUSED = 127 };

gboolean
elevate_has_program (const char *program)
{
  g_autofree char *path = g_find_program_in_path (program);

  return path != NULL;
}

static gboolean
fail (GError **error, GIOErrorEnum code, const char *sentence)
{
  g_set_error_literal (error, G_IO_ERROR, code, sentence);
  return FALSE;
}

/* The last line is the program's sentence. */
static gboolean
fail_with (const char *trouble, GError **error)
{
  g_autofree char *text = g_strstrip (g_strdup (trouble != NULL ? trouble : ""));
  const char *line = strrchr (text, '\n');
  const char *sentence = line != NULL ? line + 1 : text;

  if (g_str_has_prefix (sentence, "hauspost: "))
    sentence += strlen ("hauspost: ");
  return fail (error, G_IO_ERROR_FAILED,
               *sentence ? sentence : _ ("The command ended without saying why."));
}

static gboolean
judge (int status, gboolean asked, const char *trouble, GError **error)
{
  if (status == 0)
    return TRUE;
  if (asked && status == PKEXEC_DISMISSED)
    return fail (error, G_IO_ERROR_CANCELLED, _ ("You did not let the control panel do this."));
  if (asked && status == PKEXEC_REFUSED)
    return fail (error, G_IO_ERROR_NOT_SUPPORTED,
                 _ ("This session cannot ask for the administrator's password."));
  return fail_with (trouble, error);
}

static GPtrArray *
command_line (const char *path, const char *const *arguments, gboolean *asks, GError **error)
{
  g_autoptr (GPtrArray) line = g_ptr_array_new_with_free_func (g_free);

  *asks = geteuid () != 0;
  if (*asks) {
    g_autofree char *pkexec = g_find_program_in_path ("pkexec");
    if (pkexec == NULL) {
      fail (error, G_IO_ERROR_NOT_SUPPORTED,
            _ ("This session cannot ask for the administrator's password."));
      return NULL;
    }
    g_ptr_array_add (line, g_steal_pointer (&pkexec));
    g_ptr_array_add (line, g_strdup ("--disable-internal-agent"));
  }
  g_ptr_array_add (line, g_strdup (path));
  for (; *arguments != NULL; arguments++)
    g_ptr_array_add (line, g_strdup (*arguments));
  g_ptr_array_add (line, NULL);
  return g_steal_pointer (&line);
}

char *
elevate_run (const char *program, const char *const *arguments, GError **error)
{
  g_autofree char *path = g_find_program_in_path (program);
  g_autofree char *answer = NULL, *trouble = NULL;
  gboolean asks;

  if (path == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("%s is not installed."), program);
    return NULL;
  }
  g_autoptr (GPtrArray) line = command_line (path, arguments, &asks, error);
  if (line == NULL)
    return NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_newv ((const char *const *)line->pdata,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, error);
  if (process == NULL
      || !g_subprocess_communicate_utf8 (process, NULL, NULL, &answer, &trouble, error))
    return NULL;
  const int status
      = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : -1;
  return judge (status, asks, trouble, error) ? g_steal_pointer (&answer) : NULL;
}

gboolean
elevate_answer (const char *place, const char *text, GError **error)
{
  g_print ("%s\n", text);
  return TRUE;
}
