/* The tables of store.db and how an older store becomes a newer one. */
#include "store/schema.h"
#include "language.h"
#include "platform/file.h"

#define APPLICATION_ID 1215329131 /* "Hpsk" */

/* Entries are narrow and apart from messages: changing the flags of 100,000 mails must not rewrite
 * their summaries. */
static const char version_1[]
    = "CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
      /* UIDVALIDITY comes from one counter of the whole store: a name that was deleted, or a
       * mailbox that takes another's name, can never show an old value again. */
      "CREATE TABLE counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
      "INSERT INTO counter VALUES ('uid_validity', 0);"

      "CREATE TABLE domain (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
      "CREATE TABLE account (id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL UNIQUE,"
      " domain INTEGER NOT NULL, hash TEXT, display_name TEXT, enabled INTEGER NOT NULL DEFAULT 1,"
      " quota INTEGER NOT NULL DEFAULT 0, used INTEGER NOT NULL DEFAULT 0,"
      " administrator INTEGER NOT NULL DEFAULT 0);"
      "CREATE INDEX account_domain ON account (domain);"
      "CREATE TABLE alias (address TEXT NOT NULL, target TEXT NOT NULL, domain INTEGER NOT NULL,"
      " PRIMARY KEY (address, target)) WITHOUT ROWID;"
      "CREATE INDEX alias_domain ON alias (domain);"
      "CREATE INDEX alias_target ON alias (target);"

      /* A deleted mailbox keeps its row without a name (DELETED says since when) until compaction
       * has freed its entries. */
      "CREATE TABLE mailbox (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, name "
      "TEXT,"
      " special_use TEXT, uid_validity INTEGER NOT NULL, uid_next INTEGER NOT NULL DEFAULT 1,"
      " modseq INTEGER NOT NULL DEFAULT 1, modseq_floor INTEGER NOT NULL DEFAULT 0,"
      " messages INTEGER NOT NULL DEFAULT 0, unseen INTEGER NOT NULL DEFAULT 0,"
      " size INTEGER NOT NULL DEFAULT 0, recent_from INTEGER NOT NULL DEFAULT 1, deleted INTEGER,"
      " UNIQUE (account, name));"
      "CREATE INDEX mailbox_deleted ON mailbox (deleted) WHERE deleted IS NOT NULL;"
      "CREATE TABLE keyword (mailbox INTEGER NOT NULL, number INTEGER NOT NULL,"
      " name TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY (mailbox, number), UNIQUE (mailbox, name))"
      " WITHOUT ROWID;"
      "CREATE TABLE subscription (account INTEGER NOT NULL, name TEXT NOT NULL,"
      " PRIMARY KEY (account, name)) WITHOUT ROWID;"

      /* EXPUNGED: seconds UTC, 0 for a live entry. */
      "CREATE TABLE entry (mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, message INTEGER NOT "
      "NULL,"
      " flags INTEGER NOT NULL, modseq INTEGER NOT NULL, date INTEGER NOT NULL, zone INTEGER NOT "
      "NULL,"
      " size INTEGER NOT NULL, save_date INTEGER NOT NULL, expunged INTEGER NOT NULL DEFAULT 0,"
      " PRIMARY KEY (mailbox, uid)) WITHOUT ROWID;"
      "CREATE INDEX entry_modseq ON entry (mailbox, modseq);"
      "CREATE INDEX entry_message ON entry (message);"
      "CREATE INDEX entry_expunged ON entry (expunged) WHERE expunged > 0;"

      /* The record lies in SEGMENT from OFFSET on, LENGTH bytes; SIZE is the message's own. */
      "CREATE TABLE message (id INTEGER PRIMARY KEY, segment INTEGER NOT NULL,"
      " offset INTEGER NOT NULL, length INTEGER NOT NULL, size INTEGER NOT NULL,"
      " digest BLOB NOT NULL, summary BLOB);"
      "CREATE INDEX message_segment ON message (segment, offset);"
      /* SIZE: bytes known to be on the disk; what lies beyond was never acknowledged. OWN: holds
       * one big message. */
      "CREATE TABLE segment (number INTEGER PRIMARY KEY, size INTEGER NOT NULL,"
      " own INTEGER NOT NULL);"

      "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, message INTEGER NOT NULL,"
      " account INTEGER NOT NULL, sender TEXT NOT NULL, recipient TEXT NOT NULL, envid TEXT,"
      " orcpt TEXT, notify TEXT, ret TEXT, created INTEGER NOT NULL, due INTEGER NOT NULL,"
      " expires INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,"
      " held INTEGER NOT NULL DEFAULT 0, last_reply TEXT);"
      "CREATE INDEX queue_due ON queue (held, due);"
      "CREATE INDEX queue_message ON queue (message);";

