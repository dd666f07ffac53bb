/* The list of users: in pages, filtered, and written down at once, as it may be of ten thousand. */
#include "admin/resources.h"
#include "mail/address.h"
#include <string.h>

/* Account to how many; accounts that have none are left out. */
static GHashTable *
count_of (Database *database, const char *sql, GError **error)
{
  g_autoptr (GHashTable) counts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GError) problem = NULL;
  Statement *row = database_query (database, error, sql, "");

  while (row && statement_next (row, &problem)) {
    const gint64 account = statement_int (row, 0);
    g_hash_table_insert (counts, g_memdup2 (&account, sizeof account),
                         GINT_TO_POINTER ((int)statement_int (row, 1)));
  }
  if (problem)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (row)
    return g_steal_pointer (&counts);
  return NULL;
}

static const char count_passwords[]
    = "SELECT account, count(*) FROM credential WHERE name <> '' GROUP BY account";
static const char count_certificates[]
    = "SELECT account, count(*) FROM client_certificate GROUP BY account";

typedef struct {
  const AdminCall *call;
  GHashTable *passwords, *certificates;
  GString *text; /* the answer */
  char *domain, *part; /* normalized, folded; or NULL */
  const char *after; /* an address, or NULL */
  gint64 limit, total, listed;
  char *last; /* of the page */
  gboolean has_next;
} Listing;

static void
listing_clear (Listing *self)
{
  g_clear_pointer (&self->passwords, g_hash_table_unref);
  g_clear_pointer (&self->certificates, g_hash_table_unref);
  g_free (self->domain);
  g_free (self->part);
  g_free (self->last);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listing, listing_clear)

/* A JSON string (RFC 8259 §7); the store holds UTF-8. */
static void
append_text (GString *text, const char *value)
{
  g_string_append_c (text, '"');
  for (const char *at = value; *at; at++)
    if (*at == '"' || *at == '\\') {
      g_string_append_c (text, '\\');
      g_string_append_c (text, *at);
    } else if ((guchar)*at < 0x20)
      g_string_append_printf (text, "\\u%04x", (guint)*at);
    else
      g_string_append_c (text, *at);
  g_string_append_c (text, '"');
}

static void
append_number (GString *text, const char *name, gint64 value)
{
  char digits[24];
  char *at = digits + sizeof digits - 1;
  guint64 rest = (guint64)ABS (value);

  *at = '\0';
  do
    *--at = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (value < 0)
    *--at = '-';
  g_string_append (text, name);
  g_string_append (text, at);
}

static void
append_flag (GString *text, const char *name, gboolean value)
{
  g_string_append (text, name);
  g_string_append (text, value ? "true" : "false");
}

static gint64
count_for (GHashTable *counts, gint64 account)
{
  return GPOINTER_TO_INT (g_hash_table_lookup (counts, &account));
}

/* As resource-users.c describes one. */
static void
append_user (Listing *self, Statement *row)
{
  GString *text = self->text;
  const AdminRole role = (AdminRole)statement_int (row, 5);
  const gint64 last_login = statement_int (row, 11);

  g_string_append (text, self->listed++ > 0 ? ",{\"address\":" : "{\"address\":");
  append_text (text, statement_text (row, 1));
  g_string_append (text, ",\"display_name\":");
  append_text (text, statement_text (row, 2) ? statement_text (row, 2) : "");
  append_flag (text, ",\"enabled\":", statement_int (row, 3) != 0);
  append_flag (text, ",\"administrator\":", role == ADMIN_EVERYTHING);
  append_number (text, ",\"quota\":", statement_int (row, 4));
  append_number (text, ",\"used\":", statement_int (row, 6));
  append_flag (text, ",\"role\":", statement_int (row, 7) != 0);
  g_string_append (text, ",\"hide_capabilities\":");
  append_text (text, statement_text (row, 8));
  append_flag (text, ",\"locked\":", statement_int (row, 9) != 0);
  append_flag (text, ",\"device\":", statement_int (row, 10) != 0);
  g_string_append (text, ",\"admin_role\":");
  if (role == ADMIN_NOTHING)
    g_string_append (text, "null");
  else
    append_text (text, admin_role_name (role));
  if (last_login > 0)
    append_number (text, ",\"last_login\":", last_login);
  else
    g_string_append (text, ",\"last_login\":null");
  append_number (text, ",\"app_passwords\":", count_for (self->passwords, statement_int (row, 0)));
  append_number (text,
                 ",\"certificates\":", count_for (self->certificates, statement_int (row, 0)));
  g_string_append_c (text, '}');
}

static gboolean
has_part (const Listing *self, const char *address, const char *name)
{
  g_autofree char *folded = NULL;

  if (self->part == NULL || strstr (address, self->part) != NULL)
    return TRUE;
  folded = name ? g_utf8_casefold (name, -1) : NULL;
  return folded && strstr (folded, self->part) != NULL;
}

static gboolean
is_wanted (const Listing *self, Statement *row)
{
  const char *address = statement_text (row, 1);

  return (self->domain == NULL || g_strcmp0 (address_domain (address), self->domain) == 0)
      && caller_sees (self->call->caller, address)
      && has_part (self, address, statement_text (row, 2));
}

/* The page's users are written, all that are wanted are counted. */
static void
take_row (Listing *self, Statement *row)
{
  const char *address = statement_text (row, 1);

  self->total++;
  if (self->after && strcmp (address, self->after) <= 0)
    return;
  if (self->limit > 0 && self->listed >= self->limit) {
    self->has_next = TRUE;
    return;
  }
  append_user (self, row);
  if (self->limit > 0 && self->listed == self->limit)
    self->last = g_strdup (address);
}

static gboolean
walk (Listing *self, Database *database, GError **error)
{
  GError *problem = NULL;
  Statement *row = database_query (
      database, error,
      "SELECT id, address, display_name, enabled, quota, administrator, used, role, hidden, locked,"
      " EXISTS (SELECT 1 FROM device WHERE account = account.id), last_login FROM account"
      " ORDER BY address",
      "");

  while (row && statement_next (row, &problem))
    if (is_wanted (self, row))
      take_row (self, row);
  if (problem)
    g_propagate_error (error, problem);
  return row && problem == NULL;
}

static gboolean
read_users (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  AdminCall *call = data;
  Database *database = store_snapshot_database (snapshot);
  const char *domain = admin_call_query (call, "domain"), *part = admin_call_query (call, "text");
  g_auto (Listing) self = { .call = call, .text = g_string_new ("{\"users\":[") };

  call->raw = self.text;
  self.domain = domain ? domain_normalize (domain) : NULL;
  self.part = part && *part ? g_utf8_casefold (part, -1) : NULL;
  self.after = admin_call_query (call, "after");
  self.limit = admin_call_number (call, "limit", 0, 100000);
  if ((self.passwords = count_of (database, count_passwords, error)) == NULL
      || (self.certificates = count_of (database, count_certificates, error)) == NULL
      || !walk (&self, database, error))
    return FALSE;
  append_number (self.text, "],\"total\":", self.total);
  g_string_append (self.text, ",\"next\":");
  if (self.has_next)
    append_text (self.text, self.last);
  else
    g_string_append (self.text, "null");
  g_string_append_c (self.text, '}');
  return TRUE;
}

/* ?domain=&text=&after=&limit= */
gboolean
users_get (AdminCall *call, GError **error)
{
  return store_read_sync (call->service->store, read_users, call, error);
}
