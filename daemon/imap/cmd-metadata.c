/* GETMETADATA and SETMETADATA (RFC 5464). The mailbox "" is the server. */
#include "imap/imap-commands.h"

#include <string.h>

#include "accounts/metadata.h"
#include "imap/imap-metadata.h"
#include "imap/imap-print.h"

/* What the server says of itself, and nobody changes: how to reach who runs it. */
#define ADMIN "/shared/admin"
/* Bytes of one answer, where entries are asked for several times over. */
#define ANSWER_MAX (2 * METADATA_TOTAL_MAX)

typedef struct {
  gint64 account;
  guint64 origin; /* of notes */
  char *user;
  char *name; /* of the mailbox; "": the server */
  gboolean utf8;
  ImapMetadata *wanted;
  GString *out;
  gsize found; /* bytes of OUT before any entry */
  const char *missing; /* the entry that is looked for and not there yet, or NULL */
  guint64 longest; /* value that was left out */
  gboolean too_much; /* the answer would be */
  MetadataOutcome outcome;
} Asking;

static void
asking_free (gpointer data)
{
  Asking *self = data;

  g_free (self->user);
  g_free (self->name);
  imap_metadata_free (self->wanted);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static gboolean
is_server (const Asking *self)
{
  return *self->name == '\0';
}

/* FALSE with ERROR when it may not be. */
static gboolean
find_target (const Asking *self, Database *database, gint64 *mailbox, GError **error)
{
  g_autoptr (Place) place = NULL;

  *mailbox = METADATA_SERVER;
  if (is_server (self))
    return TRUE;
  place = place_find (database, self->account, self->name, 0, error);
  if (!place || !metadata_require (place->rights, error))
    return FALSE;
  *mailbox = place->mailbox->id;
  return TRUE;
}

static gboolean
print_entry (const char *name, const guint8 *value, gsize length, gpointer data, GError **error)
{
  Asking *self = data;

  if (self->missing && g_str_equal (self->missing, name))
    self->missing = NULL;
  if (self->out->len > ANSWER_MAX) {
    self->too_much = TRUE;
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_INVALID, "The answer is too long");
    return FALSE;
  }
  if (self->wanted->has_most && length > self->wanted->most)
    self->longest = MAX (self->longest, length);
  else
    imap_metadata_print (self->out, name, value, length);
  return TRUE;
}

static gboolean
print_admin (Asking *self, const char *entry, guint depth, GError **error)
{
  const char *at = strrchr (self->user, '@');
  g_autofree char *value = g_strconcat ("mailto:postmaster", at ? at : "", NULL);

  if (!is_server (self)
      || !(g_str_equal (entry, ADMIN) || (depth > 0 && g_str_equal (entry, "/shared"))))
    return TRUE;
  return print_entry (ADMIN, (const guint8 *)value, strlen (value), self, error);
}

/* An entry that was asked for and is not there is NIL; of those below it nothing is said. */
static gboolean
read_entries (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_snapshot_database (snapshot);
  guint depth = self->wanted->depth;
  gint64 mailbox;

  if (!find_target (self, database, &mailbox, error))
    return FALSE;
  g_string_append (self->out, "* METADATA ");
  imap_print_mailbox (self->out, self->name, self->utf8);
  g_string_append (self->out, " (");
  self->found = self->out->len;
  for (guint i = 0; i < self->wanted->entries->len; i++) {
    const ImapAnnotation *entry = g_ptr_array_index (self->wanted->entries, i);
    self->missing = depth == 0 ? entry->name : NULL;
    if (!print_admin (self, entry->name, depth, error)
        || !metadata_each (database, mailbox, self->account, entry->name, depth, print_entry, self,
                           error))
      return FALSE;
    if (self->missing)
      imap_metadata_print (self->out, self->missing, NULL, 0);
  }
  return TRUE;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  Asking *asking = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (self->service->store, result, &error);

  if (asking->too_much && self->open) {
    imap_session_finish (self, IMAP_NO, "[LIMIT] Ask for fewer entries at once");
    return;
  }
  if (!imap_session_goes_on (self, read, error))
    return;
  if (asking->out->len > asking->found) {
    g_string_append (asking->out, ")\r\n");
    channel_write (self->channel, asking->out->str, asking->out->len);
  }
  if (asking->longest > 0)
    imap_session_finish (self, IMAP_OK, "[METADATA LONGENTRIES %" G_GUINT64_FORMAT "] Done",
                         asking->longest);
  else
    imap_session_finish (self, IMAP_OK, "Done");
}

