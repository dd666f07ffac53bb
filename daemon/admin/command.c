/* The table of commands and the reading of the command line. */
#include "admin/command.h"
#include "admin/console.h"
#include <glib/gi18n.h>
#include <string.h>

#define BIT(option) (G_GUINT64_CONSTANT (1) << (option))
#define EVERYWHERE                                                                                 \
  (BIT (OPTION_CONFIG) | BIT (OPTION_JSON) | BIT (OPTION_HELP) | BIT (OPTION_SERVER)               \
   | BIT (OPTION_FINGERPRINT) | BIT (OPTION_USER))

static const struct {
  const char *name;
  const char *value; /* N_(), NULL: it has none */
  const char *help;
} options[OPTION_COUNT] = {
  [OPTION_CONFIG] = { "--config", N_ ("FILE"), N_ ("the configuration of the daemon") },
  [OPTION_JSON] = { "--json", NULL, N_ ("print JSON for programs") },
  [OPTION_HELP] = { "--help", NULL, N_ ("explain the command") },
  [OPTION_VERSION] = { "--version", NULL, N_ ("print the version") },
  [OPTION_SERVER] = { "--server", N_ ("HOST:PORT"), N_ ("administer a server elsewhere") },
  [OPTION_FINGERPRINT]
  = { "--fingerprint", N_ ("SHA256"), N_ ("the certificate that this server must show") },
  [OPTION_USER] = { "--user", N_ ("ADDRESS"), N_ ("the administrator's account there") },
  [OPTION_DATA]
  = { "--data", N_ ("FOLDER"), N_ ("the data folder to make; default: the system's place") },
  [OPTION_HOSTNAME] = { "--hostname", N_ ("NAME"), N_ ("the full name of this server") },
  [OPTION_DOMAIN] = { "--domain", N_ ("DOMAIN"), N_ ("the first mail domain") },
  [OPTION_BASE] = { "--base", N_ ("N"), N_ ("listen on loopback only, on N + the standard ports") },
  [OPTION_PORTS]
  = { "--ports", N_ ("LIST"), N_ ("other ports than the standard ones: smtp=2525,imap=off") },
  [OPTION_PASSWORD_STDIN]
  = { "--password-stdin", NULL, N_ ("read the password from standard input") },
  [OPTION_QUOTA] = { "--quota", N_ ("SIZE"), N_ ("how much mail the user may keep, such as 2G") },
  [OPTION_DISPLAY_NAME] = { "--name", N_ ("TEXT"), N_ ("the person's name") },
  [OPTION_ADMINISTRATOR] = { "--administrator", NULL, N_ ("the user may administer this server") },
  [OPTION_NO_SEND_AS]
  = { "--no-send-as", NULL, N_ ("the members may not send as the role or group") },
  [OPTION_SEND_AS] = { "--send-as", NULL, N_ ("the members may send as the group") },
  [OPTION_SENDERS] = { "--senders", N_ ("WHO"),
                       N_ ("who may write to the group: anyone, local (whoever logs in here) or "
                           "members") },
  [OPTION_KEY] = { "--key", N_ ("FILE"), N_ ("the private key in PEM form") },
  [OPTION_CHAIN] = { "--chain", N_ ("FILE"), N_ ("the certificate and its chain in PEM form") },
  [OPTION_PKCS12]
  = { "--pkcs12", N_ ("FILE"), N_ ("key, certificate and chain in PKCS#12 form (.p12, .pfx)") },
  [OPTION_NEW_KEY]
  = { "--new-key", NULL, N_ ("with another key; TLSA records have to be changed then") },
  [OPTION_REASON] = { "--reason", N_ ("WHY"),
                      N_ ("unspecified, key-compromise, superseded or cessation; the first if it is "
                          "left out") },
  [OPTION_REPAIR] = { "--repair", NULL, N_ ("repair what can be repaired") },
  [OPTION_CHECK] = { "--check", NULL, N_ ("compare with what the DNS says now") },
  [OPTION_FROM]
  = { "--from", N_ ("LIST"), N_ ("the addresses as which it may send; else its own") },
  [OPTION_TO] = { "--to", N_ ("LIST"),
                  N_ ("the addresses and domains to which it may send, or *; else the domains of "
                      "this server") },
  [OPTION_OFF] = { "--off", NULL, N_ ("it is a person's account again") },
  [OPTION_ANSWER_TO] = { "--answer-to", N_ ("PIPE"), N_ ("where the control panel waits (Windows)") },
  [OPTION_ROLE] = { "--role", N_ ("ROLE"),
                    N_ ("administrator, domain-administrator or read-only") },
  [OPTION_DOMAINS] = { "--domains", N_ ("LIST"), N_ ("the domains of a domain administrator") },
  [OPTION_FOLLOW] = { "--follow", NULL, N_ ("go on with what comes, until Ctrl-C") },
  [OPTION_LEVEL] = { "--level", N_ ("LEVEL"), N_ ("debug, info, notice, warning or error, and above") },
  [OPTION_TEXT] = { "--text", N_ ("TEXT"), N_ ("only what has this text in it") },
  [OPTION_LIMIT] = { "--limit", N_ ("N"), N_ ("at most so many") },
  [OPTION_BY] = { "--by", N_ ("ADDRESS"), N_ ("only what this administrator did") },
  [OPTION_OUTSIDE] = { "--outside", N_ ("LIST"),
                       N_ ("mail servers of others to try, such as mx.example.com:25") },
  [OPTION_DONE] = { "--done", NULL, N_ ("the setup is finished") },
  [OPTION_FORGET] = { "--forget", NULL, N_ ("begin the setup anew") },
  [OPTION_OFFLINE] = { "--offline", NULL, N_ ("work on the data folder while the daemon is down") },
};

