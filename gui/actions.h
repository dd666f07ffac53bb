/* Everything the panel changes, in one table: what it is called, what it asks of the admin API, and
 * the command that does the same. Menus and tooltips show the command; a test holds the table
 * against the API's and the command line's. */
#pragma once
#include "connection.h"
#include <gtk/gtk.h>

/* To add an action, add a name here and a line in actions.c. */
typedef enum {
  ACTION_DOMAIN_ADD,
  ACTION_DOMAIN_REMOVE,
  ACTION_DOMAIN_CATCH_ALL,
  ACTION_DOMAIN_RATE,
  ACTION_DOMAIN_CHECK,
  ACTION_DKIM_PREPARE,
  ACTION_DKIM_ROTATE,
  ACTION_USER_ADD,
  ACTION_USER_REMOVE,
  ACTION_USER_ENABLE,
  ACTION_USER_DISABLE,
  ACTION_USER_PASSWORD,
  ACTION_USER_NAME,
  ACTION_USER_QUOTA,
  ACTION_USER_RATE,
  ACTION_APP_PASSWORD_ADD,
  ACTION_APP_PASSWORD_REMOVE,
  ACTION_ALIAS_ADD,
  ACTION_ALIAS_SET,
  ACTION_ALIAS_REMOVE,
  ACTION_GROUP_ADD,
  ACTION_GROUP_SET,
  ACTION_GROUP_ADMIT,
  ACTION_GROUP_DISMISS,
  ACTION_GROUP_REMOVE,
  ACTION_ROLE_ADD,
  ACTION_ROLE_ADMIT,
  ACTION_ROLE_DISMISS,
  ACTION_ROLE_REMOVE,
  ACTION_ROLE_RESTORE,
  ACTION_CERTIFICATE_SELF_SIGN,
  ACTION_CERTIFICATE_IMPORT,
  ACTION_CERTIFICATE_REMOVE,
  ACTION_ACME_ORDER,
  ACTION_ACME_ACCOUNT,
  ACTION_ACME_ROLLOVER,
  ACTION_ACME_REVOKE,
  ACTION_QUEUE_RETRY,
  ACTION_QUEUE_HOLD,
  ACTION_QUEUE_RELEASE,
  ACTION_QUEUE_BOUNCE,
  ACTION_QUEUE_REMOVE,
  ACTION_BRAKE_RELEASE,
  ACTION_BRAKE_LOCK,
  ACTION_BRAKE_REMOVE,
  ACTION_BRAKE_BOUNCE,
  ACTION_BAN_ADD,
  ACTION_BAN_REMOVE,
  ACTION_BACKUP_CREATE,
  ACTION_BACKUP_VERIFY,
  ACTION_BACKUP_PROVE,
  ACTION_JOB_CANCEL,
  ACTION_SETTING_SET,
  ACTION_ADMINISTRATOR_SET,
  ACTION_ADMINISTRATOR_REMOVE,
  ACTION_SETUP_KEEP,
  ACTION_PREFLIGHT,
  ACTION_COUNT,
} Action;

/* What becomes of what somebody else has done meanwhile. */
typedef enum {
  ACTION_UNKNOWN, /* a line without it */
  ACTION_DOES, /* nothing is overwritten: the same deed twice is one */
  ACTION_MAKES, /* something new: refused where it is there already */
  ACTION_REPLACES, /* it would be lost: never without an ETag */
} ActionKind;

typedef struct {
  const char *id; /* "user-add" */
  const char *label; /* N_(): "Add a user" */
  const char *method;
  const char *path; /* as in daemon/admin/resources.c: "/v1/users/" and '*' for the argument */
  const char *command; /* "user add ADDRESS" */
  ActionKind kind;
} ActionInfo;

const ActionInfo *action_info (Action action);

/* Does it. ARGUMENT stands for the '*' of the path (NULL: there is none), BODY and ETAG as
 * connection_call_async's. What replaces something (ACTION_REPLACES) without an ETag is our
 * mistake: it is refused, and nothing is sent. End it with connection_call_finish. */
void action_run_async (Connection *connection, Action action, const char *argument,
                       const json_t *body, const char *etag, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer data);
/* "/v1/users/anna@example.com"; free with g_free. */
char *action_path (Action action, const char *argument);
/* For a control that does ACTION: a tooltip with its name and "The same as: hauspost …". ARGUMENT
 * (or NULL) stands for the command's first word in capitals. */
void action_describe (GtkWidget *widget, Action action, const char *argument);
/* "hauspost user add ADDRESS"; free with g_free. */
char *action_command (Action action, const char *argument);