/* ObjectIDs (RFC 8474). A message's THREAD is the id of the message that began it; those of older
 * stores, which have none, stand alone. Which threads an account has heard of, by the hashes of
 * Message-IDs: each account by itself, so that nobody learns what lies in another's mailbox. The
 * counter "message" remembers ids that compaction has freed, "object" makes the ids of this
 * database unlike those of one that is built anew. */
static const char objects[]
    = "ALTER TABLE message ADD COLUMN thread INTEGER;"
      "CREATE INDEX message_thread ON message (thread) WHERE thread IS NOT NULL;"
      "CREATE TABLE thread_reference (account INTEGER NOT NULL, hash INTEGER NOT NULL,"
      " thread INTEGER NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;"
      "CREATE INDEX thread_reference_thread ON thread_reference (thread);"
      "INSERT INTO counter VALUES ('message', 0);"
      "INSERT INTO counter VALUES ('object', abs (random () % 4294967296));";

/* Keys that are read by the hundred thousand lie apart from the summaries. By its identity a search
 * index knows its store. */
static const char keys[]
    = "CREATE TABLE message_keys (message INTEGER PRIMARY KEY, keys BLOB NOT NULL);"
      "CREATE TRIGGER message_gone AFTER DELETE ON message BEGIN"
      " DELETE FROM message_keys WHERE message = old.id; END;"
      "INSERT INTO counter VALUES ('identity', random () & 0x7fffffffffffffff);";

/* How many messages carry \Deleted, and their bytes: STATUS DELETED and DELETED-STORAGE (RFC 9051
 * §6.3.11, RFC 9208 §4.1.4) must not count them each time. */
static const char marked[]
    = "ALTER TABLE mailbox ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE mailbox ADD COLUMN marked_size INTEGER NOT NULL DEFAULT 0;"
      "UPDATE mailbox SET (marked, marked_size) = (SELECT count (*), coalesce (sum (size), 0)"
      " FROM entry WHERE mailbox = mailbox.id AND expunged = 0 AND flags & 4) WHERE deleted IS "
      "NULL;";

/* Sharing: access control lists, roles and their members. What somebody called like a namespace of
 * shared mailboxes makes room. HIDDEN: capabilities that this user's mail program must not see. */
static const char sharing[]
    = "CREATE TABLE acl (mailbox INTEGER NOT NULL, identifier TEXT NOT NULL,"
      " rights INTEGER NOT NULL, PRIMARY KEY (mailbox, identifier)) WITHOUT ROWID;"
      "CREATE INDEX acl_identifier ON acl (identifier);"
      "ALTER TABLE account ADD COLUMN role INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE account ADD COLUMN hidden TEXT NOT NULL DEFAULT '';"
      "CREATE TABLE role_member (role INTEGER NOT NULL, account INTEGER NOT NULL,"
      " send_as INTEGER NOT NULL, PRIMARY KEY (role, account)) WITHOUT ROWID;"
      "CREATE INDEX role_member_account ON role_member (account);"
      "CREATE TRIGGER mailbox_gone AFTER UPDATE OF deleted ON mailbox"
      " WHEN new.deleted IS NOT NULL BEGIN DELETE FROM acl WHERE mailbox = new.id; END;"
      "CREATE TRIGGER account_gone AFTER DELETE ON account BEGIN"
      " DELETE FROM acl WHERE identifier IN (old.address, '-' || old.address);"
      " DELETE FROM role_member WHERE role = old.id OR account = old.id; END;"
      "UPDATE mailbox SET name = 'My ' || name WHERE name IN ('Shared', 'Other Users')"
      " OR name LIKE 'Shared/%' OR name LIKE 'Other Users/%';"
      "UPDATE OR IGNORE subscription SET name = 'My ' || name WHERE name IN ('Shared', 'Other "
      "Users')"
      " OR name LIKE 'Shared/%' OR name LIKE 'Other Users/%';";

