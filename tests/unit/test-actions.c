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

static const Resource *
resource_of (const ActionInfo *info)
{
  guint count;
  const Resource *table = resource_table (&count);

  for (guint i = 0; i < count; i++)
    if (strcmp (table[i].method, info->method) == 0 && strcmp (table[i].path, info->path) == 0)
      return &table[i];
  return NULL;
}

static void
test_resources (void)
{
  for (Action action = 0; action < ACTION_COUNT; action++) {
    const ActionInfo *info = action_info (action);

    g_test_message ("%s: %s %s", info->id, info->method, info->path);
    g_assert_nonnull (resource_of (info));
  }
}

/* What changes a thing that has a state, and yet may do so whatever somebody else has made of it:
 * why. */
static const struct {
  Action action;
  const char *why;
} harmless[] = {
  { ACTION_QUEUE_RETRY, "the same twice is one" },
  { ACTION_QUEUE_HOLD, "the same twice is one" },
  { ACTION_QUEUE_RELEASE, "the same twice is one" },
  { ACTION_QUEUE_BOUNCE, "nobody edits a mail" },
  { ACTION_QUEUE_REMOVE, "nobody edits a mail" },
  { ACTION_BRAKE_RELEASE, "the same twice is one" },
  { ACTION_BRAKE_LOCK, "the same twice is one" },
  { ACTION_BRAKE_REMOVE, "nobody edits a mail" },
  { ACTION_BRAKE_BOUNCE, "nobody edits a mail" },
  { ACTION_BAN_REMOVE, "the same twice is one" },
};

static gboolean
is_harmless (Action action)
{
  for (guint i = 0; i < G_N_ELEMENTS (harmless); i++)
    if (harmless[i].action == action)
      return TRUE;
  return FALSE;
}

/* Whatever has a state is made new, or replaced knowing which state; and the API can tell. */
static void
test_kinds (void)
{
  for (Action action = 0; action < ACTION_COUNT; action++) {
    const ActionInfo *info = action_info (action);
    const gboolean has_state = resource_of (info)->state != NULL;

    g_test_message ("%s is of kind %d", info->id, info->kind);
    g_assert_cmpint (info->kind, !=, ACTION_UNKNOWN);
    if (info->kind == ACTION_DOES)
      g_assert_cmpint (has_state, ==, is_harmless (action));
    else
      g_assert_true (has_state && !is_harmless (action));
    if (info->kind == ACTION_MAKES)
      g_assert_true (strcmp (info->method, "POST") == 0 || strcmp (info->method, "PUT") == 0);
  }
}

static void
did_refuse (GObject *source, GAsyncResult *result, gpointer data)
{
  GError **error = data;
  json_t *answer = connection_call_finish (PANEL_CONNECTION (source), result, NULL, error);

  g_assert_null (answer);
}

static void
refuse_without (Connection *connection, Action action, const char *etag)
{
  g_autoptr (GError) error = NULL;

  action_run_async (connection, action, "x", NULL, etag, NULL, did_refuse, &error);
  while (error == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, action_info (action)->label));
}

/* One that forgets the ETag, or whose list has none, sends nothing: it would overwrite in
 * silence. */
static void
test_etags (void)
{
  g_autoptr (Connection) connection = connection_new_local ("/nowhere/hauspost.conf");

  for (Action action = 0; action < ACTION_COUNT; action++)
    if (action_info (action)->kind == ACTION_REPLACES) {
      refuse_without (connection, action, NULL);
      refuse_without (connection, action, "");
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
  g_test_add_func ("/actions/kinds", test_kinds);
  g_test_add_func ("/actions/etags", test_etags);
  g_test_add_func ("/actions/print", test_print);
  return g_test_run ();
}
