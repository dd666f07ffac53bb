/* APPEND and REPLACE while they run. */
#include "imap/imap-append.h"

#include <stdarg.h>

#include "accounts/rights.h"
#include "imap/imap-commands.h"
#include "mail/date.h"
#include "settings.h"

/* A client that does not wait for "+" (RFC 7888) sends a refused message all the same: it is read
 * and dropped, up to this. */
#define DROP_MAX (G_GUINT64_CONSTANT (256) * 1024 * 1024)

/* Of one command (RFC 3502). Messages up to 1 MiB wait in memory for the last one. */
#define MESSAGES_MAX 1000
#define SMALL (1024 * 1024)
#define SMALL_MAX (64 * 1024 * 1024)

#define LITERALS_MAX (64 * 1024) /* mailbox names and URLs, in one piece */

static void
message_free (gpointer data)
{
  ImapAppendMessage *self = data;

  imap_flags_change_free (self->flags);
  g_clear_pointer (&self->spool, spool_free);
  g_clear_pointer (&self->prepared, prepared_message_unref);
  g_free (self);
}

void
imap_append_free (ImapAppend *self)
{
  imap_append_syntax_clear (&self->syntax);
  g_clear_pointer (&self->input, imap_input_free);
  g_ptr_array_unref (self->steps);
  g_ptr_array_unref (self->messages);
  g_free (self->mailbox);
  g_free (self->refusal);
  g_free (self);
}

void
imap_append_finish (ImapSession *self, ImapResult result, const char *text)
{
  g_autofree char *kept = g_strdup (text); /* it may be the refusal */

  if (result == IMAP_NO && self->append->refusal && self->append->is_wrong)
    result = IMAP_BAD;
  g_clear_pointer (&self->append, imap_append_free);
  imap_session_expect (self, NULL);
  imap_session_finish (self, result, "%s", kept);
}

void
imap_append_refuse (ImapSession *self, const char *format, ...)
{
  va_list arguments;

  if (self->append->refusal)
    return;
  va_start (arguments, format);
  self->append->refusal = g_strdup_vprintf (format, arguments);
  va_end (arguments);
}

ImapAppendMessage *
imap_append_message (ImapSession *self)
{
  GPtrArray *messages = self->append->messages;

  return g_ptr_array_index (messages, messages->len - 1);
}

/* The header ends with an empty line. */
static void
look_at_header (ImapAppendMessage *message, const guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length && !message->past_header; i++) {
    if (bytes[i] == '\n') {
      message->past_header = message->ends_line;
      message->ends_line = TRUE;
    } else if (bytes[i] != '\r') {
      message->is_raw |= bytes[i] >= 0x80;
      message->ends_line = FALSE;
    }
  }
}

void
imap_append_bytes (ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapAppendMessage *message = imap_append_message (self);

  look_at_header (message, bytes, length);
  spool_append (message->spool, bytes, length);
}

/* RFC 9755 §4. Whose program has no use for the extension may go on as before it. */
static gboolean
takes_raw_headers (const ImapSession *self)
{
  return imap_session_names_are_utf8 (self) || imap_session_hides (self, "UTF8=ACCEPT");
}

gboolean
imap_append_has_room (ImapSession *self, guint64 length)
{
  ImapAppend *append = self->append;
  ImapAppendMessage *message = imap_append_message (self);
  guint64 most = (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE);

  if (length > most || message->length + length > most)
    imap_append_refuse (self, "[TOOBIG] The message is too big");
  else if (length > append->room)
    imap_append_refuse (self, "[OVERQUOTA] The mailbox is full");
  else if (!store_takes_mail (self->service->store))
    imap_append_refuse (self, "[OVERQUOTA] The server's disk is full");
  if (append->refusal)
    return FALSE;
  append->room -= length;
  message->length += length;
  return TRUE;
}

static void
begin_message (ImapSession *self, ImapAppendStep *step)
{
  GPtrArray *messages = self->append->messages;
  ImapAppendMessage *message = g_new0 (ImapAppendMessage, 1);

  message->flags = g_steal_pointer (&step->flags);
  message->date = step->has_date ? step->date : g_get_real_time () / G_USEC_PER_SEC;
  message->zone = step->has_date ? step->zone : date_local_zone (message->date);
  message->ends_line = TRUE;
  message->spool = spool_new (self->channel, store_temporary_folder (self->service->store));
  if (self->append->refusal) /* the ones before will not be needed */
    g_ptr_array_set_size (messages, 0);
  g_ptr_array_add (messages, message);
  if (messages->len > MESSAGES_MAX)
    imap_append_refuse (self, "[LIMIT] Too many messages in one command");
}

