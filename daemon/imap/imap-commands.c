/* The table of commands, and how a line becomes one of them. */
#include "imap/imap-commands.h"

#include "imap/imap-print.h"
#include "metrics.h"

#define ANY (IMAP_NOT_AUTHENTICATED | IMAP_AUTHENTICATED | IMAP_SELECTED)
#define KNOWN (IMAP_AUTHENTICATED | IMAP_SELECTED)

/* To add a command, add a line here and a file cmd-X.c. */
static const ImapCommand commands[] = {
  { "APPEND", KNOWN, 0, imap_cmd_append, "APPEND mailbox [(flags)] [\"date-time\"] {size}" },
  { "AUTHENTICATE", IMAP_NOT_AUTHENTICATED, 0, imap_cmd_authenticate,
    "AUTHENTICATE mechanism [initial-response]" },
  { "CAPABILITY", ANY, IMAP_BARE, imap_cmd_capability, "CAPABILITY" },
  { "CHECK", IMAP_SELECTED, IMAP_BARE | IMAP_NEWS, imap_cmd_noop, "CHECK" },
  { "CLOSE", IMAP_SELECTED, IMAP_BARE, imap_cmd_close, "CLOSE" },
  { "COMPRESS", KNOWN, 0, imap_cmd_compress, "COMPRESS DEFLATE" },
  { "COPY", IMAP_SELECTED, IMAP_UID_FORM, imap_cmd_copy, "COPY sequence-set mailbox" },
  { "CREATE", KNOWN, 0, imap_cmd_create, "CREATE mailbox [(USE (\\Use))]" },
  { "DELETE", KNOWN, 0, imap_cmd_delete, "DELETE mailbox" },
  { "DELETEACL", KNOWN, 0, imap_cmd_deleteacl, "DELETEACL mailbox identifier" },
  { "ENABLE", KNOWN, 0, imap_cmd_enable, "ENABLE extension ..." },
  { "EXAMINE", KNOWN, 0, imap_cmd_examine, "EXAMINE mailbox [(parameters)]" },
  { "EXPUNGE", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NEWS | IMAP_EXPUNGES, imap_cmd_expunge,
    "EXPUNGE, or UID EXPUNGE sequence-set" },
  { "FETCH", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NO_EXPUNGE, imap_cmd_fetch,
    "FETCH sequence-set items [(modifiers)]" },
  { "GETACL", KNOWN, 0, imap_cmd_getacl, "GETACL mailbox" },
  { "GETMETADATA", KNOWN, 0, imap_cmd_getmetadata,
    "GETMETADATA [(MAXSIZE size DEPTH depth)] mailbox entries" },
  { "GETQUOTA", KNOWN, 0, imap_cmd_getquota, "GETQUOTA root" },
  { "GETQUOTAROOT", KNOWN, 0, imap_cmd_getquotaroot, "GETQUOTAROOT mailbox" },
  { "ID", ANY, 0, imap_cmd_id, "ID NIL, or ID (\"field\" \"value\" ...)" },
  { "IDLE", KNOWN, IMAP_BARE, imap_cmd_idle, "IDLE" },
  { "LIST", KNOWN, 0, imap_cmd_list, "LIST [(options)] reference patterns [RETURN (options)]" },
  { "LISTRIGHTS", KNOWN, 0, imap_cmd_listrights, "LISTRIGHTS mailbox identifier" },
  { "LOGIN", IMAP_NOT_AUTHENTICATED, 0, imap_cmd_login, "LOGIN user password" },
  { "LOGOUT", ANY, IMAP_BARE, imap_cmd_logout, "LOGOUT" },
  { "LSUB", KNOWN, 0, imap_cmd_lsub, "LSUB reference pattern" },
  { "MOVE", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NEWS | IMAP_EXPUNGES, imap_cmd_move,
    "MOVE sequence-set mailbox" },
  { "MYRIGHTS", KNOWN, 0, imap_cmd_myrights, "MYRIGHTS mailbox" },
  { "NAMESPACE", KNOWN, IMAP_BARE, imap_cmd_namespace, "NAMESPACE" },
  { "NOOP", ANY, IMAP_BARE | IMAP_NEWS, imap_cmd_noop, "NOOP" },
  { "RENAME", KNOWN, 0, imap_cmd_rename, "RENAME mailbox new-name" },
  { "NOTIFY", KNOWN, IMAP_NEWS, imap_cmd_notify,
    "NOTIFY NONE, or NOTIFY SET [STATUS] (mailboxes events) ..." },
  { "REPLACE", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NEWS | IMAP_EXPUNGES, imap_cmd_replace,
    "REPLACE number mailbox [(flags)] [\"date-time\"] {size}" },
  { "SEARCH", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NO_EXPUNGE, imap_cmd_search,
    "SEARCH [RETURN (options)] [CHARSET charset] keys" },
  { "SELECT", KNOWN, 0, imap_cmd_select, "SELECT mailbox [(parameters)]" },
  { "SORT", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NO_EXPUNGE, imap_cmd_sort,
    "SORT [RETURN (options)] (criteria) charset keys" },
  { "SETACL", KNOWN, 0, imap_cmd_setacl, "SETACL mailbox identifier [+|-]rights" },
  { "SETMETADATA", KNOWN, 0, imap_cmd_setmetadata, "SETMETADATA mailbox (entry value ...)" },
  { "STARTTLS", IMAP_NOT_AUTHENTICATED, IMAP_BARE, imap_cmd_starttls, "STARTTLS" },
  { "STATUS", KNOWN, 0, imap_cmd_status, "STATUS mailbox (items)" },
  { "STORE", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NO_EXPUNGE, imap_cmd_store,
    "STORE sequence-set [(UNCHANGEDSINCE modseq)] [+|-]FLAGS[.SILENT] flags" },
  { "SUBSCRIBE", KNOWN, 0, imap_cmd_subscribe, "SUBSCRIBE mailbox" },
  { "THREAD", IMAP_SELECTED, IMAP_UID_FORM | IMAP_NO_EXPUNGE, imap_cmd_thread,
    "THREAD algorithm charset keys" },
  { "UIDBATCHES", IMAP_SELECTED, IMAP_NO_EXPUNGE, imap_cmd_uidbatches,
    "UIDBATCHES size [first:last]" },
  { "UNAUTHENTICATE", KNOWN, IMAP_BARE, imap_cmd_unauthenticate, "UNAUTHENTICATE" },
  { "UNSELECT", IMAP_SELECTED, IMAP_BARE, imap_cmd_unselect, "UNSELECT" },
  { "UNSUBSCRIBE", KNOWN, 0, imap_cmd_unsubscribe, "UNSUBSCRIBE mailbox" },
  { "XLIST", KNOWN, 0, imap_cmd_xlist, "XLIST reference pattern" },
};