/* NAME is a device's; '' is the password itself. The secret makes salts, also for users who do not
 * exist. */
static const char credentials[]
    = "CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
      "INSERT INTO secret VALUES ('scram', randomblob (32));"
      "CREATE TABLE credential (id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL,"
      " name TEXT NOT NULL, stored_key BLOB NOT NULL, server_key BLOB NOT NULL,"
      " created INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, address TEXT,"
      " UNIQUE (account, name));";

/* Names are composed (RFC 9051 §5.1): what came before in another form keeps its mail. */
static const char composed[]
    = "UPDATE OR IGNORE mailbox SET name = nfc (name) WHERE name IS NOT NULL AND name <> nfc "
      "(name);"
      "UPDATE OR IGNORE subscription SET name = nfc (name) WHERE name <> nfc (name);";

/* Addresses that may not sign on, and addresses from where somebody has. */
static const char bans[]
    = "CREATE TABLE ban (address TEXT PRIMARY KEY, since INTEGER NOT NULL, until INTEGER NOT NULL,"
      " times INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE INDEX ban_until ON ban (until);"
      "CREATE TABLE good_address (address TEXT PRIMARY KEY, seen INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE INDEX good_address_seen ON good_address (seen);";

/* Annotations: of MAILBOX, 0 is the server; of ACCOUNT alone, 0 is all. */
static const char metadata[]
    = "CREATE TABLE metadata (mailbox INTEGER NOT NULL, account INTEGER NOT NULL,"
      " entry TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (mailbox, account, entry))"
      " WITHOUT ROWID;"
      "CREATE INDEX metadata_account ON metadata (account);"
      "CREATE TRIGGER mailbox_gone_metadata AFTER UPDATE OF deleted ON mailbox"
      " WHEN new.deleted IS NOT NULL BEGIN DELETE FROM metadata WHERE mailbox = new.id; END;"
      "CREATE TRIGGER account_gone_metadata AFTER DELETE ON account BEGIN"
      " DELETE FROM metadata WHERE account = old.id; END;";

/* Certificates with which programs sign on. CATCH_ALL: who gets the mail for names of a domain that
 * nobody has. */
static const char certificates[]
    = "CREATE TABLE client_certificate (id INTEGER PRIMARY KEY AUTOINCREMENT,"
      " account INTEGER NOT NULL, name TEXT NOT NULL, fingerprint TEXT NOT NULL UNIQUE,"
      " created INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0, address TEXT,"
      " UNIQUE (account, name));"
      "CREATE TRIGGER account_certificates_gone AFTER DELETE ON account BEGIN"
      " DELETE FROM client_certificate WHERE account = old.id; END;"
      "ALTER TABLE domain ADD COLUMN catch_all TEXT;"
      /* Removed roles can come back while their mail is kept: ids are never given again. */
      "CREATE TABLE removed_role (id INTEGER PRIMARY KEY, address TEXT NOT NULL, display_name TEXT,"
      " quota INTEGER NOT NULL, removed INTEGER NOT NULL);"
      "CREATE INDEX removed_role_address ON removed_role (address);"
      "CREATE TABLE removed_mailbox (id INTEGER PRIMARY KEY, role INTEGER NOT NULL, name TEXT,"
      " special_use TEXT);"
      "CREATE INDEX removed_mailbox_role ON removed_mailbox (role);"
      "CREATE TABLE removed_member (role INTEGER NOT NULL, account INTEGER NOT NULL,"
      " send_as INTEGER NOT NULL, PRIMARY KEY (role, account)) WITHOUT ROWID;";

/* A group's members are the targets of its address in ALIAS. SENDERS: anyone, local, members. */
static const char groups[]
    = "CREATE TABLE mail_group (address TEXT PRIMARY KEY, domain INTEGER NOT NULL,"
      " senders INTEGER NOT NULL, send_as INTEGER NOT NULL) WITHOUT ROWID;"
      "CREATE INDEX mail_group_domain ON mail_group (domain);";

/* Mail for other domains. DOMAIN: where it goes, lower-case A-labels. CONTENT: what the other
 * server must be able to take (queue.h). NOTICED: its sender knows that it is late. */
