/* Whatever the control panel changes, the command line and the admin API can do as well: the three
 * tables are held against one another. */
#include "actions.h"
#include "admin/command.h"
#include "admin/resources.h"
#include <string.h>

/* The words of the action's command before those in capitals and options: "user add". */
static char *
words_of (const char *command)
{
  g_auto (GStrv) words = g_strsplit (command, " ", -1);
  GString *text = g_string_new (NULL);

  for (char **word = words; *word != NULL && g_ascii_islower (**word); word++)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", *word);
  return g_string_free (text, FALSE);
}

/* The command that `hauspost` itself finds for it, with its arguments and options. */
static void
test_commands (void)
{
  for (Action action = 0; action < ACTION_COUNT; action++) {
    const ActionInfo *info = action_info (action);
    g_autofree char *words = words_of (info->command);
    g_auto (GStrv) line = g_strsplit (info->command, " ", -1);
    g_autoptr (GError) error = NULL;
    g_autoptr (Invocation) found = command_parse ((const char *const *)line, &error);

    g_test_message ("%s: hauspost %s: %s", info->id, info->command, error ? error->message : "");
    g_assert_no_error (error);
    g_assert_nonnull (found->command);
    g_assert_cmpstr (found->command->words, ==, words);
  }
}

static gboolean
is_resource (const ActionInfo *info)
{
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++)
    if (strcmp (table[i].method, info->method) == 0 && strcmp (table[i].path, info->path) == 0)
      return TRUE;
  return FALSE;
}

static void
test_resources (void)
{
  for (Action action = 0; action < ACTION_COUNT; action++) {
    const ActionInfo *info = action_info (action);

    g_test_message ("%s: %s %s", info->id, info->method, info->path);
    g_assert_true (is_resource (info));
  }
}

/* Every number has its line, and no two are called alike. */
static void
test_table (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  for (Action action = 0; action < ACTION_COUNT; action++) {
    const ActionInfo *info = action_info (action);

    g_assert_nonnull (info->id);
    g_assert_nonnull (info->label);
    g_assert_true (g_hash_table_add (ids, (gpointer)info->id));
  }
}

/* What is shown to a person can be typed as it is. */
static void
test_print (void)
{
  g_autofree char *ban = action_command (ACTION_BAN_ADD, "192.0.2.1");
  g_autofree char *backup = action_command (ACTION_BACKUP_CREATE, NULL);
  g_autofree char *path = action_path (ACTION_USER_REMOVE, "ä b@example.com");

  g_assert_cmpstr (ban, ==, "hauspost ban add 192.0.2.1");
  g_assert_cmpstr (backup, ==, "hauspost backup create");
  g_assert_cmpstr (path, ==, "/v1/users/%C3%A4%20b@example.com");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/actions/table", test_table);
  g_test_add_func ("/actions/commands", test_commands);
  g_test_add_func ("/actions/resources", test_resources);
  g_test_add_func ("/actions/print", test_print);
  return g_test_run ();
}
