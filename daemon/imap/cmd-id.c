/* ID (RFC 2971): who the client is goes to the log, who we are to the client. */
#include "imap/imap-commands.h"

#include <string.h>

#include "imap/imap-print.h"
#include "log.h"

#define FIELDS_MAX 30 /* RFC 2971 §3.3 */
#define LOGGED_MAX 200

typedef struct {
  guint fields;
  GString *text; /* for the log */
} Client;

static gboolean
take_field (ImapParser *parser, gpointer data)
{
  Client *client = data;
  g_autofree char *name = imap_parser_string (parser);
  g_autofree char *value = NULL;

  if (!name || ++client->fields > FIELDS_MAX || !imap_parser_space (parser)
      || !imap_parser_nstring (parser, &value))
    return FALSE;
  if (value && client->text->len + strlen (name) + strlen (value) < LOGGED_MAX)
    g_string_append_printf (client->text, "%s%s=%s", client->text->len ? " " : "", name, value);
  return TRUE;
}

void
imap_cmd_id (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GString) text = g_string_new (NULL);
  Client client = { 0, text };

  if (!imap_parser_space (arguments)
      || (!imap_parser_word (arguments, "NIL")
          && !imap_parser_list (arguments, take_field, &client))
      || !imap_parser_at_end (arguments)) {
    imap_session_refuse (self);
    return;
  }
  if (text->len > 0) {
    channel_set_client (self->channel, text->str);
    log_event (LOG_DEBUG, "IMAP client", "session", channel_id (self->channel), "user", self->user,
               "client", text->str, NULL);
  }
  /* No version: strangers need not know it. */
  channel_print (self->channel, "* ID (\"name\" \"Hauspost\")\r\n");
  imap_session_finish (self, IMAP_OK, "Done");
}
