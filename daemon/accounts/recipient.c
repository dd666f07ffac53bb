/* Follows an address through aliases to the mailboxes of users and to addresses elsewhere. */
#include "accounts/recipient.h"

#include "accounts/alias.h"
#include "accounts/device.h"
#include "accounts/domain.h"
#include "accounts/group.h"
#include "accounts/srs.h"
#include "log.h"
#include "mail/address.h"
#include "settings.h"

#include <string.h>

#define DEPTH_MAX 10
#define ADDRESSES_MAX 1000 /* looked at for one recipient */

/* Roles that every domain must answer for (RFC 2142, RFC 5321 §4.5.1). */
static const char *const roles[] = { "postmaster", "abuse" };

typedef struct {
  Database *database;
  Recipient *recipient;
  GHashTable *seen; /* normalized addresses: each is followed once, so loops end */
  gint64 size, sender;
  gboolean over_quota, disabled; /* at least one of those behind the address */
  gboolean closed; /* a group does not admit the sender */
  gboolean in_group; /* whose members are being followed */
} Resolution;

void
recipient_free (Recipient *recipient)
{
  g_array_unref (recipient->mailboxes);
  g_ptr_array_unref (recipient->remote);
  g_free (recipient);
}

static void
add_mailbox (GArray *mailboxes, gint64 id)
{
  for (guint i = 0; i < mailboxes->len; i++)
    if (g_array_index (mailboxes, gint64, i) == id)
      return;
  g_array_append_val (mailboxes, id);
}

/* Columns: enabled, quota, used, INBOX, messages. */
#define DELIVERY_COLUMNS                                                                           \
  "SELECT account.enabled, account.quota, account.used, inbox.id,"                                 \
  " (SELECT sum (messages) FROM mailbox WHERE account = account.id AND deleted IS NULL)"           \
  " FROM account JOIN mailbox AS inbox ON inbox.account = account.id AND inbox.name = 'INBOX'"

static void
deliver_to (Resolution *self, Statement *statement)
{
  gint64 quota = statement_int (statement, 1);
  gint64 used = statement_int (statement, 2);

  gint64 messages = statement_int (statement, 4);
  gint64 most = setting_number (SETTING_MESSAGES_MAX);

  if (statement_int (statement, 0) == 0)
    self->disabled = TRUE;
  else if ((quota > 0 && (used >= quota || self->size > quota - used))
           || (most > 0 && messages >= most))
    self->over_quota = TRUE;
  else
    add_mailbox (self->recipient->mailboxes, statement_int (statement, 3));
}

/* *FOUND: the statement gave at least one user. */
static gboolean
deliver_to_users (Resolution *self, const char *sql, const char *address, gboolean *found,
                  GError **error)
{
  g_autoptr (GError) problem = NULL;
  Statement *statement = database_query (self->database, error, sql, address ? "t" : "", address);

  *found = FALSE;
  if (statement == NULL)
    return FALSE;
  while (statement_next (statement, &problem)) {
    *found = TRUE;
    deliver_to (self, statement);
  }
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  return problem == NULL;
}