static Asking *
asking_new (ImapSession *session)
{
  Asking *self = g_new0 (Asking, 1);

  self->account = session->account;
  self->origin = session->number;
  self->user = g_strdup (session->user);
  self->utf8 = imap_session_names_are_utf8 (session);
  self->wanted = imap_metadata_new ();
  self->out = g_string_new (NULL);
  return self;
}

/* The syntax has the options before the mailbox, the examples behind it (RFC 5464 §4.2, §5). */
static gboolean
take_options (ImapParser *arguments, ImapMetadata *wanted)
{
  ImapParser ahead = *arguments;

  if (!imap_parser_space (&ahead) || !imap_metadata_options (&ahead, wanted))
    return FALSE;
  *arguments = ahead;
  return TRUE;
}

void
imap_cmd_getmetadata (ImapSession *self, ImapParser *arguments)
{
  Asking *asking = asking_new (self);
  gboolean first = take_options (arguments, asking->wanted);

  asking->name = imap_take_mailbox (self, arguments, FALSE);
  if (!asking->name) {
    asking_free (asking);
    return;
  }
  if (!first)
    (void)take_options (arguments, asking->wanted);
  if (!imap_parser_space (arguments) || !imap_metadata_entries (arguments, asking->wanted)
      || !imap_parser_at_end (arguments)) {
    asking_free (asking);
    imap_session_refuse (self);
    return;
  }
  store_read_async (self->service->store, read_entries, asking, asking_free, NULL, did_read,
                    imap_session_ref (self));
}

/* What all see of the server is the administrators' to say. */
static gboolean
may_write (const Asking *self, Database *database, const char *name, GError **error)
{
  g_autoptr (Account) account = NULL;

  if (!is_server (self) || metadata_is_private (name))
    return TRUE;
  account = account_find (database, self->user, error);
  if (!account)
    return FALSE;
  if (account->administrator && !g_str_equal (name, ADMIN))
    return TRUE;
  g_set_error_literal (error, STORE_ERROR, STORE_ERROR_DENIED, "That is not yours to change");
  return FALSE;
}

static gboolean
write_entries (StoreTransaction *transaction, gpointer data, GError **error)
{
  Asking *self = data;
  Database *database = store_transaction_database (transaction);
  gint64 mailbox;

  if (!find_target (self, database, &mailbox, error))
    return FALSE;
  store_transaction_sign (transaction, self->origin);
  for (guint i = 0; i < self->wanted->entries->len; i++) {
    const ImapAnnotation *entry = g_ptr_array_index (self->wanted->entries, i);
    if (!may_write (self, database, entry->name, error)
        || !metadata_put (transaction, mailbox, self->account, entry->name, entry->value,
                          &self->outcome, error))
      return FALSE;
    if (self->outcome == METADATA_DONE)
      continue;
    g_set_error_literal (error, STORE_ERROR, STORE_ERROR_QUOTA, "There are too many annotations");
    return FALSE;
  }
  return TRUE;
}

static void
did_write (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  const Asking *asking = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean written = store_write_finish (self->service->store, result, &error);

  if (!self->open)
    return;
  if (written)
    imap_session_finish (self, IMAP_OK, "Done");
  else if (asking->outcome == METADATA_TOO_BIG)
    imap_session_finish (self, IMAP_NO, "[METADATA MAXSIZE %u] The value is too long",
                         METADATA_VALUE_MAX);
  else if (asking->outcome == METADATA_TOO_MANY)
    imap_session_finish (self, IMAP_NO, "[METADATA TOOMANY] There are too many annotations");
  else
    imap_session_fail (self, error);
}

void
imap_cmd_setmetadata (ImapSession *self, ImapParser *arguments)
{
  Asking *asking = asking_new (self);

  asking->name = imap_take_mailbox (self, arguments, FALSE);
  if (!asking->name) {
    asking_free (asking);
    return;
  }
  if (!imap_parser_space (arguments) || !imap_metadata_values (arguments, asking->wanted)
      || !imap_parser_at_end (arguments)) {
    asking_free (asking);
    imap_session_refuse (self);
    return;
  }
  store_write_async (self->service->store, write_entries, asking, asking_free, NULL, did_write,
                     imap_session_ref (self));
}
