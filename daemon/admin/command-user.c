/* hauspost user … */
#include "admin/command.h"
#include "admin/console.h"
#include "admin/item.h"
#include "admin/csv.h"
#include "platform/file.h"
#include <glib/gi18n.h>
#include <string.h>

static char *
user_path (Invocation *invocation)
{
  return admin_path ("/v1/users/", command_argument (invocation, 0));
}

/* From standard input, or asked twice at the terminal. */
static char *
get_password (Invocation *invocation, GError **error)
{
  if (invocation->options[OPTION_PASSWORD_STDIN] != NULL)
    return console_read_secret (error);
  char *first = console_ask_secret (_ ("New password: "), error);
  char *second = first != NULL ? console_ask_secret (_ ("Once more: "), error) : NULL;
  if (second != NULL && strcmp (first, second) != 0) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The two passwords are not the same."));
    console_wipe (g_steal_pointer (&second));
  }
  gboolean same = second != NULL;
  console_wipe (second);
  if (same)
    return first;
  console_wipe (first);
  return NULL;
}

static void
set_text (json_t *object, const char *key, const char *text)
{
  if (text != NULL && *text != '\0')
    json_object_set_new (object, key, json_string (text));
}

gboolean
command_user_add (Invocation *invocation, GError **error)
{
  g_autofree char *path = user_path (invocation);
  char *password = get_password (invocation, error);

  if (password == NULL)
    return FALSE;
  json_t *body = json_pack ("{s:s}", "password", password);
  set_text (body, "quota", invocation->options[OPTION_QUOTA]);
  set_text (body, "display_name", invocation->options[OPTION_DISPLAY_NAME]);
  if (invocation->options[OPTION_ADMINISTRATOR] != NULL)
    json_object_set_new (body, "administrator", json_true ());
  gboolean done = command_send (invocation, "POST", path, body, error);
  json_decref (body);
  console_wipe (password);
  return done;
}

/* BODY is given away. */
static gboolean
change (Invocation *invocation, json_t *body, GError **error)
{
  g_autofree char *path = user_path (invocation);
  gboolean done = command_send (invocation, "PATCH", path, body, error);

  json_decref (body);
  return done;
}

gboolean
command_user_password (Invocation *invocation, GError **error)
{
  char *password = get_password (invocation, error);

  if (password == NULL)
    return FALSE;
  gboolean done = change (invocation, json_pack ("{s:s}", "password", password), error);
  console_wipe (password);
  return done;
}

gboolean
command_user_quota (Invocation *invocation, GError **error)
{
  return change (invocation, json_pack ("{s:s}", "quota", command_argument (invocation, 1)), error);
}

gboolean
command_user_hide (Invocation *invocation, GError **error)
{
  GString *text = g_string_new (NULL);

  for (guint i = 1; i < invocation->arguments->len; i++)
    g_string_append_printf (text, "%s%s", i > 1 ? " " : "", command_argument (invocation, i));
  json_t *body = json_pack ("{s:s}", "hide_capabilities", text->str);
  g_string_free (text, TRUE);
  return change (invocation, body, error);
}

gboolean
command_user_name (Invocation *invocation, GError **error)
{
  return change (invocation, json_pack ("{s:s}", "display_name", command_argument (invocation, 1)),
                 error);
}

gboolean
command_user_enable (Invocation *invocation, GError **error)
{
  return change (invocation, json_pack ("{s:b}", "enabled", 1), error);
}

gboolean
command_user_disable (Invocation *invocation, GError **error)
{
  return change (invocation, json_pack ("{s:b}", "enabled", 0), error);
}

gboolean
command_user_remove (Invocation *invocation, GError **error)
{
  g_autofree char *path = user_path (invocation);

  return command_send (invocation, "DELETE", path, NULL, error);
}

static char *
print_quota (const json_t *user)
{
  gint64 quota = json_integer_value (json_object_get (user, "quota"));

  return quota > 0 ? console_size (quota) : g_strdup (_ ("none"));
}

static const char *
print_state (const json_t *user)
{
  if (!json_is_true (json_object_get (user, "enabled")))
    return _ ("disabled");
  if (json_is_true (json_object_get (user, "locked")))
    return _ ("locked");
  if (json_is_true (json_object_get (user, "device")))
    return _ ("device");
  if (json_is_true (json_object_get (user, "role")))
    return _ ("role");
  return json_is_true (json_object_get (user, "administrator")) ? _ ("administrator")
                                                                : _ ("enabled");
}