/* DOMAIN: behind the '@' of ADDRESS, or NULL. */
static gboolean
is_role (const char *address, const char *domain)
{
  gsize length = domain ? (gsize)(domain - 1 - address) : strlen (address);

  for (guint i = 0; i < G_N_ELEMENTS (roles); i++)
    if (strlen (roles[i]) == length && g_ascii_strncasecmp (address, roles[i], length) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
deliver_to_administrators (Resolution *self, GError **error)
{
  gboolean found;

  return deliver_to_users (
      self, DELIVERY_COLUMNS " WHERE account.administrator = 1 AND account.enabled = 1", NULL,
      &found, error);
}

static gboolean follow (Resolution *self, const char *address, guint depth, GError **error);

/* A name of our domain that nobody has: the administrators answer for some, the catch-all for the
 * others. */
static gboolean
settle_nobody (Resolution *self, const char *address, guint depth, GError **error)
{
  const char *domain = address_domain (address);
  g_autoptr (GError) problem = NULL;
  g_autofree char *catch_all = NULL;

  if (is_role (address, domain))
    return deliver_to_administrators (self, error);
  catch_all = domain_catch_all (self->database, domain, &problem);
  if (problem) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  return catch_all == NULL || depth >= DEPTH_MAX || follow (self, catch_all, depth + 1, error);
}

/* ADDRESS is nobody of ours by name. */
static gboolean
settle_unknown (Resolution *self, const char *address, guint depth, GError **error)
{
  g_autoptr (GError) problem = NULL;
  const char *domain = address_domain (address);

  if (domain_find (self->database, domain, &problem) != 0)
    return settle_nobody (self, address, depth, error);
  if (!g_error_matches (problem, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&problem));
    return FALSE;
  }
  if (depth > 0)
    g_ptr_array_add (self->recipient->remote, g_strdup (address));
  else
    self->recipient->kind = RECIPIENT_REMOTE;
  return TRUE;
}

/* "anna+shop@example.com" → "anna@example.com" (RFC 5233); NULL: there is no detail. */
static char *
without_detail (const char *address)
{
  g_autofree char *separator = setting_text (SETTING_DETAIL_SEPARATOR);
  const char *at = strrchr (address, '@');
  const char *detail = *separator && *address != '"' ? strchr (address, *separator) : NULL;

  if (at == NULL || detail == NULL || detail == address || detail > at)
    return NULL;
  return g_strdup_printf ("%.*s%s", (int)(detail - address), address, at);
}

/* *NAMED: a user or an alias has ADDRESS. */
static gboolean
ask_named (Database *database, const char *address, gboolean *named, GError **error)
{
  g_autoptr (GError) problem = NULL;

  *named = !address_require_free (database, address, &problem);
  if (problem == NULL || g_error_matches (problem, STORE_ERROR, STORE_ERROR_EXISTS))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&problem));
  return FALSE;
}

/* Neither a user nor an alias has ADDRESS as it is. */
static gboolean
follow_unnamed (Resolution *self, const char *address, guint depth, GError **error)
{
  g_autofree char *base = without_detail (address);
  gboolean named = FALSE;

  if (base && !ask_named (self->database, base, &named, error))
    return FALSE;
  return named && depth < DEPTH_MAX ? follow (self, base, depth + 1, error)
                                    : settle_unknown (self, address, depth, error);
}

static gboolean
follow_targets (Resolution *self, const GPtrArray *targets, guint depth, GError **error)
{
  for (guint i = 0; i < targets->len && depth < DEPTH_MAX; i++)
    if (!follow (self, targets->pdata[i], depth + 1, error))
      return FALSE;
  return TRUE;
}

/* An alias, or a group that admits the sender; the outermost group decides. */
static gboolean
follow_several (Resolution *self, const char *address, guint depth, GError **error)
{
  g_autoptr (GPtrArray) targets = alias_targets (self->database, address, error);
  const gboolean in_group = self->in_group;
  gboolean is_group = FALSE, admits = TRUE, done;

  if (targets == NULL
      || !group_admits (self->database, address, self->sender, &is_group, &admits, error))
    return FALSE;
  if (targets->len == 0 && !is_group)
    return follow_unnamed (self, address, depth, error);
  if (!admits && !in_group) {
    self->closed = TRUE;
    return TRUE;
  }
  self->in_group = in_group || is_group;
  done = follow_targets (self, targets, depth, error);
  self->in_group = in_group;
  return done;
}

static gboolean
follow (Resolution *self, const char *address, guint depth, GError **error)
{
  gboolean found;

  if (g_hash_table_size (self->seen) >= ADDRESSES_MAX
      || !g_hash_table_add (self->seen, g_strdup (address)))
    return TRUE;
  if (!deliver_to_users (self, DELIVERY_COLUMNS " WHERE account.address = ?1", address, &found,
                         error))
    return FALSE;
  return found || follow_several (self, address, depth, error);
}