/* To add a command, add a line here and its function in a command-*.c. */
const Command command_table[] = {
  { "init", N_ ("[--hostname NAME] [--domain DOMAIN] [--data FOLDER]"),
    N_ ("Make the data folder, the configuration, a certificate and an administrator. Asks for "
        "names "
        "that are not given."),
    0, 0,
    BIT (OPTION_DATA) | BIT (OPTION_HOSTNAME) | BIT (OPTION_DOMAIN) | BIT (OPTION_BASE)
        | BIT (OPTION_PORTS),
    command_init },
  { "panel access", N_ ("DEVICE"),
    N_ ("Let the control panel in by a login of its own; makes the server and starts it when that "
        "is still to be done. The panel runs this by itself."),
    1, 1,
    BIT (OPTION_DATA) | BIT (OPTION_HOSTNAME) | BIT (OPTION_DOMAIN) | BIT (OPTION_BASE)
        | BIT (OPTION_ANSWER_TO),
    command_panel_access },
  { "panel fingerprint", "",
    N_ ("Show the fingerprint of the admin API's certificate, to compare it before logging in from "
        "elsewhere."),
    0, 0, 0, command_panel_fingerprint },
  { "status", "", N_ ("Show how the server is."), 0, 0, 0, command_status },
  { "stop", "", N_ ("Stop the daemon and wait until it has ended."), 0, 0, 0, command_stop },
  { "domain add", N_ ("DOMAIN"), N_ ("Take mail for a domain."), 1, 1, 0, command_domain_add },
  { "domain show", N_ ("DOMAIN"), N_ ("Show a domain's users, aliases and groups."), 1, 1, 0,
    command_domain_show },
  { "domain remove", N_ ("DOMAIN"), N_ ("Take no more mail for a domain that has no users."), 1, 1,
    0, command_domain_remove },
  { "domain catch-all", N_ ("DOMAIN [ADDRESS]"),
    N_ ("Let an address get the mail for names that nobody has; without one, refuse it again."), 1,
    2, 0, command_domain_catch_all },
  { "domain dkim show", N_ ("DOMAIN"),
    N_ ("Show the keys that sign a domain's mail, with their DNS records."), 1, 1, 0,
    command_dkim_show },
  { "domain dkim prepare", N_ ("DOMAIN"),
    N_ ("Make new keys, to be published in the DNS before they sign."), 1, 1, 0,
    command_dkim_prepare },
  { "domain dkim rotate", N_ ("DOMAIN"), N_ ("Sign with the new keys from now on."), 1, 1, 0,
    command_dkim_rotate },
  { "domain rate", N_ ("DOMAIN [HOUR DAY]"),
    N_ ("Show or set to how many recipients all users of a domain may send within an hour and "
        "within 24 hours: a number, any or default."),
    1, 3, 0, command_rate },
  { "domain list", "", N_ ("List the domains."), 0, 0, 0, command_domain_list },
  { "dns", N_ ("DOMAIN"),
    N_ ("Show the DNS records that a domain needs, or check those that it has."), 1, 1,
    BIT (OPTION_CHECK), command_dns },
  { "user add", N_ ("ADDRESS"), N_ ("Make a user."), 1, 1,
    BIT (OPTION_PASSWORD_STDIN) | BIT (OPTION_QUOTA) | BIT (OPTION_DISPLAY_NAME)
        | BIT (OPTION_ADMINISTRATOR),
    command_user_add },
  { "user show", N_ ("ADDRESS"), N_ ("Show a user and the mailboxes."), 1, 1, 0,
    command_user_show },
  { "user remove", N_ ("ADDRESS"), N_ ("Remove a user and all mail of this user."), 1, 1, 0,
    command_user_remove },
  { "user enable", N_ ("ADDRESS"), N_ ("Let a user log in and get mail again."), 1, 1, 0,
    command_user_enable },
  { "user disable", N_ ("ADDRESS"), N_ ("Let a user neither log in nor get mail."), 1, 1, 0,
    command_user_disable },
  { "user password", N_ ("ADDRESS"), N_ ("Set a user's password."), 1, 1,
    BIT (OPTION_PASSWORD_STDIN), command_user_password },
  { "user quota", N_ ("ADDRESS SIZE"), N_ ("Set how much mail a user may keep; 0 means no quota."),
    2, 2, 0, command_user_quota },
  { "user name", N_ ("ADDRESS NAME"), N_ ("Change the name of the person."), 2, 2, 0,
    command_user_name },
  { "user hide-capabilities", N_ ("ADDRESS [CAPABILITY…]"),
    N_ ("Hide IMAP capabilities from a user's mail program that has a fault; none: hide nothing."),
    1, G_MAXUINT, 0, command_user_hide },
  { "user import", N_ ("FILE.csv"),
    N_ ("Make users from lines of address,password[,quota[,name]]."), 1, 1, 0,
    command_user_import },
  { "user rate", N_ ("ADDRESS [HOUR DAY]"),
    N_ ("Show or set to how many recipients a user may send within an hour and within 24 hours: a "
        "number, any or default."),
    1, 3, 0, command_rate },
  { "user device", N_ ("ADDRESS"),
    N_ ("Make a user's account one for a scanner or copier, which only hands in mail, or show what "
        "it may."),
    1, 1, BIT (OPTION_FROM) | BIT (OPTION_TO) | BIT (OPTION_OFF), command_device },
  { "user list", "", N_ ("List the users."), 0, 0, 0, command_user_list },
  { "user app-password add", N_ ("ADDRESS DEVICE"),
    N_ ("Make a password for one device of a user, and show it this once."), 2, 2, 0,
    command_app_password_add },
  { "user app-password list", N_ ("ADDRESS"), N_ ("List the app passwords of a user."), 1, 1, 0,
    command_app_password_list },
  { "user app-password remove", N_ ("ADDRESS DEVICE"),
    N_ ("Let a device of a user log in no more."), 2, 2, 0, command_app_password_remove },
  { "user certificate add", N_ ("ADDRESS DEVICE FILE|FINGERPRINT"),
    N_ ("Let a device of a user log in with its certificate instead of a password."), 3, 3, 0,
    command_user_certificate_add },
  { "user certificate list", N_ ("ADDRESS"),
    N_ ("List the certificates with which a user's devices log in."), 1, 1, 0,
    command_user_certificate_list },
  { "user certificate remove", N_ ("ADDRESS DEVICE"),
    N_ ("Let a device log in with its certificate no more."), 2, 2, 0,
    command_user_certificate_remove },
  { "alias add", N_ ("ADDRESS TARGET…"), N_ ("Let mail for an address go to other addresses."), 2,
    G_MAXUINT, 0, command_alias_add },
  { "alias remove", N_ ("ADDRESS"), N_ ("Remove an alias."), 1, 1, 0, command_alias_remove },
  { "alias list", "", N_ ("List the aliases."), 0, 0, 0, command_alias_list },
  { "group add", N_ ("ADDRESS MEMBER…"),
    N_ ("Make a group, such as all@: mail for it comes to each member once."), 2, G_MAXUINT,
    BIT (OPTION_SENDERS) | BIT (OPTION_SEND_AS), command_group_add },
  { "group show", N_ ("ADDRESS"), N_ ("Show the members of a group, and who may write to it."), 1,
    1, 0, command_group_show },
  { "group set", N_ ("ADDRESS"),
    N_ ("Change who may write to a group, or whether its members may send as it."), 1, 1,
    BIT (OPTION_SENDERS) | BIT (OPTION_SEND_AS) | BIT (OPTION_NO_SEND_AS), command_group_set },
  { "group admit", N_ ("ADDRESS MEMBER…"), N_ ("Make users, roles, aliases or groups members."), 2,
    G_MAXUINT, 0, command_group_admit },
  { "group dismiss", N_ ("ADDRESS MEMBER…"), N_ ("Take members out of a group."), 2, G_MAXUINT, 0,
    command_group_dismiss },
  { "group remove", N_ ("ADDRESS"), N_ ("Remove a group; its members keep their mail."), 1, 1, 0,
    command_group_remove },
  { "group list", "", N_ ("List the groups."), 0, 0, 0, command_group_list },
  { "role add", N_ ("ADDRESS [MEMBER…]"),
    N_ ("Make a mailbox that several users share, such as info@, with an address of its own."), 1,
    G_MAXUINT, BIT (OPTION_QUOTA) | BIT (OPTION_DISPLAY_NAME) | BIT (OPTION_NO_SEND_AS),
    command_role_add },
  { "role show", N_ ("ADDRESS"), N_ ("Show the members of a role."), 1, 1, 0, command_role_show },
  { "role remove", N_ ("ADDRESS"), N_ ("Remove a role and all its mail."), 1, 1, 0,
    command_role_remove },
  { "role restore", N_ ("ADDRESS"),
    N_ ("Bring a removed role back with its mail and members, as long as deleted mail is kept."), 1,
    1, 0, command_role_restore },
  { "role admit", N_ ("ADDRESS MEMBER…"), N_ ("Let users read and answer a role's mail."), 2,
    G_MAXUINT, BIT (OPTION_NO_SEND_AS), command_role_admit },
  { "role dismiss", N_ ("ADDRESS MEMBER…"), N_ ("Take a role's mail away from users."), 2,
    G_MAXUINT, 0, command_role_dismiss },
  { "role list", "", N_ ("List the roles."), 0, 0, 0, command_role_list },
  { "queue", "", N_ ("List the mail that waits to be sent to other domains."), 0, 0, 0,
    command_queue_list },
  { "queue list", "", N_ ("List the mail that waits to be sent to other domains."), 0, 0, 0,
    command_queue_list },
  { "queue show", N_ ("NUMBER"), N_ ("Show why a mail waits and when it is tried again."), 1, 1, 0,
    command_queue_show },
  { "queue retry", N_ ("NUMBER|all"), N_ ("Try to send a mail, or all, now."), 1, 1, 0,
    command_queue_retry },
  { "queue hold", N_ ("NUMBER|all"), N_ ("Keep a mail, or all, until it is released."), 1, 1, 0,
    command_queue_hold },
  { "queue release", N_ ("NUMBER|all"), N_ ("Send a mail that is held, or all of them."), 1, 1, 0,
    command_queue_release },
  { "queue bounce", N_ ("NUMBER"), N_ ("Return a mail to its sender now."), 1, 1, 0,
    command_queue_bounce },
  { "queue remove", N_ ("NUMBER|all"),
    N_ ("Remove a mail, or all, from the queue; nobody is told."), 1, 1, 0, command_queue_remove },
  { "trace", N_ ("[MESSAGE-ID|ADDRESS]"),
    N_ ("Tell what became of a mail, or of the latest mails from or to an address."), 0, 1, 0,
    command_trace },
  { "brake", "", N_ ("List the users whose outgoing mail is held, as they may be hacked."), 0, 0, 0,
    command_brake_list },
  { "brake list", "", N_ ("List the users whose outgoing mail is held."), 0, 0, 0,
    command_brake_list },
  { "brake show", N_ ("ADDRESS"), N_ ("Show why a user's mail is held, and which."), 1, 1, 0,
    command_brake_show },
  { "brake release", N_ ("ADDRESS"),
    N_ ("Send what is held of a user's mail, and let the user log in if that was locked."), 1, 1, 0,
    command_brake_release },
  { "brake lock", N_ ("ADDRESS"),
    N_ ("Let nobody log in to a user's account, end its sessions, and hold its mail."), 1, 1, 0,
    command_brake_lock },
  { "brake remove", N_ ("ADDRESS"), N_ ("Remove what is held of a user's mail; nobody is told."), 1,
    1, 0, command_brake_remove },
  { "brake bounce", N_ ("ADDRESS"), N_ ("Return what is held of a user's mail to the user."), 1, 1,
    0, command_brake_bounce },
  { "ban", "", N_ ("List the addresses that are banned, mostly for guessing passwords."), 0, 0, 0,
    command_ban_list },
  { "ban list", "", N_ ("List the addresses that are banned."), 0, 0, 0, command_ban_list },
  { "ban add", N_ ("ADDRESS [TIME]"),
    N_ ("Let an address log in no more, for a time such as 2h or until the ban is removed."), 1, 2,
    0, command_ban_add },
  { "ban remove", N_ ("ADDRESS|all"), N_ ("Let a banned address, or all of them, log in again."), 1,
    1, 0, command_ban_remove },
  { "certificate list", "", N_ ("List the certificates that mail clients see."), 0, 0, 0,
    command_certificate_list },
  { "certificate self-sign", N_ ("NAME [HOST…]"),
    N_ ("Make a self-signed certificate for the hosts, or for this server's name."), 1, G_MAXUINT,
    0, command_certificate_self_sign },
  { "certificate import", N_ ("NAME --key FILE --chain FILE | NAME --pkcs12 FILE"),
    N_ ("Use a certificate that an authority has signed. Asks for the passphrase of a file in "
        "PKCS#12 form."),
    1, 1,
    BIT (OPTION_KEY) | BIT (OPTION_CHAIN) | BIT (OPTION_PKCS12) | BIT (OPTION_PASSWORD_STDIN),
    command_certificate_import },
  { "certificate acme show", "",
    N_ ("Show the certificate authority, its terms of service and this server's account there."), 0,
    0, 0, command_acme_show },
  { "certificate acme order", N_ ("[NAME]"),
    N_ ("Get all certificates that are missing or due now; with NAME renew that one, with * all, "
        "even though they are good."),
    0, 1, BIT (OPTION_NEW_KEY), command_acme_order },
  { "certificate acme account", "",
    N_ ("Make the account at the certificate authority, or tell it that acme.email has changed."), 0,
    0, 0, command_acme_account },
  { "certificate acme rollover", "",
    N_ ("Give the account at the certificate authority another key."), 0, 0, 0,
    command_acme_roll_over },
  { "certificate acme revoke", N_ ("NAME"),
    N_ ("Declare a certificate invalid before its end, as when others know its key."), 1, 1,
    BIT (OPTION_REASON), command_acme_revoke },
  { "certificate remove", N_ ("NAME"), N_ ("Remove a certificate."), 1, 1, 0,
    command_certificate_remove },
  { "get", N_ ("[KEY]"), N_ ("Show the settings, or one of them with its explanation."), 0, 1, 0,
    command_get },
  { "set", N_ ("KEY [VALUE]"), N_ ("Change a setting; without a value, back to the default."), 1, 2,
    BIT (OPTION_PASSWORD_STDIN), command_set },
  { "check", "", N_ ("Verify every mail and every reference in the store."), 0, 0,
    BIT (OPTION_REPAIR) | BIT (OPTION_OFFLINE), command_check },
  { "compact", "",
    N_ ("Give back the space of mail that was deleted longer ago than store.undelete-time."), 0, 0,
    0, command_compact },
  { "backup create", N_ ("[FOLDER]"), N_ ("Back up the store while it works."), 0, 1,
    BIT (OPTION_OFFLINE), command_backup_create },
  { "backup verify", N_ ("FOLDER"), N_ ("Verify every byte of a backup."), 1, 1,
    BIT (OPTION_OFFLINE), command_backup_verify },
  { "backup list", "", N_ ("List the backups in the data folder."), 0, 0, 0, command_backup_list },
  { "backup restore", N_ ("BACKUP FOLDER"),
    N_ ("Make a data folder from a backup; the daemon must not run on it."), 2, 2, 0,
    command_backup_restore },
  { "backup prove", N_ ("[FOLDER]"),
    N_ ("Restore a backup, or the newest, into a temporary folder and check every mail there."), 0,
    1, 0, command_backup_prove },
  { "administrator list", "", N_ ("List who administers what."), 0, 0, 0,
    command_administrator_list },
  { "administrator set", N_ ("ADDRESS"),
    N_ ("Let a user administer: everything, some domains, or only look."), 1, 1,
    BIT (OPTION_ROLE) | BIT (OPTION_DOMAINS), command_administrator_set },
  { "administrator remove", N_ ("ADDRESS"), N_ ("Let a user administer no more."), 1, 1, 0,
    command_administrator_remove },
  { "audit", N_ ("[TEXT]"), N_ ("Tell who changed what; TEXT: a part of what was changed."), 0, 1,
    BIT (OPTION_BY) | BIT (OPTION_LIMIT), command_audit },
  { "session list", "", N_ ("List who is connected."), 0, 0, 0, command_session_list },
  { "session end", N_ ("ID"), N_ ("End a connection; its program may come again."), 1, 1, 0,
    command_session_end },
  { "log", "", N_ ("Show the newest lines of the log, or follow it."), 0, 0,
    BIT (OPTION_FOLLOW) | BIT (OPTION_LEVEL) | BIT (OPTION_TEXT) | BIT (OPTION_LIMIT),
    command_log },
  { "graphs", N_ ("[hour|day|month]"), N_ ("Show how many mails came, left and were refused."), 0,
    1, 0, command_graphs },
  { "job list", "", N_ ("List the long work that runs or has ended."), 0, 0, 0, command_job_list },
  { "job cancel", N_ ("NUMBER"), N_ ("Cancel long work."), 1, 1, 0, command_job_cancel },
  { "block-list", "", N_ ("List the block lists, and which of them answer as they should."), 0, 0,
    0, command_block_list },
  { "preflight", "",
    N_ ("Test whether this machine can be a mail server: ports, DNS, clock, block lists."), 0, 0,
    BIT (OPTION_OUTSIDE), command_preflight },
  { "setup", N_ ("[STEP]"),
    N_ ("Show how far the first setup is, or say where to go on."), 0, 1,
    BIT (OPTION_DONE) | BIT (OPTION_FORGET), command_setup },
  { "metrics", "", N_ ("Print the counters in Prometheus' form."), 0, 0, 0, command_metrics },
};
const guint command_count = G_N_ELEMENTS (command_table);

