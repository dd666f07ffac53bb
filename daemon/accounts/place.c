/* Finds mailboxes by the names that an account uses for them. */
#include "accounts/place.h"

#include <string.h>

void
place_free (Place *place)
{
  g_free (place->name);
  mailbox_free (place->mailbox);
  g_free (place);
}

static Place *
place_new (const char *name, Mailbox *mailbox, guint rights, gboolean own)
{
  Place *place = g_new0 (Place, 1);

  place->name = g_strdup (name);
  place->mailbox = mailbox;
  place->rights = rights;
  place->own = own;
  return place;
}

static const struct {
  const char *prefix;
  gint64 role;
} spaces[] = { { PLACE_USERS, 0 }, { PLACE_ROLES, 1 } };

static gboolean
refuse_unknown (GError **error)
{
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_NOT_FOUND, "There is no such mailbox");
  return FALSE;
}

/* 0: nobody, or ERROR. */
static gint64
find_owner (Database *database, const char *address, gint64 role, GError **error)
{
  Statement *row
      = database_query (database, error, "SELECT id FROM account WHERE address = ?1 AND role = ?2",
                        "ti", address, role);
  gint64 id;

  if (!row || !statement_next (row, error))
    return 0;
  id = statement_int (row, 0);
  statement_done (row);
  return id;
}

/* REST: "ADDRESS" or "ADDRESS/NAME". */
static gboolean
locate_shared (Database *database, gint64 account, const char *rest, gint64 role, gint64 *owner,
               char **local, GError **error)
{
  const char *slash = strchr (rest, '/');
  g_autofree char *given = slash ? g_strndup (rest, (gsize)(slash - rest)) : g_strdup (rest);
  g_autofree char *address = g_ascii_strdown (given, -1);
  GError *failure = NULL;

  *owner = find_owner (database, address, role, &failure);
  if (failure) {
    g_propagate_error (error, failure);
    return FALSE;
  }
  if (*owner == 0 || *owner == account || (slash && slash[1] == '\0'))
    return refuse_unknown (error);
  *local = g_strdup (slash ? slash + 1 : "INBOX");
  return TRUE;
}

gboolean
place_locate (Database *database, gint64 account, const char *name, gint64 *owner, char **local,
              GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (spaces); i++) {
    gsize length = strlen (spaces[i].prefix);
    if (strncmp (name, spaces[i].prefix, length) == 0)
      return locate_shared (database, account, name + length, spaces[i].role, owner, local, error);
    if (strncmp (name, spaces[i].prefix, length - 1) == 0 && name[length - 1] == '\0')
      return refuse_unknown (error);
  }
  *owner = account;
  *local = mailbox_canonical_name (name);
  return TRUE;
}

/* Members of a role do all but give rights away. */
#define MEMBER_RIGHTS (RIGHTS_ALL & ~RIGHT_ADMINISTER)

/* Rows: what an identifier that stands for the account gives, or takes ("-" before it). */
static const char granted[]
    = "SELECT 0, ?3 FROM role_member WHERE role = ?1 AND account = ?2"
      " UNION ALL SELECT substr (g.identifier, 1, 1) = '-', g.rights FROM account a JOIN acl g"
      " ON g.identifier IN (a.address, 'anyone', '-' || a.address, '-anyone')"
      " WHERE a.id = ?2 AND g.mailbox = ?4";

gboolean
place_rights (Database *database, gint64 account, const Mailbox *mailbox, guint *rights,
              GError **error)
{
  guint given = 0, taken = 0;
  GError *failure = NULL;
  Statement *row;

  *rights = RIGHTS_ALL;
  if (mailbox->account == account)
    return TRUE;
  row = database_query (database, error, granted, "iiii", mailbox->account, account,
                        (gint64)MEMBER_RIGHTS, mailbox->id);
  if (!row)
    return FALSE;
  while (statement_next (row, &failure))
    *(statement_int (row, 0) ? &taken : &given) |= (guint)statement_int (row, 1);
  *rights = given & ~taken;
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

gboolean
place_require (guint rights, guint needed, GError **error)
{
  if ((rights & needed) == needed)
    return TRUE;
  if (!(rights & RIGHT_LOOKUP))
    return refuse_unknown (error);
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED,
                       "You have no right to do that with this mailbox");
  return FALSE;
}