/* The sender hears nothing of those who get no copy, as the others have got theirs: the
 * administrator can. */
static void
settle_kind (const Resolution *self, const char *address)
{
  Recipient *recipient = self->recipient;

  if (recipient->mailboxes->len == 0 && recipient->remote->len == 0) {
    if (self->closed)
      recipient->kind = RECIPIENT_CLOSED;
    else if (self->over_quota)
      recipient->kind = RECIPIENT_OVER_QUOTA;
    else if (self->disabled)
      recipient->kind = RECIPIENT_DISABLED;
    return;
  }
  recipient->kind = RECIPIENT_LOCAL;
  if (self->over_quota || self->disabled)
    log_event (LOG_NOTICE, "Not all behind an alias take mail now", "recipient", address, "reason",
               self->over_quota ? "mailbox full" : "disabled", NULL);
}

Recipient *
recipient_resolve (Database *database, const char *address, gint64 size, gint64 sender,
                   GError **error)
{
  g_autofree char *normalized = address_normalize (address);
  g_autofree char *back = NULL;
  g_autoptr (Recipient) recipient = g_new0 (Recipient, 1);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Resolution self = {
    .database = database, .recipient = recipient, .seen = seen, .size = size, .sender = sender
  };

  recipient->kind = RECIPIENT_UNKNOWN;
  recipient->mailboxes = g_array_new (FALSE, FALSE, sizeof (gint64));
  recipient->remote = g_ptr_array_new_with_free_func (g_free);
  if ((back = srs_decode (address, g_get_real_time () / G_USEC_PER_SEC))) {
    g_ptr_array_add (recipient->remote, g_steal_pointer (&back));
    recipient->kind = RECIPIENT_LOCAL;
    recipient->is_return_path = TRUE;
    return g_steal_pointer (&recipient);
  }
  if (normalized == NULL && is_role (address, NULL)) {
    if (!deliver_to_administrators (&self, error))
      return NULL;
  } else if (normalized && !follow (&self, normalized, 0, error))
    return NULL;
  settle_kind (&self, normalized);
  return g_steal_pointer (&recipient);
}

static gboolean
may_send (Database *database, gint64 account, const char *normalized)
{
  g_autoptr (GError) error = NULL;
  gboolean may = FALSE;
  Statement *statement = normalized
      ? database_query (database, &error,
                        "SELECT 1 FROM account WHERE id = ?1 AND (address = ?2 OR address ="
                        " (SELECT max (target) FROM alias WHERE address = ?2 AND address NOT IN"
                        " (SELECT address FROM mail_group) HAVING count (*) = 1)) UNION ALL SELECT "
                        "1 FROM role_member r"
                        " JOIN account o ON o.id = r.role WHERE r.account = ?1 AND r.send_as = 1"
                        " AND o.enabled = 1 AND o.address = ?2",
                        "it", account, normalized)
      : NULL;

  if (statement && statement_next (statement, &error)) {
    may = TRUE;
    statement_done (statement);
  } else if (statement && !error) {
    group_may_send_as (database, account, normalized, &may, &error);
  }
  if (error)
    log_event (LOG_ERROR, "Cannot look up who may send", "address", normalized, "error",
               error->message, NULL);
  return may;
}

gboolean
account_may_send_as (Database *database, gint64 account, const char *address)
{
  g_autofree char *normalized = address_normalize (address);
  g_autofree char *base = normalized ? without_detail (normalized) : NULL;
  gboolean named = TRUE;
  g_autoptr (Device) device = device_find (database, account, NULL);

  if (device && *device->senders)
    return device_lists_sender (device, address);
  if (may_send (database, account, normalized))
    return TRUE;
  /* With a detail, unless the whole is somebody's name. */
  return base && ask_named (database, normalized, &named, NULL) && !named
      && may_send (database, account, base);
}
