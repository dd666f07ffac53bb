/* The table, and what is made of it. */
#include "actions.h"
#include "admin/client.h"
#include <glib/gi18n.h>
#include <string.h>

/* To add an action, add a name to actions.h and a line here. */
static const ActionInfo table[ACTION_COUNT] = {
  [ACTION_DOMAIN_ADD] = { "domain-add", N_ ("Add a domain"), "PUT", "/v1/domains/*",
                          "domain add DOMAIN", ACTION_MAKES },
  [ACTION_DOMAIN_REMOVE] = { "domain-remove", N_ ("Remove the domain"), "DELETE", "/v1/domains/*",
                             "domain remove DOMAIN", ACTION_REPLACES },
  [ACTION_DOMAIN_CATCH_ALL]
  = { "domain-catch-all", N_ ("Let an address get what nobody has"), "PATCH", "/v1/domains/*",
      "domain catch-all DOMAIN ADDRESS", ACTION_REPLACES },
  [ACTION_DOMAIN_RATE] = { "domain-rate", N_ ("Limit what all users of the domain may send"), "PUT",
                           "/v1/rates/*", "domain rate DOMAIN HOUR DAY", ACTION_REPLACES },
  [ACTION_DOMAIN_CHECK] = { "domain-check", N_ ("Ask the DNS now"), "POST", "/v1/dns/*",
                            "dns DOMAIN --check", ACTION_DOES },
  [ACTION_DKIM_PREPARE] = { "dkim-prepare", N_ ("Make new keys"), "POST", "/v1/dkim/*",
                            "domain dkim prepare DOMAIN", ACTION_MAKES },
  [ACTION_DKIM_ROTATE] = { "dkim-rotate", N_ ("Sign with the new keys"), "PUT", "/v1/dkim/*",
                           "domain dkim rotate DOMAIN", ACTION_REPLACES },
  [ACTION_USER_ADD]
  = { "user-add", N_ ("Add a user"), "POST", "/v1/users/*", "user add ADDRESS", ACTION_MAKES },
  [ACTION_USER_REMOVE] = { "user-remove", N_ ("Remove the user and all mail"), "DELETE",
                           "/v1/users/*", "user remove ADDRESS", ACTION_REPLACES },
  [ACTION_USER_ENABLE] = { "user-enable", N_ ("Let the user log in and get mail"), "PATCH",
                           "/v1/users/*", "user enable ADDRESS", ACTION_REPLACES },
  [ACTION_USER_DISABLE] = { "user-disable", N_ ("Let the user neither log in nor get mail"),
                            "PATCH", "/v1/users/*", "user disable ADDRESS", ACTION_REPLACES },
  [ACTION_USER_PASSWORD] = { "user-password", N_ ("Set a new password"), "PATCH", "/v1/users/*",
                             "user password ADDRESS", ACTION_REPLACES },
  [ACTION_USER_NAME] = { "user-name", N_ ("Change the name of the person"), "PATCH", "/v1/users/*",
                         "user name ADDRESS NAME", ACTION_REPLACES },
  [ACTION_USER_QUOTA] = { "user-quota", N_ ("Set how much mail the user may keep"), "PATCH",
                          "/v1/users/*", "user quota ADDRESS SIZE", ACTION_REPLACES },
  [ACTION_USER_RATE] = { "user-rate", N_ ("Limit what the user may send"), "PUT", "/v1/rates/*",
                         "user rate ADDRESS HOUR DAY", ACTION_REPLACES },
  [ACTION_APP_PASSWORD_ADD]
  = { "app-password-add", N_ ("Make a password for one device"), "POST", "/v1/app-passwords/*",
      "user app-password add ADDRESS DEVICE", ACTION_MAKES },
  [ACTION_APP_PASSWORD_REMOVE]
  = { "app-password-remove", N_ ("Let the device log in no more"), "DELETE", "/v1/app-passwords/*",
      "user app-password remove ADDRESS DEVICE", ACTION_REPLACES },
  [ACTION_ALIAS_ADD] = { "alias-add", N_ ("Add an alias"), "PUT", "/v1/aliases/*",
                         "alias add ADDRESS TARGET", ACTION_MAKES },
  [ACTION_ALIAS_SET] = { "alias-set", N_ ("Let the alias lead elsewhere"), "PUT", "/v1/aliases/*",
                         "alias add ADDRESS TARGET", ACTION_REPLACES },
  [ACTION_ALIAS_REMOVE] = { "alias-remove", N_ ("Remove the alias"), "DELETE", "/v1/aliases/*",
                            "alias remove ADDRESS", ACTION_REPLACES },
  [ACTION_GROUP_ADD] = { "group-add", N_ ("Add a group"), "POST", "/v1/groups/*",
                         "group add ADDRESS MEMBER", ACTION_MAKES },
  [ACTION_GROUP_SET] = { "group-set", N_ ("Change who may write to the group"), "PATCH",
                         "/v1/groups/*", "group set ADDRESS --senders WHO", ACTION_REPLACES },
  [ACTION_GROUP_ADMIT] = { "group-admit", N_ ("Add members to the group"), "PATCH", "/v1/groups/*",
                           "group admit ADDRESS MEMBER", ACTION_REPLACES },
  [ACTION_GROUP_DISMISS] = { "group-dismiss", N_ ("Take members out of the group"), "PATCH",
                             "/v1/groups/*", "group dismiss ADDRESS MEMBER", ACTION_REPLACES },
  [ACTION_GROUP_REMOVE] = { "group-remove", N_ ("Remove the group"), "DELETE", "/v1/groups/*",
                            "group remove ADDRESS", ACTION_REPLACES },
  [ACTION_ROLE_ADD] = { "role-add", N_ ("Add a shared mailbox"), "POST", "/v1/roles/*",
                        "role add ADDRESS MEMBER", ACTION_MAKES },
  [ACTION_ROLE_ADMIT] = { "role-admit", N_ ("Let people read and answer the mailbox"), "PATCH",
                          "/v1/roles/*", "role admit ADDRESS MEMBER", ACTION_REPLACES },
  [ACTION_ROLE_DISMISS] = { "role-dismiss", N_ ("Take the mailbox away from people"), "PATCH",
                            "/v1/roles/*", "role dismiss ADDRESS MEMBER", ACTION_REPLACES },
  [ACTION_ROLE_REMOVE] = { "role-remove", N_ ("Remove the mailbox"), "DELETE", "/v1/roles/*",
                           "role remove ADDRESS", ACTION_REPLACES },
  [ACTION_ROLE_RESTORE] = { "role-restore", N_ ("Bring the mailbox back"), "PUT", "/v1/roles/*",
                            "role restore ADDRESS", ACTION_MAKES },
  [ACTION_CERTIFICATE_SELF_SIGN]
  = { "certificate-self-sign", N_ ("Make a self-signed certificate"), "POST", "/v1/certificates/*",
      "certificate self-sign NAME", ACTION_REPLACES },
  [ACTION_CERTIFICATE_IMPORT]
  = { "certificate-import", N_ ("Import a certificate"), "PUT", "/v1/certificates/*",
      "certificate import NAME --key FILE --chain FILE", ACTION_REPLACES },
  [ACTION_CERTIFICATE_REMOVE]
  = { "certificate-remove", N_ ("Remove the certificate"), "DELETE", "/v1/certificates/*",
      "certificate remove NAME", ACTION_REPLACES },
  [ACTION_ACME_ORDER] = { "acme-order", N_ ("Get certificates, or renew one"), "POST",
                          "/v1/acme/order", "certificate acme order", ACTION_DOES },
  [ACTION_ACME_ACCOUNT]
  = { "acme-account", N_ ("Make the account, or tell the authority a new mail address"), "POST",
      "/v1/acme/account", "certificate acme account", ACTION_DOES },
  [ACTION_ACME_ROLLOVER] = { "acme-rollover", N_ ("Give the account another key"), "POST",
                             "/v1/acme/rollover", "certificate acme rollover", ACTION_DOES },
  [ACTION_ACME_REVOKE] = { "acme-revoke", N_ ("Revoke the certificate"), "POST", "/v1/acme/revoke",
                           "certificate acme revoke NAME", ACTION_DOES },
  [ACTION_QUEUE_RETRY] = { "queue-retry", N_ ("Try again now"), "POST", "/v1/queue/*",
                           "queue retry NUMBER", ACTION_DOES },
  [ACTION_QUEUE_HOLD]
  = { "queue-hold", N_ ("Hold the mail"), "POST", "/v1/queue/*", "queue hold NUMBER", ACTION_DOES },
  [ACTION_QUEUE_RELEASE] = { "queue-release", N_ ("Let the mail go on"), "POST", "/v1/queue/*",
                             "queue release NUMBER", ACTION_DOES },
  [ACTION_QUEUE_BOUNCE] = { "queue-bounce", N_ ("Return the mail to its sender"), "POST",
                            "/v1/queue/*", "queue bounce NUMBER", ACTION_DOES },
  [ACTION_QUEUE_REMOVE] = { "queue-remove", N_ ("Remove the mail"), "DELETE", "/v1/queue/*",
                            "queue remove NUMBER", ACTION_DOES },
  [ACTION_BRAKE_RELEASE] = { "brake-release", N_ ("Release the user’s mail"), "POST",
                             "/v1/brakes/*", "brake release ADDRESS", ACTION_DOES },
  [ACTION_BRAKE_LOCK] = { "brake-lock", N_ ("Lock the user out"), "POST", "/v1/brakes/*",
                          "brake lock ADDRESS", ACTION_DOES },
  [ACTION_BRAKE_REMOVE] = { "brake-remove", N_ ("Remove the held mail"), "POST", "/v1/brakes/*",
                            "brake remove ADDRESS", ACTION_DOES },
  [ACTION_BRAKE_BOUNCE] = { "brake-bounce", N_ ("Return the held mail"), "POST", "/v1/brakes/*",
                            "brake bounce ADDRESS", ACTION_DOES },
  [ACTION_BAN_ADD]
  = { "ban-add", N_ ("Ban an address"), "PUT", "/v1/bans/*", "ban add ADDRESS", ACTION_REPLACES },
  [ACTION_BAN_REMOVE] = { "ban-remove", N_ ("Lift the ban"), "DELETE", "/v1/bans/*",
                          "ban remove ADDRESS", ACTION_DOES },
  [ACTION_BACKUP_CREATE]
  = { "backup-create", N_ ("Back up now"), "POST", "/v1/backups", "backup create", ACTION_DOES },
  [ACTION_BACKUP_VERIFY] = { "backup-verify", N_ ("Verify every byte of the backup"), "POST",
                             "/v1/backups/verify", "backup verify FOLDER", ACTION_DOES },
  [ACTION_BACKUP_PROVE] = { "backup-prove", N_ ("Restore the backup for proof"), "POST",
                            "/v1/backups/prove", "backup prove FOLDER", ACTION_DOES },
  [ACTION_JOB_CANCEL]
  = { "job-cancel", N_ ("End the work"), "DELETE", "/v1/jobs/*", "job cancel NUMBER", ACTION_DOES },
  [ACTION_SETTING_SET] = { "setting-set", N_ ("Change the setting"), "PATCH", "/v1/settings",
                           "set KEY VALUE", ACTION_REPLACES },
  [ACTION_ADMINISTRATOR_SET]
  = { "administrator-set", N_ ("Say what somebody may administer"), "PUT", "/v1/administrators/*",
      "administrator set ADDRESS --role ROLE", ACTION_REPLACES },
  [ACTION_ADMINISTRATOR_REMOVE]
  = { "administrator-remove", N_ ("Let somebody administer no more"), "DELETE",
      "/v1/administrators/*", "administrator remove ADDRESS", ACTION_REPLACES },
  [ACTION_SETUP_KEEP] = { "setup-keep", N_ ("Keep how far the assistant has come"), "PUT",
                          "/v1/setup", "setup", ACTION_REPLACES },
  [ACTION_PREFLIGHT] = { "preflight", N_ ("Test the surroundings"), "POST", "/v1/preflight",
                         "preflight", ACTION_DOES },
};

