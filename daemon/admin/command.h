/* The commands of `hauspost`: what they are called, what they take, and finding them in the
 * arguments of the program. */
#pragma once
#include "admin/console.h"
#include "admin/client.h"

typedef enum {
  OPTION_CONFIG,
  OPTION_JSON,
  OPTION_HELP,
  OPTION_VERSION,
  OPTION_SERVER,
  OPTION_FINGERPRINT,
  OPTION_USER,
  OPTION_DATA,
  OPTION_HOSTNAME,
  OPTION_DOMAIN,
  OPTION_BASE,
  OPTION_PORTS,
  OPTION_PASSWORD_STDIN,
  OPTION_QUOTA,
  OPTION_DISPLAY_NAME,
  OPTION_ADMINISTRATOR,
  OPTION_NO_SEND_AS,
  OPTION_SEND_AS,
  OPTION_SENDERS,
  OPTION_KEY,
  OPTION_CHAIN,
  OPTION_PKCS12,
  OPTION_NEW_KEY,
  OPTION_REASON,
  OPTION_REPAIR,
  OPTION_OFFLINE,
  OPTION_CHECK,
  OPTION_FROM,
  OPTION_TO,
  OPTION_OFF,
  OPTION_ANSWER_TO,
  OPTION_ROLE,
  OPTION_DOMAINS,
  OPTION_FOLLOW,
  OPTION_LEVEL,
  OPTION_TEXT,
  OPTION_LIMIT,
  OPTION_BY,
  OPTION_OUTSIDE,
  OPTION_DONE,
  OPTION_FORGET,
  OPTION_COUNT,
} CommandOption;

/* Those that every command takes. */
#define OPTION_BIT(option) (G_GUINT64_CONSTANT (1) << (option))
#define OPTIONS_EVERYWHERE                                                                         \
  (OPTION_BIT (OPTION_CONFIG) | OPTION_BIT (OPTION_JSON) | OPTION_BIT (OPTION_HELP)                \
   | OPTION_BIT (OPTION_SERVER) | OPTION_BIT (OPTION_FINGERPRINT) | OPTION_BIT (OPTION_USER))

typedef struct {
  const char *name; /* "--quota" */
  const char *value; /* N_(), NULL: it has none */
  const char *help; /* N_() */
} CommandOptionInfo;

typedef struct _Command Command;

/* One call of the program. */
typedef struct {
  const Command *command; /* NULL: only --help or --version were asked for */
  const char *options[OPTION_COUNT]; /* NULL: not given; "" for those without a value */
  GPtrArray *arguments; /* const char * */
  AdminClient *client; /* once command_client was called */
  Configuration *configuration; /* once command_configuration was called */
} Invocation;
void invocation_free (Invocation *invocation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Invocation, invocation_free)

struct _Command {
  const char *words; /* "user add" */
  const char *usage; /* N_(): what follows the words */
  const char *help; /* N_(): one sentence */
  guint least, most; /* arguments; G_MAXUINT: any number */
  guint64 options; /* bits of CommandOption, beyond those that every command takes */
  /* FALSE with ERROR: refused, exit status 1. */
  gboolean (*run) (Invocation *invocation, GError **error);
};

/* command-table.c */
extern const CommandOptionInfo command_options[];
extern const Command command_table[];
extern const guint command_count;

/* NULL with a sentence: wrong usage, exit status 2. ARGUMENTS (without the program's name) must
 * outlive the result. */
Invocation *command_parse (const char *const *arguments, GError **error);
/* For --help: all commands, or the one of INVOCATION; free with g_free. */
char *command_help (const Invocation *invocation);

/* What several commands need. Each is made at the first call and belongs to INVOCATION. */
const Configuration *command_configuration (Invocation *invocation, GError **error);
AdminClient *command_client (Invocation *invocation, GError **error);
const char *command_argument (Invocation *invocation, guint index); /* NULL: not given */
/* GETs PATH; a new reference, or NULL and ERROR. */
json_t *command_ask (Invocation *invocation, const char *path, GError **error);
/* What PATH answers under KEY as a table (or JSON, when that was asked for): ADD makes a row of
 * each item. Without TITLES: texts, each on a line. */
gboolean command_print_list (Invocation *invocation, const char *path, const char *key,
                             const char *const *titles,
                             void (*add) (ConsoleTable *table, const json_t *item), GError **error);
/* The same of a list of texts: a line each. */
gboolean command_print_names (Invocation *invocation, const char *path, const char *key,
                              GError **error);
void command_print_lines (const json_t *list);
/* Calls the API and drops the answer. */
gboolean command_send (Invocation *invocation, const char *method, const char *path,
                       const json_t *body, GError **error);

/* Starts a job by POST to PATH, shows how far it is (WHAT), and returns its result, a new
 * reference; BODY is given away. */
json_t *command_run_job (Invocation *invocation, const char *path, json_t *body, const char *what,
                         GError **error);