static void
add_user (ConsoleTable *table, const json_t *user)
{
  console_table_add (table, item_copy (user, "address"), item_copy (user, "display_name"),
                     g_strdup (print_state (user)), console_size (item_number (user, "used")),
                     print_quota (user), NULL);
}

gboolean
command_user_list (Invocation *invocation, GError **error)
{
  static const char *const titles[]
      = { N_ ("Address"), N_ ("Name"), N_ ("State"), N_ ("Used"), N_ ("Quota"), NULL };

  return command_print_list (invocation, "/v1/users", "users", titles, add_user, error);
}

static void
add_mailbox (ConsoleTable *table, const json_t *mailbox)
{
  console_table_add (table, item_copy (mailbox, "name"),
                     g_strdup_printf ("%d", (int)item_number (mailbox, "messages")),
                     g_strdup_printf ("%d", (int)item_number (mailbox, "unseen")),
                     console_size (item_number (mailbox, "size")), NULL);
}

static void
print_user (const json_t *answer)
{
  static const char *const titles[]
      = { N_ ("Mailbox"), N_ ("Messages"), N_ ("Unread"), N_ ("Size"), NULL };
  const json_t *user = json_object_get (answer, "user");
  const char *name = json_string_value (json_object_get (user, "display_name"));
  g_autofree char *quota = print_quota (user);

  g_print (_ ("%s (%s), %s, quota: %s\n"), json_string_value (json_object_get (user, "address")),
           name != NULL ? name : "-", print_state (user), quota);
  console_print_table (json_object_get (answer, "mailboxes"), titles, add_mailbox);
}

gboolean
command_user_show (Invocation *invocation, GError **error)
{
  g_autofree char *path = user_path (invocation);
  json_t *answer = command_ask (invocation, path, error);

  if (answer == NULL)
    return FALSE;
  if (invocation->options[OPTION_JSON] != NULL)
    console_print_json (answer);
  else
    print_user (answer);
  json_decref (answer);
  return TRUE;
}

/* The line above the users, when the spreadsheet has one. */
static gboolean
is_heading (const CsvRow *row)
{
  return row->line == 1 && strchr (row->fields->pdata[0], '@') == NULL;
}

static const char *
field (const CsvRow *row, guint index)
{
  return index < row->fields->len ? row->fields->pdata[index] : NULL;
}

static gboolean
import_row (Invocation *invocation, const CsvRow *row, GError **error)
{
  g_autofree char *path = admin_path ("/v1/users/", field (row, 0));

  if (row->fields->len < 2 || row->fields->len > 4) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                         _ ("The line must be address,password[,quota[,name]]."));
    return FALSE;
  }
  json_t *body = json_pack ("{s:s}", "password", field (row, 1));
  set_text (body, "quota", field (row, 2));
  set_text (body, "display_name", field (row, 3));
  gboolean done = command_send (invocation, "POST", path, body, error);
  json_decref (body);
  return done;
}

/* One line that fails harms no other: the report says which to mend and import again. */
static guint
import_rows (Invocation *invocation, GPtrArray *rows, guint *made)
{
  guint failed = 0;

  for (guint i = 0; i < rows->len; i++) {
    const CsvRow *row = rows->pdata[i];
    g_autoptr (GError) error = NULL;
    if (is_heading (row))
      continue;
    if (import_row (invocation, row, &error)) {
      g_print (_ ("Line %u: %s is made.\n"), row->line, field (row, 0));
      (*made)++;
    } else {
      g_printerr (_ ("Line %u: %s: %s\n"), row->line, field (row, 0), error->message);
      failed++;
    }
  }
  return failed;
}

gboolean
command_user_import (Invocation *invocation, GError **error)
{
  g_autoptr (GBytes) bytes = file_map (command_argument (invocation, 0), error);
  guint made = 0;

  if (bytes == NULL)
    return FALSE;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autoptr (GPtrArray) rows = csv_parse (text != NULL ? text : "", length, error);
  if (rows == NULL || command_client (invocation, error) == NULL)
    return FALSE;
  guint failed = import_rows (invocation, rows, &made);
  if (failed == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _ ("%u users are made, %u lines were refused."), made, failed);
  return FALSE;
}
