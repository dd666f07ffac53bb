/* The settings: as the table describes them, changed one by one or several at once. */
#include "admin/change.h"
#include "admin/secret-mark.h"
#include "admin/stored-settings.h"
#include "settings.h"
#include <string.h>

/* What a key begins with, and how the group is called. */
static const struct {
  const char *group, *title;
} groups[] = {
  { "server", N_ ("The server") },
  { "smtp", N_ ("Receiving mail") },
  { "authentication", N_ ("Forged mail") },
  { "submission", N_ ("Mail that users send") },
  { "brake", N_ ("Brake for hacked accounts") },
  { "queue", N_ ("Sending mail to others") },
  { "login", N_ ("Logging in") },
  { "imap", N_ ("IMAP") },
  { "pop3", N_ ("POP3") },
  { "users", N_ ("Users") },
  { "limits", N_ ("Limits") },
  { "store", N_ ("The store") },
  { "backup", N_ ("Backup") },
  { "acme", N_ ("Certificates that renew themselves") },
  { "web", N_ ("Web pages") },
  { "dns", N_ ("DNS") },
  { "mta-sts", N_ ("Encryption that others are to demand (MTA-STS)") },
  { "trace", N_ ("What became of mails") },
  { "audit", N_ ("Audit log") },
  { "preflight", N_ ("Pre-flight") },
  { "log", N_ ("Log") },
};

/* Choices for people; one that is not here is its own name. */
static const struct {
  const char *choice, *label;
} labels[] = {
  { "no", N_ ("no") },
  { "yes", N_ ("yes") },
  { "never", N_ ("never") },
  { "loopback", N_ ("on this machine only") },
  { "always", N_ ("always") },
  { "off", N_ ("off") },
  { "app-passwords", N_ ("app passwords") },
  { "all", N_ ("all passwords") },
  { "en", N_ ("English") },
  { "de", N_ ("German") },
  { "hold", N_ ("hold the mail") },
  { "refuse", N_ ("refuse the mail") },
  { "note", N_ ("note it only") },
  { "junk", N_ ("put it into Junk") },
  { "reject", N_ ("refuse it") },
  { "none", N_ ("no policy") },
  { "testing", N_ ("report problems only") },
  { "enforce", N_ ("demand it") },
  { "http-01", N_ ("over port 80") },
  { "tls-alpn-01", N_ ("over port 443") },
  { "dns-01", N_ ("by a record in the DNS") },
  { "ecdsa", N_ ("ECDSA") },
  { "rsa", N_ ("RSA") },
  { "debug", N_ ("everything") },
  { "info", N_ ("what happens") },
  { "notice", N_ ("what is of note") },
  { "warning", N_ ("warnings") },
  { "error", N_ ("errors only") },
};

static const char *
group_of (const char *key, const char **title)
{
  const gsize length = strcspn (key, ".");

  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (strlen (groups[i].group) == length && strncmp (groups[i].group, key, length) == 0) {
      *title = _ (groups[i].title);
      return groups[i].group;
    }
  *title = _ ("Others");
  return "others";
}

static const char *
label_of (const char *choice)
{
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    if (strcmp (labels[i].choice, choice) == 0)
      return _ (labels[i].label);
  return choice;
}

static json_t *
describe_choices (const char *const *choices)
{
  json_t *list = json_array ();

  for (; *choices; choices++)
    json_array_append_new (
        list, json_pack ("{s:s, s:s}", "value", *choices, "label", label_of (*choices)));
  return list;
}

static void
describe_secret (json_t *answer, const char *key, const char *value)
{
  const gboolean is_set = *value != '\0';
  g_autofree char *mark = is_set ? secret_mark (key, value) : NULL;

  json_object_set_new (answer, "is_set", json_boolean (is_set));
  if (mark)
    json_object_set_new (answer, "mark", json_string (mark));
}

static json_t *
describe (Setting setting)
{
  static const char *const types[] = { "number", "size", "seconds", "choice", "text", "secret" };
  static const char *const units[] = { NULL, "bytes", "seconds", NULL, NULL, NULL };
  const SettingInfo *info = setting_info (setting);
  const gboolean is_secret = info->type == SETTING_SECRET;
  g_autofree char *value = setting_text (setting);
  const char *title;
  const char *group = group_of (info->key, &title);
  json_t *answer
      = json_pack ("{s:s, s:s, s:s, s:s, s:s, s:s, s:s?, s:s, s:b}", "key", info->key, "group",
                   group, "group_title", title, "value", is_secret ? "" : value, "default",
                   info->default_text, "type", types[info->type], "unit", units[info->type], "help",
                   _ (info->help), "changed", strcmp (value, info->default_text) != 0);

  if (is_secret)
    describe_secret (answer, info->key, value);
  if (info->choices != NULL)
    json_object_set_new (answer, "choices", describe_choices (info->choices));
  else {
    json_object_set_new (answer, "least", json_integer (info->least));
    json_object_set_new (answer, "most", json_integer (info->most));
  }
  return answer;
}