/* FALSE: it goes on later. */
static gboolean
end_message (ImapSession *self)
{
  ImapAppendMessage *message = imap_append_message (self);

  if (message->length == 0) /* RFC 3502: also the way to cancel */
    imap_append_refuse (self, "[CANNOT] The message is empty");
  if (message->is_raw && !takes_raw_headers (self))
    imap_append_refuse (self, "[CANNOT] A header that is not ASCII needs ENABLE UTF8=ACCEPT");
  if (message->length <= SMALL)
    self->append->small += message->length;
  if (self->append->small > SMALL_MAX)
    imap_append_refuse (self, "[LIMIT] Too many messages in one command");
  if (self->append->refusal)
    return TRUE;
  imap_append_prepare (self);
  return FALSE;
}

static void read_piece (ImapSession *self, ImapParser *parser);

/* What follows the literal: another message, another part, or the end. */
static gsize
expect_piece (ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapAppend *append = self->append;
  ImapInputEvent event;
  gsize taken = imap_input_feed (append->input, bytes, length, LITERALS_MAX, &event);
  gsize text_length;
  const guint8 *text;
  ImapParser parser;

  switch (event) {
  case IMAP_INPUT_MORE:
    break;
  case IMAP_INPUT_CONTINUE:
    channel_print (self->channel, "+ Go ahead\r\n");
    break;
  case IMAP_INPUT_COMMAND:
  case IMAP_INPUT_MESSAGE:
    imap_session_pause (self);
    text = imap_input_text (append->input, &text_length);
    parser = imap_session_parser (self, text, text_length);
    append->literal = imap_input_literal (append->input);
    read_piece (self, &parser);
    break;
  case IMAP_INPUT_REFUSED:
    imap_session_pause (self);
    imap_append_finish (self, IMAP_BAD, "[TOOBIG] Literal too long");
    break;
  case IMAP_INPUT_OVERFLOW:
    imap_session_bye (self, "Command too long");
    break;
  }
  return taken;
}

static gsize
expect_message (ImapSession *self, const guint8 *bytes, gsize length)
{
  ImapAppend *append = self->append;
  gsize taken = (gsize)MIN (append->left, length);

  if (!append->refusal)
    imap_append_bytes (self, bytes, taken);
  append->left -= taken;
  if (append->left > 0)
    return taken;
  g_clear_pointer (&append->input, imap_input_free);
  append->input = imap_input_new_piece (&append->syntax);
  imap_session_expect (self, expect_piece);
  return taken;
}

static void
begin_literal (ImapSession *self, const ImapAppendStep *step)
{
  ImapAppend *append = self->append;

  if (append->literal.length == 0 && !step->is_part)
    imap_append_refuse (self, "[CANNOT] The message is empty");
  if (!append->refusal)
    (void)imap_append_has_room (self, append->literal.length);
  if (append->refusal && append->literal.synchronizing) {
    imap_append_finish (self, IMAP_NO, append->refusal);
    return;
  }
  if (append->refusal && append->literal.length > DROP_MAX) {
    imap_session_bye (self, "[TOOBIG] The message is far too big");
    return;
  }
  if (append->literal.synchronizing)
    channel_print (self->channel, "+ Go ahead\r\n");
  append->left = append->literal.length;
  imap_session_expect (self, expect_message);
  if (append->left == 0)
    (void)expect_message (self, NULL, 0);
  imap_session_resume (self);
}

/* FALSE: it goes on later. */
static gboolean
take_step (ImapSession *self, ImapAppendStep *step)
{
  switch (step->kind) {
  case IMAP_STEP_MESSAGE:
    begin_message (self, step);
    return TRUE;
  case IMAP_STEP_URL:
    if (self->append->refusal)
      return TRUE;
    imap_append_copy (self, step->url);
    return FALSE;
  case IMAP_STEP_LITERAL:
    begin_literal (self, step);
    return FALSE;
  case IMAP_STEP_MESSAGE_END:
    return end_message (self);
  }
  return TRUE;
}

void
imap_append_go_on (ImapSession *self)
{
  ImapAppend *append = self->append;

  if (!append->asked) {
    append->asked = TRUE;
    imap_append_ask (self);
    return;
  }
  while (append->step < append->steps->len)
    if (!take_step (self, g_ptr_array_index (append->steps, append->step++)))
      return;
  if (append->refusal)
    imap_append_finish (self, IMAP_NO, append->refusal);
  else
    imap_append_save (self);
}