Place *
place_find (Database *database, gint64 account, const char *name, guint needed, GError **error)
{
  g_autofree char *local = NULL;
  g_autoptr (Mailbox) mailbox = NULL;
  gint64 owner;
  guint rights;

  if (!place_locate (database, account, name, &owner, &local, error))
    return NULL;
  mailbox = mailbox_find (database, owner, local, error);
  if (!mailbox || !place_rights (database, account, mailbox, &rights, error)
      || !place_require (rights, needed, error))
    return NULL;
  if (owner == account)
    name = mailbox->name; /* INBOX as it is written */
  return place_new (name, g_steal_pointer (&mailbox), rights, owner == account);
}

/* Shared mailboxes that may be looked up: id, the owner's address, is it a role. */
static const char shared[]
    = "SELECT m.id, o.address, o.role FROM mailbox m JOIN account o ON o.id = m.account"
      " WHERE m.deleted IS NULL AND m.account <> ?1 AND instr (o.address, '/') = 0 AND m.id IN"
      " (SELECT b.id FROM role_member r JOIN mailbox b ON b.account = r.role WHERE r.account = ?1"
      " UNION SELECT g.mailbox FROM account a JOIN acl g ON g.identifier IN (a.address, 'anyone')"
      " WHERE a.id = ?1)";

static Place *
place_new_shared (Mailbox *mailbox, const char *address, gboolean role, guint rights)
{
  gboolean inbox = g_str_equal (mailbox->name, "INBOX");
  g_autofree char *name = g_strconcat (role ? PLACE_ROLES : PLACE_USERS, address,
                                       inbox ? NULL : "/", inbox ? NULL : mailbox->name, NULL);

  /* Another's \Sent would be a twin of one's own. */
  g_clear_pointer (&mailbox->special_use, g_free);
  mailbox->subscribed = FALSE;
  return place_new (name, mailbox, rights, FALSE);
}

static gboolean
add_shared (Database *database, gint64 account, GPtrArray *places, GError **error)
{
  GError *failure = NULL;
  Statement *row = database_query (database, error, shared, "i", account);

  if (!row)
    return FALSE;
  while (!failure && statement_next (row, &failure)) {
    g_autoptr (Mailbox) mailbox = mailbox_load (database, statement_int (row, 0), &failure);
    guint rights;
    if (mailbox && place_rights (database, account, mailbox, &rights, &failure)
        && rights & RIGHT_LOOKUP)
      g_ptr_array_add (places,
                       place_new_shared (g_steal_pointer (&mailbox), statement_text (row, 1),
                                         statement_int (row, 2) != 0, rights));
  }
  statement_done (row);
  if (failure)
    g_propagate_error (error, failure);
  return !failure;
}

/* A subscription to a shared mailbox is a name without a mailbox of the account's own. */
static void
settle_subscriptions (GPtrArray *places)
{
  g_autoptr (GHashTable) ghosts = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < places->len; i++) {
    Place *place = g_ptr_array_index (places, i);
    if (place->mailbox->id == 0)
      g_hash_table_insert (ghosts, place->name, place);
  }
  for (guint i = 0; i < places->len; i++) {
    Place *place = g_ptr_array_index (places, i);
    Place *ghost = place->own ? NULL : g_hash_table_lookup (ghosts, place->name);
    if (!ghost)
      continue;
    place->mailbox->subscribed = TRUE;
    g_hash_table_remove (ghosts, place->name);
    g_ptr_array_remove (places, ghost); /* it stands before: what follows moves up by one */
    i--;
  }
}