void
invocation_free (Invocation *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->arguments);
  admin_client_free (self->client);
  configuration_free (self->configuration);
  g_free (self);
}

G_GNUC_PRINTF (2, 3)
static void *
refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_autofree char *text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, text);
  return NULL;
}

/* Takes one option from *AT, with its value as "--quota 2G" or "--quota=2G". */
static gboolean
take_option (Invocation *self, const char *const **at, GError **error)
{
  const char *text = **at;
  gsize length = strcspn (text, "=");

  for (guint i = 0; i < OPTION_COUNT; i++) {
    if (strlen (options[i].name) != length || strncmp (options[i].name, text, length) != 0)
      continue;
    if (options[i].value == NULL && text[length] == '=')
      return refuse (error, _ ("%s takes no value."), options[i].name) != NULL;
    if (options[i].value == NULL)
      self->options[i] = "";
    else if (text[length] == '=')
      self->options[i] = text + length + 1;
    else if ((*at)[1] == NULL)
      return refuse (error, _ ("%s needs a value."), options[i].name) != NULL;
    else
      self->options[i] = *++*at;
    return TRUE;
  }
  return refuse (error, _ ("There is no option %s."), text) != NULL;
}

/* The command with the most words that ARGUMENTS begin with; removes these words. */
static const Command *
find_command (GPtrArray *arguments)
{
  const Command *found = NULL;
  guint most = 0;

  for (guint i = 0; i < command_count; i++) {
    g_auto (GStrv) words = g_strsplit (command_table[i].words, " ", -1);
    guint count = g_strv_length (words), same = 0;
    while (same < count && same < arguments->len
           && strcmp (words[same], arguments->pdata[same]) == 0)
      same++;
    if (same == count && count > most) {
      found = &command_table[i];
      most = count;
    }
  }
  if (found != NULL)
    g_ptr_array_remove_range (arguments, 0, most);
  return found;
}

