/* What API.md says of each resource is what the table of resources says, both ways; and every
 * resource has its command. */
#include "admin/command.h"
#include "admin/resources.h"
#include <string.h>

typedef struct {
  char *method, *path, *who, *event, *command;
  gboolean looks;
} Row;

static void
row_free (gpointer data)
{
  Row *self = data;

  g_free (self->method);
  g_free (self->path);
  g_free (self->who);
  g_free (self->event);
  g_free (self->command);
  g_free (self);
}

static char *
bare (const char *cell)
{
  g_auto (GStrv) parts = g_strsplit (cell, "`", 3);

  return g_strstrip (g_strdup (g_strv_length (parts) == 3 ? parts[1] : cell));
}

/* | `GET /v1/status` looks | server | event | `command` | */
static Row *
parse (const char *line)
{
  g_auto (GStrv) cells = g_strsplit (line, "|", -1);
  g_autofree char *resource = g_strv_length (cells) == 6 ? bare (cells[1]) : NULL;
  const char *blank = resource ? strchr (resource, ' ') : NULL;
  Row *row;

  if (blank == NULL || blank[1] != '/')
    return NULL;
  row = g_new0 (Row, 1);
  row->method = g_strndup (resource, (gsize)(blank - resource));
  row->path = g_strdup (blank + 1);
  row->looks = strstr (cells[1], "` looks") != NULL;
  row->who = bare (cells[2]);
  row->event = bare (cells[3]);
  row->command = bare (cells[4]);
  return row;
}

static GPtrArray *
read_document (void)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "API.md", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line; line++) {
    Row *row = parse (*line);
    if (row)
      g_ptr_array_add (rows, row);
  }
  return rows;
}

static const char *
who_name (ResourceWho who)
{
  static const char *const names[]
      = { "nobody", "server", "domain", "address", "queued", "list", "anybody" };

  return names[who];
}

static const Row *
find (const GPtrArray *rows, const Resource *resource)
{
  for (guint i = 0; i < rows->len; i++) {
    const Row *row = rows->pdata[i];
    if (strcmp (row->method, resource->method) == 0 && strcmp (row->path, resource->path) == 0)
      return row;
  }
  return NULL;
}

static gboolean
has_command (const char *words)
{
  for (guint i = 0; i < command_count; i++)
    if (strcmp (command_table[i].words, words) == 0)
      return TRUE;
  return FALSE;
}

static void
test_agree (void)
{
  g_autoptr (GPtrArray) rows = read_document ();
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++) {
    const Row *row = find (rows, &table[i]);

    g_test_message ("%s %s", table[i].method, table[i].path);
    g_assert_nonnull (row);
    g_assert_cmpstr (row->who, ==, who_name (table[i].who));
    g_assert_cmpstr (row->event, ==, table[i].event ? table[i].event : "");
    g_assert_cmpstr (row->command, ==, table[i].command);
    g_assert_cmpint (row->looks, ==, (table[i].flags & RESOURCE_LOOKS) != 0);
    g_assert_true (has_command (table[i].command));
  }
  g_assert_cmpuint (rows->len, ==, count); /* nothing is described that is not there */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/api-document/agree", test_agree);
  return g_test_run ();
}