static const char sending[]
    = "ALTER TABLE queue ADD COLUMN domain TEXT NOT NULL DEFAULT '';"
      "ALTER TABLE queue ADD COLUMN content INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE queue ADD COLUMN noticed INTEGER NOT NULL DEFAULT 0;"
      "UPDATE queue SET domain = lower (substr (recipient, instr (recipient, '@') + 1));"
      "CREATE INDEX queue_domain ON queue (domain, held, account, id);"
      "CREATE INDEX queue_domain_due ON queue (domain, held, due);"
      "DROP INDEX queue_due;"
      /* Other domains' policies (RFC 8461); TRIED: when the last attempt to get one failed. */
      "CREATE TABLE mta_sts (domain TEXT PRIMARY KEY, id TEXT, policy TEXT,"
      " expires INTEGER NOT NULL DEFAULT 0, tried INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;";

/* Whose mail was taken before, and who was asked to come again; NETWORK as of net/network.h. */
static const char clients[]
    = "CREATE TABLE known_client (network INTEGER PRIMARY KEY, seen INTEGER NOT NULL);"
      "CREATE INDEX known_client_seen ON known_client (seen);"
      "CREATE TABLE greylist (network INTEGER NOT NULL, hash INTEGER NOT NULL,"
      " first INTEGER NOT NULL, PRIMARY KEY (network, hash)) WITHOUT ROWID;"
      "CREATE INDEX greylist_first ON greylist (first);";

/* What users send. SENT counts minute by minute; SETTLED is what an administrator has found to be
 * in order. CORRESPONDENT: the hashes of addresses that a user has written to. SENDER: since when a
 * user sends, and the brake (accounts/brake.h). Rates of -1 are the settings'. RELEASED: the time
 * before which a mail must not leave (RFC 4865), FUTURE how that was asked for. */
static const char submission[]
    = "CREATE TABLE sent (account INTEGER NOT NULL, minute INTEGER NOT NULL,"
      " settled INTEGER NOT NULL DEFAULT 0, recipients INTEGER NOT NULL DEFAULT 0,"
      " outside INTEGER NOT NULL DEFAULT 0, fresh INTEGER NOT NULL DEFAULT 0,"
      " bounced INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (account, minute, settled)) WITHOUT ROWID;"
      "CREATE TABLE correspondent (account INTEGER NOT NULL, hash INTEGER NOT NULL,"
      " seen INTEGER NOT NULL, PRIMARY KEY (account, hash)) WITHOUT ROWID;"
      "CREATE TABLE sender (account INTEGER PRIMARY KEY, since INTEGER NOT NULL,"
      " tidied INTEGER NOT NULL DEFAULT 0, braked INTEGER NOT NULL DEFAULT 0,"
      " reason INTEGER NOT NULL DEFAULT 0, count INTEGER NOT NULL DEFAULT 0,"
      " usual INTEGER NOT NULL DEFAULT 0, told INTEGER NOT NULL DEFAULT 0);"
      "CREATE INDEX sender_braked ON sender (braked) WHERE braked > 0;"
      "ALTER TABLE account ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE account ADD COLUMN hour_rate INTEGER NOT NULL DEFAULT -1;"
      "ALTER TABLE account ADD COLUMN day_rate INTEGER NOT NULL DEFAULT -1;"
      "ALTER TABLE domain ADD COLUMN hour_rate INTEGER NOT NULL DEFAULT -1;"
      "ALTER TABLE domain ADD COLUMN day_rate INTEGER NOT NULL DEFAULT -1;"
      /* Scanners and copiers: addresses and domains, separated by blanks; "": its own. */
      "CREATE TABLE device (account INTEGER PRIMARY KEY, senders TEXT NOT NULL,"
      " recipients TEXT NOT NULL);"
      "CREATE TRIGGER account_sender_gone AFTER DELETE ON account BEGIN"
      " DELETE FROM sent WHERE account = old.id; DELETE FROM correspondent WHERE account = old.id;"
      " DELETE FROM sender WHERE account = old.id; DELETE FROM device WHERE account = old.id;"
      " UPDATE queue SET held = 1 WHERE account = old.id AND held = 2; END;"
      "CREATE TRIGGER domain_sent_gone AFTER DELETE ON domain BEGIN"
      " DELETE FROM sent WHERE account = -old.id; END;"
      "ALTER TABLE queue ADD COLUMN released INTEGER NOT NULL DEFAULT 0;"
      "ALTER TABLE queue ADD COLUMN future TEXT;"
      "CREATE INDEX queue_account ON queue (account, held);";

