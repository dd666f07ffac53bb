/* Commands of `hauspost` against the office of admin-fixture.h; what they print is kept. */
#pragma once
#include "admin-fixture.h"
#include "admin/command.h"
#include <stdio.h>
#include <string.h>

static GString *command_output;
static GPrivate command_thread; /* not NULL in a thread that runs commands */

/* GLib's own messages, too, are printed so, by any thread. */
static inline void
command_keep_output (const char *text)
{
  if (g_private_get (&command_thread) != NULL)
    g_string_append (command_output, text);
  else
    fputs (text, stdout);
}

/* Runs LINE (words with blanks between); FALSE with ERROR. */
static inline gboolean
command_try (Office *office, const char *line, GError **error)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  g_autoptr (Invocation) invocation = command_parse ((const char *const *)words, error);
  GPrintFunc before;
  gboolean done;

  g_test_message ("%s", line);
  if (invocation == NULL)
    return FALSE;
  if (command_output == NULL)
    command_output = g_string_new (NULL);
  g_string_truncate (command_output, 0);
  g_private_set (&command_thread, office);
  invocation->client = admin_client_new_local (office->configuration, error);
  g_assert_nonnull (invocation->client);
  before = g_set_print_handler (command_keep_output);
  done = invocation->command->run (invocation, error);
  g_set_print_handler (before);
  return done;
}

/* Must succeed; what it printed, until the next one. */
static inline const char *
command_run (Office *office, const char *line)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (command_try (office, line, &error));
  g_assert_no_error (error);
  return command_output->str;
}

/* Must be refused with this code of GIO's. */
static inline void
command_refuse (Office *office, const char *line, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (command_try (office, line, &error));
  g_assert_error (error, G_IO_ERROR, code);
}