static const struct {
  ImapState state;
  const char *name;
} states[] = {
  { IMAP_NOT_AUTHENTICATED, "before a login" },
  { IMAP_AUTHENTICATED, "while no mailbox is selected" },
  { IMAP_SELECTED, "while a mailbox is selected" },
};

const ImapCommand *
imap_command_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_ascii_strcasecmp (name, commands[i].name) == 0)
      return &commands[i];
  return NULL;
}

static const char *
state_name (ImapState state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (states[i].state == state)
      return states[i].name;
  return "now";
}

/* "$" names messages by their UIDs, whatever the command speaks (RFC 5182 §2.1). */
static GArray *
take_saved (ImapSession *self, ImapParser *arguments)
{
  if (!imap_parser_take (arguments, '$'))
    return NULL;
  return self->saved ? g_array_ref (self->saved) : g_array_new (FALSE, FALSE, sizeof (UidRange));
}

GArray *
imap_take_set (ImapSession *self, ImapParser *arguments, GArray **set)
{
  gboolean spaced = imap_parser_space (arguments);
  g_autoptr (GArray) saved = spaced ? take_saved (self, arguments) : NULL;
  g_autoptr (GArray) written = spaced && !saved ? imap_set_parse (arguments) : NULL;
  gboolean by_uid = self->running.by_uid || saved;
  GArray *runs;

  if (saved)
    written = g_steal_pointer (&saved);
  if (!written) {
    imap_session_refuse (self);
    return NULL;
  }
  runs = imap_sequence_select (self->selected->sequence, written, by_uid);
  if (!runs)
    imap_session_finish (self, IMAP_BAD, "There is no message with such a number");
  else
    *set = g_steal_pointer (&written);
  return runs;
}