/* command-*.c */
gboolean command_init (Invocation *invocation, GError **error);
/* The same for a program that calls us: prints nothing. */
gboolean command_init_quietly (Invocation *invocation, GError **error);
gboolean command_panel_access (Invocation *invocation, GError **error);
gboolean command_panel_fingerprint (Invocation *invocation, GError **error);
gboolean command_status (Invocation *invocation, GError **error);
gboolean command_stop (Invocation *invocation, GError **error);
gboolean command_metrics (Invocation *invocation, GError **error);
gboolean command_get (Invocation *invocation, GError **error);
gboolean command_set (Invocation *invocation, GError **error);
gboolean command_domain_add (Invocation *invocation, GError **error);
gboolean command_domain_show (Invocation *invocation, GError **error);
gboolean command_domain_remove (Invocation *invocation, GError **error);
gboolean command_domain_catch_all (Invocation *invocation, GError **error);
gboolean command_domain_list (Invocation *invocation, GError **error);
gboolean command_dkim_show (Invocation *invocation, GError **error);
gboolean command_dkim_prepare (Invocation *invocation, GError **error);
gboolean command_dkim_rotate (Invocation *invocation, GError **error);
gboolean command_dns (Invocation *invocation, GError **error);
gboolean command_alias_add (Invocation *invocation, GError **error);
gboolean command_alias_remove (Invocation *invocation, GError **error);
gboolean command_alias_list (Invocation *invocation, GError **error);
gboolean command_user_add (Invocation *invocation, GError **error);
gboolean command_user_show (Invocation *invocation, GError **error);
gboolean command_user_remove (Invocation *invocation, GError **error);
gboolean command_user_enable (Invocation *invocation, GError **error);
gboolean command_user_disable (Invocation *invocation, GError **error);
gboolean command_user_quota (Invocation *invocation, GError **error);
gboolean command_user_list (Invocation *invocation, GError **error);
gboolean command_user_password (Invocation *invocation, GError **error);
gboolean command_user_import (Invocation *invocation, GError **error);
gboolean command_user_hide (Invocation *invocation, GError **error);
gboolean command_group_add (Invocation *invocation, GError **error);
gboolean command_group_show (Invocation *invocation, GError **error);
gboolean command_group_set (Invocation *invocation, GError **error);
gboolean command_group_admit (Invocation *invocation, GError **error);
gboolean command_group_dismiss (Invocation *invocation, GError **error);
gboolean command_group_remove (Invocation *invocation, GError **error);
gboolean command_group_list (Invocation *invocation, GError **error);
gboolean command_role_add (Invocation *invocation, GError **error);
gboolean command_role_show (Invocation *invocation, GError **error);
gboolean command_role_remove (Invocation *invocation, GError **error);
gboolean command_role_restore (Invocation *invocation, GError **error);
gboolean command_role_admit (Invocation *invocation, GError **error);
gboolean command_role_dismiss (Invocation *invocation, GError **error);
gboolean command_role_list (Invocation *invocation, GError **error);
gboolean command_app_password_add (Invocation *invocation, GError **error);
gboolean command_app_password_list (Invocation *invocation, GError **error);
gboolean command_app_password_remove (Invocation *invocation, GError **error);
gboolean command_queue_list (Invocation *invocation, GError **error);
gboolean command_queue_show (Invocation *invocation, GError **error);
gboolean command_queue_retry (Invocation *invocation, GError **error);
gboolean command_queue_hold (Invocation *invocation, GError **error);
gboolean command_queue_release (Invocation *invocation, GError **error);
gboolean command_queue_bounce (Invocation *invocation, GError **error);
gboolean command_queue_remove (Invocation *invocation, GError **error);
gboolean command_trace (Invocation *invocation, GError **error);
gboolean command_brake_list (Invocation *invocation, GError **error);
gboolean command_brake_show (Invocation *invocation, GError **error);
gboolean command_brake_release (Invocation *invocation, GError **error);
gboolean command_brake_lock (Invocation *invocation, GError **error);
gboolean command_brake_remove (Invocation *invocation, GError **error);
gboolean command_brake_bounce (Invocation *invocation, GError **error);
gboolean command_rate (Invocation *invocation, GError **error);
gboolean command_device (Invocation *invocation, GError **error);
gboolean command_ban_list (Invocation *invocation, GError **error);
gboolean command_ban_add (Invocation *invocation, GError **error);
gboolean command_ban_remove (Invocation *invocation, GError **error);
gboolean command_user_certificate_add (Invocation *invocation, GError **error);
gboolean command_user_certificate_list (Invocation *invocation, GError **error);
gboolean command_user_certificate_remove (Invocation *invocation, GError **error);
gboolean command_certificate_list (Invocation *invocation, GError **error);
gboolean command_certificate_self_sign (Invocation *invocation, GError **error);
gboolean command_certificate_import (Invocation *invocation, GError **error);
gboolean command_certificate_remove (Invocation *invocation, GError **error);
gboolean command_acme_show (Invocation *invocation, GError **error);
gboolean command_acme_order (Invocation *invocation, GError **error);
gboolean command_acme_account (Invocation *invocation, GError **error);
gboolean command_acme_roll_over (Invocation *invocation, GError **error);
gboolean command_acme_revoke (Invocation *invocation, GError **error);
gboolean command_check (Invocation *invocation, GError **error);
gboolean command_compact (Invocation *invocation, GError **error);
gboolean command_backup_create (Invocation *invocation, GError **error);
gboolean command_backup_verify (Invocation *invocation, GError **error);
gboolean command_backup_list (Invocation *invocation, GError **error);
gboolean command_backup_restore (Invocation *invocation, GError **error);
gboolean command_user_name (Invocation *invocation, GError **error);
gboolean command_backup_prove (Invocation *invocation, GError **error);
gboolean command_administrator_list (Invocation *invocation, GError **error);
gboolean command_administrator_set (Invocation *invocation, GError **error);
gboolean command_administrator_remove (Invocation *invocation, GError **error);
gboolean command_audit (Invocation *invocation, GError **error);
gboolean command_session_list (Invocation *invocation, GError **error);
gboolean command_session_end (Invocation *invocation, GError **error);
gboolean command_log (Invocation *invocation, GError **error);
gboolean command_graphs (Invocation *invocation, GError **error);
gboolean command_job_list (Invocation *invocation, GError **error);
gboolean command_job_cancel (Invocation *invocation, GError **error);
gboolean command_block_list (Invocation *invocation, GError **error);
gboolean command_preflight (Invocation *invocation, GError **error);
gboolean command_setup (Invocation *invocation, GError **error);
