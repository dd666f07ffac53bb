/* GLib's child process, with a limit on its time and its words. */
#include "platform/run.h"
#include <string.h>

#define SAID_MAX 300 /* bytes of the end of what it said */
#define OUTPUT_MAX (64 * 1024)
#define TICK 100 /* ms between two looks at the time */
#define LAST_WORDS (G_USEC_PER_SEC) /* for what it said at its end to come here */

typedef struct {
  GMainContext *context;
  GSubprocess *process;
  GByteArray *said;
  guint8 buffer[4096];
  gint64 end; /* monotonic: of the program's time, then of that for its last words */
  GCancellable *cancellable, *reading; /* READING ends with the program */
  gboolean has_ended, has_read, was_killed;
} Run;

static void
did_end (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *self = data;

  self->has_ended = g_subprocess_wait_finish (self->process, result, NULL);
  self->end = g_get_monotonic_time () + LAST_WORDS;
}

static gboolean
look (gpointer data)
{
  Run *self = data;
  const gboolean is_late = g_get_monotonic_time () >= self->end;

  if (self->has_ended && is_late)
    g_cancellable_cancel (self->reading); /* what it has started may live on with our pipe */
  else if (!self->has_ended && !self->was_killed
           && (is_late || g_cancellable_is_cancelled (self->cancellable))) {
    self->was_killed = TRUE;
    g_subprocess_force_exit (self->process);
  }
  return G_SOURCE_CONTINUE;
}

/* Only the end is kept, but all of it is read: else the program would wait for us. */
static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Run *self = data;
  const gssize count = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);

  self->has_read = count <= 0;
  if (self->has_read)
    return;
  g_byte_array_append (self->said, self->buffer, (guint)count);
  if (self->said->len > OUTPUT_MAX)
    g_byte_array_remove_range (self->said, 0, self->said->len - OUTPUT_MAX / 2);
  g_input_stream_read_async (G_INPUT_STREAM (source), self->buffer, sizeof self->buffer,
                             G_PRIORITY_HIGH, self->reading, did_read, self);
}

static void
wait_for_end (Run *self)
{
  GInputStream *output = g_subprocess_get_stdout_pipe (self->process);
  GSource *tick = g_timeout_source_new (TICK);

  g_source_set_callback (tick, look, self, NULL);
  g_source_attach (tick, self->context);
  g_input_stream_read_async (output, self->buffer, sizeof self->buffer, G_PRIORITY_HIGH,
                             self->reading, did_read, self);
  g_subprocess_wait_async (self->process, NULL, did_end, self);
  while (!self->has_ended || !self->has_read)
    g_main_context_iteration (self->context, TRUE);
  g_source_destroy (tick);
  g_source_unref (tick);
}

static char *
end_of_said (const Run *self)
{
  const gsize length = MIN (self->said->len, SAID_MAX);
  char *text = g_utf8_make_valid ((const char *)self->said->data + self->said->len - length,
                                  (gssize)length);

  return g_strstrip (text);
}

static gboolean
judge (Run *self, const char *program, GError **error)
{
  g_autofree char *said = self->said->len ? end_of_said (self) : g_strdup ("");

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return FALSE;
  if (g_subprocess_get_successful (self->process))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               self->was_killed ? "%s took too long: %s" : "%s failed: %s", program, said);
  return FALSE;
}

static void
run_clear (Run *self)
{
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_byte_array_unref (self->said);
  g_clear_object (&self->process);
  g_object_unref (self->reading);
}

gboolean
program_run (const char *program, const char *const *arguments, guint seconds,
             GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  Run self = { .context = g_main_context_new (),
               .said = g_byte_array_new (),
               .end = g_get_monotonic_time () + (gint64)seconds * G_USEC_PER_SEC,
               .cancellable = cancellable,
               .reading = g_cancellable_new () };

  g_ptr_array_add (words, (char *)program);
  for (guint i = 0; arguments[i]; i++)
    g_ptr_array_add (words, (char *)arguments[i]);
  g_ptr_array_add (words, NULL);
  g_main_context_push_thread_default (self.context);
  self.process
      = g_subprocess_newv ((const char *const *)words->pdata,
                           G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE, error);
  if (self.process)
    wait_for_end (&self);
  const gboolean done = self.process && judge (&self, program, error);
  run_clear (&self);
  return done;
}
