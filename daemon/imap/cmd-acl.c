/* SETACL, DELETEACL, GETACL, LISTRIGHTS and MYRIGHTS (RFC 4314 §3). */
#include "imap/imap-commands.h"

#include "accounts/acl.h"
#include "accounts/saslprep.h"
#include "imap/imap-print.h"

typedef struct {
  gint64 account;
  char *name, *identifier;
  char *given; /* the identifier as the client wrote it */
  gboolean utf8; /* names */
  AclChange change;
  guint rights;
  GString *out;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->name);
  g_free (self->identifier);
  g_free (self->given);
  g_string_free (self->out, TRUE);
  g_free (self);
}

/* NAME is given away. */
static Asking *
asking_new (ImapSession *session, char *name)
{
  Asking *self = g_new0 (Asking, 1);

  self->account = session->account;
  self->utf8 = imap_session_names_are_utf8 (session);
  self->name = name;
  self->out = g_string_new (NULL);
  return self;
}

static void
print_head (Asking *self, const char *word)
{
  g_string_append_printf (self->out, "* %s ", word);
  imap_print_mailbox (self->out, self->name, self->utf8);
}

static void
print_rights (GString *out, guint rights)
{
  g_autofree char *text = rights_print (rights);

  g_string_append_c (out, ' ');
  if (*text)
    g_string_append (out, text);
  else
    g_string_append (out, "\"\"");
}

static gboolean
read_acl (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place
      = place_find (database, self->account, self->name, RIGHT_ADMINISTER, error);
  g_autoptr (GPtrArray) entries = place ? acl_list (database, place->mailbox, error) : NULL;

  if (!entries)
    return FALSE;
  print_head (self, "ACL");
  for (guint i = 0; i < entries->len; i++) {
    const AclEntry *entry = g_ptr_array_index (entries, i);
    g_string_append_c (self->out, ' ');
    imap_print_string (self->out, entry->identifier);
    print_rights (self->out, entry->rights);
  }
  g_string_append (self->out, "\r\n");
  return TRUE;
}

/* The owner has all and keeps all; nobody else has anything by nature, and each right can be given
 * by itself (RFC 4314 §3.7). */
static gboolean
read_possible (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  g_autoptr (Place) place
      = place_find (database, self->account, self->name, RIGHT_ADMINISTER, error);
  g_autoptr (GPtrArray) entries = place ? acl_list (database, place->mailbox, error) : NULL;

  if (!entries)
    return FALSE;
  print_head (self, "LISTRIGHTS");
  g_string_append_c (self->out, ' ');
  imap_print_string (self->out, self->given); /* the same form (RFC 4314 §3.4) */
  if (g_str_equal (((AclEntry *)entries->pdata[0])->identifier, self->identifier))
    print_rights (self->out, RIGHTS_ALL);
  else
    g_string_append (self->out, " \"\" l r s w i p k x t e a c d");
  g_string_append (self->out, "\r\n");
  return TRUE;
}

static gboolean
read_mine (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  g_autoptr (Place) place
      = place_find (store_snapshot_database (snapshot), self->account, self->name, 0, error);
  const guint enough
      = RIGHT_LOOKUP | RIGHT_READ | RIGHT_INSERT | RIGHT_CREATE | RIGHT_DELETE | RIGHT_ADMINISTER;

  /* RFC 4314 §4: any of these lets one ask. */
  if (!place || (!(place->rights & enough) && !place_require (0, RIGHT_LOOKUP, error)))
    return FALSE;
  print_head (self, "MYRIGHTS");
  print_rights (self->out, place->rights);
  g_string_append (self->out, "\r\n");
  return TRUE;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  Asking *asking = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (self->service->store, result, &error);

  if (!imap_session_goes_on (self, read, error))
    return;
  channel_write (self->channel, asking->out->str, asking->out->len);
  imap_session_finish (self, IMAP_OK, "Done");
}

static void
read_async (ImapSession *self, StoreReadFunc read, Asking *asking)
{
  store_read_async (self->service->store, read, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}

static gboolean
write_change (StoreTransaction *transaction, gpointer data, GError **error)
{
  Asking *self = data;
  g_autoptr (Place) place = place_find (store_transaction_database (transaction), self->account,
                                        self->name, RIGHT_ADMINISTER, error);

  return place
      && acl_change (transaction, place->mailbox, self->identifier, self->change, self->rights,
                     error);
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->service->store, result, &error);

  if (imap_session_goes_on (self, written, error))
    imap_session_finish (self, IMAP_OK, "Done");
}

static void
write_async (ImapSession *self, Asking *asking)
{
  store_write_async (self->service->store, write_change, asking, asking_free, NULL, did_write,
                     imap_session_ref (self));
}

/* SP identifier: both forms of it. What SASLprep refuses is BAD (RFC 4314 §3), unless it is a name
 * to sign on with all the same, as some that are written from right to left. FALSE: answered. */
static gboolean
take_identifier (ImapSession *self, ImapParser *arguments, Asking *asking)
{
  g_autofree char *prepared = NULL;

  asking->given = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;
  if (asking->given) {
    prepared = saslprep (asking->given);
    asking->identifier = acl_normalize (prepared ? prepared : asking->given);
  }
  if (asking->identifier)
    return TRUE;
  if (prepared)
    imap_session_finish (self, IMAP_NO, "[CANNOT] An identifier is a user's address or anyone");
  else
    imap_session_refuse (self);
  return FALSE;
}

/* Mailbox and identifier; NULL: answered. */
static Asking *
take_asking (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, FALSE);
  Asking *asking = name ? asking_new (self, name) : NULL;

  if (!asking || take_identifier (self, arguments, asking))
    return asking;
  asking_free (asking);
  return NULL;
}

/* SP ["+" / "-"] rights. An unknown right is BAD (RFC 4314 §3.1). */
static gboolean
take_rights (ImapParser *arguments, Asking *asking)
{
  g_autofree char *text = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;

  if (!text || !imap_parser_at_end (arguments))
    return FALSE;
  asking->change = *text == '+' ? ACL_ADD : *text == '-' ? ACL_REMOVE : ACL_REPLACE;
  return rights_parse (text + (asking->change != ACL_REPLACE), &asking->rights);
}

void
imap_cmd_setacl (ImapSession *self, ImapParser *arguments)
{
  Asking *asking = take_asking (self, arguments);

  if (!asking)
    return;
  if (take_rights (arguments, asking)) {
    write_async (self, asking);
  } else {
    asking_free (asking);
    imap_session_refuse (self);
  }
}

void
imap_cmd_deleteacl (ImapSession *self, ImapParser *arguments)
{
  Asking *asking = take_asking (self, arguments);

  if (!asking)
    return;
  if (imap_parser_at_end (arguments)) {
    asking->change = ACL_REPLACE;
    write_async (self, asking);
  } else {
    asking_free (asking);
    imap_session_refuse (self);
  }
}

void
imap_cmd_listrights (ImapSession *self, ImapParser *arguments)
{
  Asking *asking = take_asking (self, arguments);

  if (!asking)
    return;
  if (imap_parser_at_end (arguments)) {
    read_async (self, read_possible, asking);
  } else {
    asking_free (asking);
    imap_session_refuse (self);
  }
}

void
imap_cmd_getacl (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    read_async (self, read_acl, asking_new (self, name));
}

void
imap_cmd_myrights (ImapSession *self, ImapParser *arguments)
{
  char *name = imap_take_mailbox (self, arguments, TRUE);

  if (name)
    read_async (self, read_mine, asking_new (self, name));
}