gboolean
settings_get (AdminCall *call, GError **error)
{
  json_t *list = json_array ();

  for (Setting i = 0; i < SETTING_COUNT; i++)
    json_array_append_new (list, describe (i));
  json_object_set_new (call->answer, "settings", list);
  return TRUE;
}

static gboolean
find (const char *key, Setting *setting, GError **error)
{
  const int found = setting_find (key);

  if (found < 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, _ ("There is no setting %s."), key);
  else
    *setting = (Setting)found;
  return found >= 0;
}

gboolean
setting_get (AdminCall *call, GError **error)
{
  Setting setting;

  if (!find (call->argument, &setting, error))
    return FALSE;
  json_object_set_new (call->answer, "setting", describe (setting));
  return TRUE;
}

/* What is stored, not what counts: inside a write job the two differ. Of a secret, its mark. */
static void
add_state (json_t *state, const char *key, Setting setting, const char *value)
{
  const gboolean is_secret = setting_info (setting)->type == SETTING_SECRET;
  g_autofree char *mark = is_secret ? secret_mark (key, value) : NULL;
  g_autofree char *hidden = g_strconcat ("_", key, NULL);

  json_object_set_new (state, is_secret ? hidden : key, json_string (is_secret ? mark : value));
}

static gboolean
read_state (Database *database, const char *only, const char *name, json_t *state)
{
  Statement *row = database_query (
      database, NULL, "SELECT key, value FROM setting WHERE ?1 IS NULL OR key = ?1", "t", only);

  while (row && statement_next (row, NULL)) {
    const char *key = statement_text (row, 0);
    const int setting = setting_find (key);

    if (setting >= 0)
      add_state (state, name ? name : key, (Setting)setting, statement_text (row, 1));
  }
  return row != NULL;
}

json_t *
settings_state (const AdminCall *call, Database *database)
{
  json_t *state = json_object ();

  for (Setting i = 0; i < SETTING_COUNT; i++)
    add_state (state, setting_info (i)->key, i, setting_info (i)->default_text);
  read_state (database, NULL, NULL, state);
  return state;
}

json_t *
setting_state (const AdminCall *call, Database *database)
{
  const int setting = setting_find (call->argument);
  json_t *state = setting >= 0 ? json_object () : NULL;

  if (state) {
    add_state (state, "value", (Setting)setting, setting_info ((Setting)setting)->default_text);
    read_state (database, call->argument, "value", state);
  }
  return state;
}

typedef struct {
  Setting setting;
  const char *text; /* NULL: the default */
} Change;

static gboolean
write_all (StoreTransaction *transaction, gpointer data, GError **error)
{
  const GArray *changes = data;

  for (guint i = 0; i < changes->len; i++) {
    const Change *change = &g_array_index (changes, Change, i);
    if (!stored_settings_write (transaction, change->setting, change->text, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean
add_change (GArray *changes, const char *key, const json_t *value, GError **error)
{
  Change change = { .text = json_string_value (value) };

  if (!find (key, &change.setting, error))
    return FALSE;
  if (!json_is_null (value)
      && (change.text == NULL || strlen (change.text) != json_string_length (value))) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is missing or not text."),
                 key);
    return FALSE;
  }
  if (change.text && !setting_check (change.setting, change.text, error))
    return FALSE;
  g_array_append_val (changes, change);
  return TRUE;
}

/* Which fields of the body nobody may read in the audit log. */
static const char **
find_secrets (const GArray *changes, const char *name)
{
  const char **secrets = g_new0 (const char *, (gsize)changes->len + 1);
  guint count = 0;

  for (guint i = 0; i < changes->len; i++) {
    const SettingInfo *info = setting_info (g_array_index (changes, Change, i).setting);
    if (info->type == SETTING_SECRET)
      secrets[count++] = name ? name : info->key;
  }
  return secrets;
}

static gboolean
change (AdminCall *call, GArray *changes, const char *name, GError **error)
{
  g_autofree const char **secrets = find_secrets (changes, name);
  gboolean done;

  call->secret_fields = secrets;
  done = admin_call_write (call, write_all, changes, error);
  call->secret_fields = NULL;
  for (guint i = 0; done && i < changes->len; i++) {
    const Change *one = &g_array_index (changes, Change, i);
    done = stored_settings_publish (one->setting, one->text, error);
  }
  return done;
}

/* {"smtp.max-hops": "20", "log.level": null}: all or none; null is the default. */
gboolean
settings_patch (AdminCall *call, GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  const char *key;
  json_t *value;

  json_object_foreach (call->body, key, value)
  {
    if (!add_change (changes, key, value, error))
      return FALSE;
  }
  return change (call, changes, NULL, error) && settings_get (call, error);
}

/* {"value": text}, or {"value": null} for the default. */
gboolean
setting_put (AdminCall *call, GError **error)
{
  g_autoptr (GArray) changes = g_array_new (FALSE, FALSE, sizeof (Change));
  json_t *value = json_object_get (call->body, "value");

  if (value == NULL) {
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is missing or not text."),
                 "value");
    return FALSE;
  }
  return add_change (changes, call->argument, value, error)
      && change (call, changes, "value", error) && setting_get (call, error);
}
