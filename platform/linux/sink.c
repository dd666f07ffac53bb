/* journald when it reads our standard error, else standard error itself. */
#include "platform/sink.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <syslog.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

static const int priorities[] = { LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERR };

/* systemd.exec(5): JOURNAL_STREAM holds device:inode of the stream; compare, because a shell in the
 * unit may have redirected us. */
static gboolean
stderr_is_journal (void)
{
  static gsize known;

  if (g_once_init_enter (&known)) {
    unsigned long long device, inode;
    struct stat status;
    const char *stream = g_getenv ("JOURNAL_STREAM");
    gboolean same = stream != NULL && sscanf (stream, "%llu:%llu", &device, &inode) == 2
        && fstat (STDERR_FILENO, &status) == 0 && status.st_dev == device && status.st_ino == inode;
    g_once_init_leave (&known, same ? 2 : 1);
  }
  return known == 2;
}

static void
add_entry (GPtrArray *entries, char *text)
{
  g_ptr_array_add (entries, text);
}

static gboolean
write_journal (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autofree struct iovec *vectors = NULL;
  GString *line = g_string_new (message);

  /* The fields stand in the text too, because that is what `journalctl -f` shows. */
  sink_append_fields (line, fields, count);
  add_entry (entries, g_strdup_printf ("MESSAGE=%s", line->str));
  add_entry (entries, g_strdup_printf ("PRIORITY=%d", priorities[level]));
  add_entry (entries, g_strdup ("SYSLOG_IDENTIFIER=hauspostd"));
  for (guint i = 0; i < count; i++) {
    g_autofree char *name = g_ascii_strup (fields[i].name, -1);
    add_entry (entries, g_strdup_printf ("HAUSPOST_%s=%s", name, fields[i].value));
  }
  g_string_free (line, TRUE);

  vectors = g_new (struct iovec, entries->len);
  for (guint i = 0; i < entries->len; i++)
    vectors[i] = (struct iovec) { entries->pdata[i], strlen (entries->pdata[i]) };
  return sd_journal_sendv (vectors, (int)entries->len) >= 0;
}

static void
write_stderr (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  g_autoptr (GString) line = sink_line (level, message, fields, count);

  /* One write, so that lines of several threads do not mix. There is nobody left to tell when it
   * fails. */
  if (write (STDERR_FILENO, line->str, line->len) < 0) { }
}

void
sink_write (SinkLevel level, const char *message, const SinkField *fields, guint count)
{
  if (!stderr_is_journal () || !write_journal (level, message, fields, count))
    write_stderr (level, message, fields, count);
}