/* Who administers (accounts/administrator.h), what was changed by whom (admin/audit.h), and what the
 * administration keeps as JSON. CHANGE counts the changes of what administrators see, whoever makes
 * them: a look at few rows tells what to read again. */
#define COUNT_CHANGE(name, when, what)                                                             \
  "CREATE TRIGGER changed_" name " AFTER " when " BEGIN"                                           \
  " UPDATE change SET number = number + 1 WHERE what = '" what "'; END;"
#define COUNT_ROWS(table, what)                                                                    \
  COUNT_CHANGE (table "_added", "INSERT ON " table, what)                                          \
  COUNT_CHANGE (table "_removed", "DELETE ON " table, what)
/* clang-format off */
static const char administration[] =
  "CREATE TABLE administrator_domain (account INTEGER NOT NULL, domain INTEGER NOT NULL,"
  " PRIMARY KEY (account, domain)) WITHOUT ROWID;"
  "CREATE INDEX administrator_domain_domain ON administrator_domain (domain);"
  "CREATE TRIGGER account_administrator_gone AFTER DELETE ON account BEGIN"
  " DELETE FROM administrator_domain WHERE account = old.id; END;"
  "CREATE TRIGGER domain_administrator_gone AFTER DELETE ON domain BEGIN"
  " DELETE FROM administrator_domain WHERE domain = old.id; END;"
  "ALTER TABLE account ADD COLUMN last_login INTEGER NOT NULL DEFAULT 0;"
  "CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, time INTEGER NOT NULL,"
  " user TEXT NOT NULL, way TEXT NOT NULL, address TEXT NOT NULL, method TEXT NOT NULL,"
  " path TEXT NOT NULL, changes TEXT NOT NULL);"
  "CREATE INDEX audit_time ON audit (time);"
  "CREATE TABLE document (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
  "CREATE TABLE change (what TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;"
  "INSERT INTO change VALUES ('administrators', 0), ('aliases', 0), ('app-passwords', 0),"
  " ('audit', 0), ('bans', 0), ('brakes', 0), ('devices', 0), ('domains', 0), ('groups', 0),"
  " ('rates', 0), ('roles', 0), ('settings', 0), ('setup', 0), ('user-certificates', 0),"
  " ('users', 0);"
  COUNT_ROWS ("domain", "domains")
  COUNT_CHANGE ("domain", "UPDATE OF catch_all ON domain", "domains")
  COUNT_CHANGE ("domain_rate", "UPDATE OF hour_rate, day_rate ON domain", "rates")
  COUNT_ROWS ("account", "users")
  COUNT_CHANGE ("account", "UPDATE OF hash, display_name, enabled, quota, role, hidden, locked"
                " ON account", "users")
  COUNT_CHANGE ("account_rate", "UPDATE OF hour_rate, day_rate ON account", "rates")
  COUNT_CHANGE ("administrator", "UPDATE OF administrator ON account", "administrators")
  COUNT_ROWS ("administrator_domain", "administrators")
  COUNT_ROWS ("alias", "aliases")
  COUNT_ROWS ("mail_group", "groups")
  COUNT_CHANGE ("mail_group", "UPDATE ON mail_group", "groups")
  COUNT_ROWS ("role_member", "roles")
  COUNT_ROWS ("setting", "settings")
  COUNT_CHANGE ("setting", "UPDATE ON setting", "settings")
  COUNT_ROWS ("credential", "app-passwords")
  COUNT_ROWS ("client_certificate", "user-certificates")
  COUNT_ROWS ("ban", "bans")
  COUNT_CHANGE ("ban", "UPDATE ON ban", "bans")
  COUNT_ROWS ("device", "devices")
  COUNT_CHANGE ("device", "UPDATE ON device", "devices")
  COUNT_CHANGE ("sender", "UPDATE OF braked ON sender", "brakes")
  COUNT_CHANGE ("setup", "INSERT ON document WHEN new.name = 'setup'", "setup")
  COUNT_CHANGE ("setup_again", "UPDATE ON document WHEN new.name = 'setup'", "setup")
  COUNT_CHANGE ("audit_added", "INSERT ON audit", "audit");