GArray *
imap_take_runs (ImapSession *self, ImapParser *arguments)
{
  g_autoptr (GArray) set = NULL;

  return imap_take_set (self, arguments, &set);
}

/* A name that the server has in another form is told of later (RFC 9051 §6.3.9.7). */
static void
note_supplied (ImapSession *self, const char *wire, const char *name)
{
  if (imap_session_names_are_utf8 (self) && !g_str_is_ascii (wire) && !g_str_equal (wire, name)
      && !self->running.supplied)
    self->running.supplied = g_strdup (wire);
}

char *
imap_take_mailbox (ImapSession *self, ImapParser *arguments, gboolean last)
{
  g_autofree char *wire = imap_parser_space (arguments) ? imap_parser_astring (arguments) : NULL;
  g_autofree char *name = wire ? imap_mailbox_decode (wire, arguments->utf8) : NULL;

  if (!wire || (last && !imap_parser_at_end (arguments))) {
    imap_session_refuse (self);
    return NULL;
  }
  if (name)
    note_supplied (self, wire, name);
  else
    imap_session_finish (self, IMAP_NO, "[CANNOT] A mailbox cannot have that name");
  return g_steal_pointer (&name);
}

void
imap_tell_name (ImapSession *self, const char *attribute, const char *name, const char *old)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "* LIST (%s) \"/\" ", attribute);
  imap_print_mailbox (out, name, TRUE);
  if (old) {
    g_string_append (out, " (\"OLDNAME\" (");
    imap_print_mailbox (out, old, TRUE);
    g_string_append (out, "))");
  }
  g_string_append (out, "\r\n");
  channel_write (self->channel, out->str, out->len);
}

/* The command's name, with UID before it or not. */
static char *
take_name (ImapSession *self, ImapParser *parser)
{
  g_autofree char *name = imap_parser_atom (parser);

  if (!name || g_ascii_strcasecmp (name, "UID") != 0)
    return g_steal_pointer (&name);
  self->running.by_uid = TRUE;
  return imap_parser_space (parser) ? imap_parser_atom (parser) : NULL;
}

/* Sequence numbers are what UIDONLY is to do without (RFC 9586 §3); EXPUNGE has none. */
static gboolean
needs_numbers (const ImapSession *self, const ImapCommand *info)
{
  return self->enabled & IMAP_ENABLED_UIDONLY && info->flags & IMAP_UID_FORM
      && !self->running.by_uid && info->run != imap_cmd_expunge;
}

static void
dispatch (ImapSession *self, ImapParser *parser)
{
  g_autofree char *name = take_name (self, parser);
  const ImapCommand *info = name ? imap_command_find (name) : NULL;

  if (!info || (self->running.by_uid && !(info->flags & IMAP_UID_FORM))) {
    imap_session_finish (self, IMAP_BAD, "Unknown command");
    return;
  }
  self->running.info = info;
  if (!(info->states & self->state))
    imap_session_finish (self, IMAP_BAD, "%s cannot come %s", info->name, state_name (self->state));
  else if (needs_numbers (self, info))
    imap_session_finish (self, IMAP_BAD, "[UIDREQUIRED] Only UIDs are in use");
  else if (info->flags & IMAP_BARE && !imap_parser_at_end (parser))
    imap_session_refuse (self);
  else
    info->run (self, parser);
}

void
imap_session_run (ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapParser parser = imap_session_parser (self, bytes, length);

  metric_add (METRIC_IMAP_COMMANDS, 1);
  self->running = (ImapRunning) { .tag = imap_parser_tag (&parser) };
  if (!self->running.tag || !imap_parser_space (&parser)) {
    g_free (self->running.tag);
    self->running.tag = g_strdup ("*");
    imap_session_finish (self, IMAP_BAD, "A command begins with a tag and a space");
    return;
  }
  dispatch (self, &parser);
}