static gboolean
check_usage (const Invocation *self, GError **error)
{
  const Command *command = self->command;

  for (guint i = 0; i < OPTION_COUNT; i++)
    if (self->options[i] != NULL && !((command->options | EVERYWHERE) & BIT (i)))
      return refuse (error, _ ("“hauspost %s” does not know %s."), command->words, options[i].name)
          != NULL;
  if (self->options[OPTION_HELP] != NULL
      || (self->arguments->len >= command->least && self->arguments->len <= command->most))
    return TRUE;
  return refuse (error, _ ("Usage: hauspost %s %s"), command->words,
                 *command->usage ? _ (command->usage) : "")
      != NULL;
}

Invocation *
command_parse (const char *const *arguments, GError **error)
{
  g_autoptr (Invocation) self = g_new0 (Invocation, 1);
  gboolean only_arguments = FALSE;

  self->arguments = g_ptr_array_new ();
  for (const char *const *at = arguments; *at != NULL; at++) {
    if (!only_arguments && strcmp (*at, "--") == 0)
      only_arguments = TRUE;
    else if (only_arguments || !g_str_has_prefix (*at, "--"))
      g_ptr_array_add (self->arguments, (char *)*at);
    else if (!take_option (self, &at, error))
      return NULL;
  }
  self->command = find_command (self->arguments);
  if (self->command == NULL && self->arguments->len > 0) {
    return refuse (error, _ ("There is no command “%s”; see hauspost --help."),
                   (const char *)self->arguments->pdata[0]);
  }
  if (self->command == NULL && self->options[OPTION_HELP] == NULL
      && self->options[OPTION_VERSION] == NULL)
    return refuse (error, _ ("Say what to do; see hauspost --help."));
  if (self->command != NULL && !check_usage (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

static void
append_options (GString *text, guint64 bits)
{
  for (guint i = 0; i < OPTION_COUNT; i++)
    if (bits & BIT (i)) {
      g_autofree char *name = options[i].value != NULL
          ? g_strdup_printf ("%s %s", options[i].name, _ (options[i].value))
          : g_strdup (options[i].name);
      g_string_append_printf (text, "  %-28s %s\n", name, _ (options[i].help));
    }
}

char *
command_help (const Invocation *self)
{
  GString *text = g_string_new (NULL);
  const Command *command = self->command;

  if (command != NULL) {
    g_string_append_printf (text, _ ("Usage: hauspost %s %s"), command->words,
                            *command->usage ? _ (command->usage) : "");
    g_string_append_printf (text, "\n\n%s\n\n", _ (command->help));
    append_options (text, command->options | EVERYWHERE);
    return g_string_free (text, FALSE);
  }
  g_string_append_printf (text, "%s\n\n", _ ("Usage: hauspost COMMAND …"));
  for (guint i = 0; i < command_count; i++) {
    g_autofree char *line = g_strdup_printf (
        "%s %s", command_table[i].words, *command_table[i].usage ? _ (command_table[i].usage) : "");
    g_string_append_printf (text, "  %s\n      %s\n", g_strchomp (line), _ (command_table[i].help));
  }
  g_string_append_printf (text, "\n%s\n", _ ("Every command takes:"));
  append_options (text, EVERYWHERE);
  return g_string_free (text, FALSE);
}

const char *
command_argument (Invocation *self, guint index)
{
  return index < self->arguments->len ? self->arguments->pdata[index] : NULL;
}

const Configuration *
command_configuration (Invocation *self, GError **error)
{
  if (self->configuration == NULL) {
    g_autofree char *path = configuration_find (self->options[OPTION_CONFIG]);
    self->configuration = configuration_load (path, error);
  }
  return self->configuration;
}

static AdminClient *
connect_elsewhere (Invocation *self, GError **error)
{
  const char *user = self->options[OPTION_USER];

  if (user == NULL)
    return refuse (error, _ ("Say with --user which administrator you are."));
  g_autofree char *prompt = g_strdup_printf (_ ("Password of %s: "), user);
  char *password = console_ask_secret (prompt, error);
  if (password == NULL)
    return NULL;
  AdminClient *client = admin_client_new_remote (
      self->options[OPTION_SERVER], self->options[OPTION_FINGERPRINT], user, password, error);
  console_wipe (password);
  return client;
}

/* What the texts of this program are in, the server's sentences are to be in, too. */
static const char *
language_of_locale (void)
{
  return g_str_has_prefix (g_get_language_names ()[0], "de") ? "de" : "en";
}

AdminClient *
command_client (Invocation *self, GError **error)
{
  if (self->client != NULL)
    return self->client;
  if (self->options[OPTION_SERVER] != NULL)
    self->client = connect_elsewhere (self, error);
  else if (command_configuration (self, error) != NULL)
    self->client = admin_client_new_local (self->configuration, error);
  if (self->client != NULL)
    admin_client_set_language (self->client, language_of_locale ());
  return self->client;
}

json_t *
command_ask (Invocation *self, const char *path, GError **error)
{
  AdminClient *client = command_client (self, error);

  return client != NULL ? admin_client_call (client, "GET", path, NULL, error) : NULL;
}

gboolean
command_send (Invocation *self, const char *method, const char *path, const json_t *body,
              GError **error)
{
  AdminClient *client = command_client (self, error);
  json_t *answer = client != NULL ? admin_client_call (client, method, path, body, error) : NULL;

  json_decref (answer);
  return answer != NULL;
}