const ActionInfo *
action_info (Action action)
{
  return &table[action];
}

char *
action_path (Action action, const char *argument)
{
  g_autofree char *folder = g_strdelimit (g_strdup (table[action].path), "*", '\0');

  return argument ? admin_path (folder, argument) : g_strdup (folder);
}

void
action_run_async (Connection *connection, Action action, const char *argument, const json_t *body,
                  const char *etag, GCancellable *cancellable, GAsyncReadyCallback callback,
                  gpointer data)
{
  g_autofree char *path = action_path (action, argument);

  /* An empty one would be a header without content, which is not sent at all. */
  if (table[action].kind == ACTION_REPLACES && (etag == NULL || *etag == '\0')) {
    g_task_report_new_error (connection, callback, data, NULL, G_IO_ERROR, G_IO_ERROR_FAILED,
                             "%s: %s", _ (table[action].label),
                             _ ("It is not known yet how it is now."));
    return;
  }
  connection_call_async (connection, table[action].method, path, body, etag, cancellable, callback,
                         data);
}

char *
action_command (Action action, const char *argument)
{
  g_auto (GStrv) words = g_strsplit (table[action].command, " ", -1);

  for (char **word = words; argument != NULL && *word != NULL; word++)
    if (g_ascii_isupper (**word)) {
      g_free (*word);
      *word = g_strdup (argument);
      break;
    }
  g_autofree char *text = g_strjoinv (" ", words);
  return g_strconcat ("hauspost ", text, NULL);
}

void
action_describe (GtkWidget *widget, Action action, const char *argument)
{
  g_autofree char *command = action_command (action, argument);
  g_autofree char *same = g_strdup_printf (_ ("The same as: %s"), command);
  g_autofree char *text = g_strdup_printf ("%s\n%s", _ (table[action].label), same);

  gtk_widget_set_tooltip_text (widget, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  same, -1);
}