/* The name as the session's client writes names; and whom REPLACE replaces. */
static void
take_arguments (ImapSession *self)
{
  ImapAppend *append = self->append;
  const ImapAppendSyntax *syntax = &append->syntax;

  append->mailbox = imap_mailbox_decode (syntax->mailbox, imap_session_names_are_utf8 (self));
  if (!append->mailbox)
    imap_append_refuse (self, "[CANNOT] A mailbox cannot have that name");
  if (!syntax->replace)
    return;
  /* The literal has come past the table of commands. */
  append->is_wrong = (self->enabled & IMAP_ENABLED_UIDONLY) != 0 && !syntax->by_uid;
  if (append->is_wrong)
    imap_append_refuse (self, "[UIDREQUIRED] Only UIDs are in use");
  else if (self->selected->read_only)
    imap_append_refuse (self, "[READ-ONLY] The mailbox was opened with EXAMINE");
  else if ((self->selected->rights & (RIGHT_MARK | RIGHT_EXPUNGE)) != (RIGHT_MARK | RIGHT_EXPUNGE))
    imap_append_refuse (self, "[NOPERM] You may not remove messages here"); /* RFC 8508 §4.1 */
  if (syntax->target == G_MAXUINT32)
    append->replaced = imap_sequence_last_uid (self->selected->sequence);
  else if (!syntax->by_uid)
    append->replaced = imap_sequence_uid (self->selected->sequence, syntax->target);
  else if (imap_sequence_number (self->selected->sequence, syntax->target) > 0)
    append->replaced = syntax->target;
  if (append->replaced == 0)
    imap_append_refuse (self, "There is no such message to replace");
}

static void
read_piece (ImapSession *self, ImapParser *parser)
{
  ImapAppend *append = self->append;
  gboolean first = append->syntax.state == IMAP_APPEND_ARGUMENTS;

  g_ptr_array_set_size (append->steps, 0);
  append->step = 0;
  if (!imap_append_read (&append->syntax, parser, append->steps)) {
    g_clear_pointer (&self->append, imap_append_free);
    imap_session_expect (self, NULL);
    imap_session_refuse (self);
    return;
  }
  if (first)
    take_arguments (self);
  imap_append_go_on (self);
}

static void
append_new (ImapSession *self, const ImapAppendSyntax *syntax)
{
  self->append = g_new0 (ImapAppend, 1);
  self->append->syntax = *syntax;
  self->append->steps = g_ptr_array_new_with_free_func (imap_append_step_free);
  self->append->messages = g_ptr_array_new_with_free_func (message_free);
}

/* The state in which the command may come. FALSE: it may not; answered. */
static gboolean
is_in_order (ImapSession *self)
{
  if (self->running.info->states & self->state)
    return TRUE;
  if (self->append->literal.synchronizing)
    imap_append_finish (self, self->state == IMAP_NOT_AUTHENTICATED ? IMAP_NO : IMAP_BAD,
                        self->state == IMAP_NOT_AUTHENTICATED ? "Log in first"
                                                              : "Select a mailbox first");
  else if (self->state == IMAP_NOT_AUTHENTICATED) /* a stranger's megabytes are not even dropped */
    imap_session_bye (self, "Log in first");
  else
    imap_session_bye (self, "Select a mailbox first");
  return FALSE;
}

/* The command's text up to the literal; the input stage has seen that it reads well. */
void
imap_append_begin (ImapSession *self)
{
  g_autoptr (ImapInput) input = g_steal_pointer (&self->input);
  ImapAppendSyntax syntax;
  gsize length;
  const guint8 *text = imap_input_text (input, &length);
  ImapParser parser = imap_session_parser (self, text, length), tag = parser;

  imap_session_pause (self);
  (void)imap_append_read_command (&parser, &syntax);
  self->running = (ImapRunning) {
    .tag = imap_parser_tag (&tag),
    .info = imap_command_find (syntax.replace ? "REPLACE" : "APPEND"),
    .by_uid = syntax.by_uid,
  };
  append_new (self, &syntax);
  self->append->literal = imap_input_literal (input);
  if (is_in_order (self))
    read_piece (self, &parser);
}

void
imap_append_run (ImapSession *self, ImapParser *arguments, gboolean replace)
{
  ImapAppendSyntax syntax
      = { .replace = replace, .by_uid = self->running.by_uid, .state = IMAP_APPEND_ARGUMENTS };

  append_new (self, &syntax);
  read_piece (self, arguments);
}