GPtrArray *
place_list (Database *database, gint64 account, GError **error)
{
  g_autoptr (GPtrArray) mailboxes = mailbox_list (database, account, error);
  g_autoptr (GPtrArray) places = NULL;

  if (!mailboxes)
    return NULL;
  places = g_ptr_array_new_with_free_func ((GDestroyNotify)place_free);
  g_ptr_array_set_free_func (mailboxes, NULL);
  for (guint i = 0; i < mailboxes->len; i++) {
    Mailbox *mailbox = g_ptr_array_index (mailboxes, i);
    g_ptr_array_add (places, place_new (mailbox->name, mailbox, RIGHTS_ALL, TRUE));
  }
  if (!add_shared (database, account, places, error))
    return NULL;
  settle_subscriptions (places);
  return g_steal_pointer (&places);
}

/* The nearest mailbox above LOCAL; above all lies the owner's INBOX, which stands for the whole.
 * NULL with ERROR. */
static Mailbox *
find_above (Database *database, gint64 owner, const char *local, GError **error)
{
  g_autofree char *parent = g_strdup (local);

  for (char *slash = strrchr (parent, '/'); slash; slash = strrchr (parent, '/')) {
    GError *failure = NULL;
    Mailbox *mailbox;
    *slash = '\0';
    mailbox = mailbox_find (database, owner, parent, &failure);
    if (mailbox)
      return mailbox;
    if (!g_error_matches (failure, STORE_ERROR, STORE_ERROR_NOT_FOUND)) {
      g_propagate_error (error, failure);
      return NULL;
    }
    g_error_free (failure);
  }
  return mailbox_find (database, owner, "INBOX", error);
}

/* FROM is the mailbox above. Not INBOX of one's own: what lies beside it is not below it. */
static gboolean
inherit (StoreTransaction *transaction, const Mailbox *from, gint64 account, gint64 mailbox,
         GError **error)
{
  if (from->account == account && g_str_equal (from->name, "INBOX"))
    return TRUE;
  return database_run (store_transaction_database (transaction), error,
                       "INSERT OR IGNORE INTO acl (mailbox, identifier, rights)"
                       " SELECT ?1, identifier, rights FROM acl WHERE mailbox = ?2",
                       "ii", mailbox, from->id);
}

/* May ACCOUNT make LOCAL of OWNER? Gives what lies above. */
static Mailbox *
require_create (Database *database, gint64 account, gint64 owner, const char *local, GError **error)
{
  g_autoptr (Mailbox) above = find_above (database, owner, local, error);
  guint rights;

  return above && place_rights (database, account, above, &rights, error)
          && place_require (rights, RIGHT_CREATE, error)
      ? g_steal_pointer (&above)
      : NULL;
}

gint64
place_create (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autofree char *local = NULL;
  g_autoptr (Mailbox) above = NULL;
  gint64 owner, mailbox;

  if (!place_locate (database, account, name, &owner, &local, error))
    return 0;
  above = require_create (database, account, owner, local, error);
  mailbox = above ? mailbox_create (transaction, owner, local, NULL, error) : 0;
  return mailbox && inherit (transaction, above, account, mailbox, error) ? mailbox : 0;
}

gboolean
place_rename (StoreTransaction *transaction, gint64 account, const char *from, const char *to,
              GError **error)
{
  Database *database = store_transaction_database (transaction);
  g_autoptr (Place) place = place_find (database, account, from, RIGHT_DELETE, error);
  g_autofree char *local = NULL;
  g_autoptr (Mailbox) above = NULL;
  gint64 owner;

  if (!place || !place_locate (database, account, to, &owner, &local, error))
    return FALSE;
  if (owner != place->mailbox->account
      || (!place->own && g_str_equal (place->mailbox->name, "INBOX"))) {
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID,
                         "A mailbox stays with the one it belongs to");
    return FALSE;
  }
  above = require_create (database, account, owner, local, error);
  return above && mailbox_rename (transaction, owner, place->mailbox->name, local, error);
}

gboolean
place_delete (StoreTransaction *transaction, gint64 account, const char *name, GError **error)
{
  g_autoptr (Place) place
      = place_find (store_transaction_database (transaction), account, name, RIGHT_DELETE, error);

  return place
      && mailbox_delete (transaction, place->mailbox->account, place->mailbox->name, error);
}