/* clang-format on */

static const char *const migrations[]
    = { version_1, objects,  keys,         marked, sharing, credentials, composed,
        bans,      metadata, certificates, groups, sending, clients,     submission,
        administration };
const Schema schema_current = { migrations, G_N_ELEMENTS (migrations) };

static gboolean
read_number (Database *database, const char *sql, gint64 *value, GError **error)
{
  Statement *statement = database_query (database, error, sql, "");
  GError *failure = NULL;

  if (!statement)
    return FALSE;
  *value = statement_next (statement, &failure) ? statement_int (statement, 0) : 0;
  statement_done (statement);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

static gboolean
verify_copy (const char *copy, gint64 version, GError **error)
{
  g_autoptr (Database) database = database_open (copy, DATABASE_READ, error);
  gint64 found;

  if (!database)
    return FALSE;
  if (!database_check (database, error))
    return FALSE;
  if (!read_number (database, "PRAGMA user_version", &found, error))
    return FALSE;
  if (found != version) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_CORRUPT, "%s is not a sound copy", copy);
    return FALSE;
  }
  return TRUE;
}

/* VACUUM INTO writes a whole database with what the WAL holds; it becomes visible under its name
 * only when it is synced and verified. */
static gboolean
keep_copy (Database *database, const char *path, gint64 version, GError **error)
{
  g_autofree char *copy = g_strdup_printf ("%s.before-%" G_GINT64_FORMAT, path, version + 1);
  g_autofree char *unfinished = g_strconcat (copy, ".new", NULL);

  if (file_exists (copy))
    return verify_copy (copy, version, error);
  if (file_exists (unfinished) && !file_remove (unfinished, error))
    return FALSE;
  if (!database_run (database, error, "VACUUM INTO ?1", "t", unfinished)
      || !verify_copy (unfinished, version, error))
    return FALSE;
  g_autoptr (File) file = file_open (unfinished, FILE_MODE_WRITE, error);
  return file && file_sync (file, error) && file_publish (unfinished, copy, error);
}

static gboolean
apply (Database *database, const Schema *schema, gint64 from, GError **error)
{
  g_autofree char *finish
      = g_strdup_printf ("PRAGMA user_version = %u; PRAGMA application_id = %d; COMMIT;",
                         schema->count, APPLICATION_ID);

  gboolean done = database_execute (database, "BEGIN IMMEDIATE", error);
  for (guint i = from; done && i < schema->count; i++)
    done = database_execute (database, schema->migrations[i], error);
  done = done && database_execute (database, finish, error);
  if (!done && !sqlite3_get_autocommit (database_connection (database)))
    database_execute (database, "ROLLBACK", NULL); /* the first error is the one to tell */
  return done;
}

static gboolean
check_version (gint64 version, gint64 application, gint64 tables, const Schema *schema,
               const char *path, GError **error)
{
  if (version == 0 && tables == 0)
    return TRUE;
  if (application != APPLICATION_ID) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_INVALID, _ ("%s is not a Hauspost store."), path);
    return FALSE;
  }
  if (version > schema->count) {
    g_set_error (error, STORE_ERROR, STORE_ERROR_NEWER,
                 _ ("%s was written by a newer Hauspost (version %d, this one knows %u): install "
                    "the newer program."),
                 path, (int)version, schema->count);
    return FALSE;
  }
  return TRUE;
}

gboolean
schema_migrate (Database *database, const char *path, const Schema *schema, GError **error)
{
  gint64 version, application, tables;

  if (!read_number (database, "PRAGMA user_version", &version, error)
      || !read_number (database, "PRAGMA application_id", &application, error)
      || !read_number (database, "SELECT count(*) FROM sqlite_schema", &tables, error)
      || !check_version (version, application, tables, schema, path, error))
    return FALSE;
  if (version == schema->count)
    return TRUE;
  if (version > 0 && !keep_copy (database, path, version, error)) {
    g_prefix_error (error, "Cannot keep a copy of %s before its migration: ", path);
    return FALSE;
  }
  return apply (database, schema, version, error);
}
