/* LIST and LSUB (RFC 3501 §6.3.8, §6.3.9), with special-use attributes (RFC 6154). */
#include "imap/imap-commands.h"

#include <string.h>

#include "imap/imap-list.h"
#include "mail/encoding.h"

#define PATTERN_MAX 1000 /* bytes; matching costs the product of the lengths */

typedef void (*PrintFunc) (GString *out, const GPtrArray *mailboxes, const char *pattern);

typedef struct {
  gint64 account;
  char *pattern;
  PrintFunc print;
  GString *out;
} Listing;

static void
listing_free (gpointer data)
{
  Listing *self = data;

  g_free (self->pattern);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static gboolean
read_list (StoreSnapshot *snapshot, gpointer data, GError **error)
{
  Listing *self = data;
  g_autoptr (GPtrArray) mailboxes
      = mailbox_list (store_snapshot_database (snapshot), self->account, error);

  if (!mailboxes)
    return FALSE;
  self->print (self->out, mailboxes, self->pattern);
  return TRUE;
}

static void
did_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ImapSession) self = data;
  Listing *listing = store_job_data (result);
  g_autoptr (GError) error = NULL;
  gboolean read = store_read_finish (self->service->store, result, &error);

  if (!imap_session_goes_on (self, read, error))
    return;
  channel_write (self->channel, listing->out->str, listing->out->len);
  imap_session_finish (self, IMAP_OK, "Listed");
}

/* Wildcards are no letters of modified UTF-7, so the whole pattern decodes as a name does. */
static char *
decode_pattern (const char *reference, const char *pattern)
{
  g_autofree char *wire = g_strconcat (reference, pattern, NULL);
  char *decoded = strlen (wire) <= PATTERN_MAX ? utf7_decode (wire) : NULL;

  if (decoded && g_ascii_strncasecmp (decoded, "INBOX", 5) == 0)
    memcpy (decoded, "INBOX", 5);
  return decoded;
}

static void
list (ImapSession *self, ImapParser *arguments, const char *word, PrintFunc print)
{
  g_autofree char *reference
      = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;
  g_autofree char *pattern = NULL;
  Listing *listing;

  if (reference && imap_parser_space (arguments))
    pattern = imap_parser_list_mailbox (arguments);
  if (!pattern || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  /* The empty pattern asks for the delimiter. */
  if (*pattern == '\0') {
    channel_print (self->channel, "* %s (\\Noselect) \"/\" \"\"\r\n", word);
    imap_session_finish (self, IMAP_OK, "Listed");
    return;
  }
  listing = g_new0 (Listing, 1);
  listing->account = self->account;
  listing->pattern = decode_pattern (reference, pattern);
  listing->print = print;
  listing->out = g_string_new (NULL);
  if (!listing->pattern) {
    listing_free (listing);
    imap_session_finish (self, IMAP_OK, "No mailbox can have such a name");
    return;
  }
  store_read_async (self->service->store, read_list, listing, listing_free, NULL, did_read,
                    imap_session_ref (self));
}

void
imap_cmd_list (ImapSession *self, ImapParser *arguments)
{
  list (self, arguments, "LIST", imap_list_print);
}

void
imap_cmd_lsub (ImapSession *self, ImapParser *arguments)
{
  list (self, arguments, "LSUB", imap_list_print_subscribed);
}
