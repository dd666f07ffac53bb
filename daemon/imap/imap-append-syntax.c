/* The arguments of APPEND and REPLACE, read piece by piece. */
#include "imap/imap-append-syntax.h"

void
imap_append_step_free (gpointer data)
{
  ImapAppendStep *step = data;

  g_clear_pointer (&step->flags, imap_flags_change_free);
  g_free (step->url);
  g_free (step);
}

void
imap_append_syntax_clear (ImapAppendSyntax *self)
{
  g_clear_pointer (&self->mailbox, g_free);
}

gboolean
imap_append_read_command (ImapParser *parser, ImapAppendSyntax *self)
{
  g_autofree char *tag = imap_parser_tag (parser);

  *self = (ImapAppendSyntax) { IMAP_APPEND_ARGUMENTS };
  if (!tag || !imap_parser_space (parser))
    return FALSE;
  if (imap_parser_word (parser, "APPEND"))
    return TRUE;
  self->replace = TRUE;
  self->by_uid = imap_parser_word (parser, "UID");
  return (!self->by_uid || imap_parser_space (parser)) && imap_parser_word (parser, "REPLACE");
}

static ImapAppendStep *
add_step (GPtrArray *steps, ImapAppendStepKind kind)
{
  ImapAppendStep *step = g_new0 (ImapAppendStep, 1);

  step->kind = kind;
  g_ptr_array_add (steps, step);
  return step;
}

/* "{12}", "{12+}", "~{12}": the last of the piece, as its bytes stream past. */
static gboolean
read_announcement (ImapParser *parser)
{
  guint64 length;

  (void)imap_parser_take (parser, '~');
  if (!imap_parser_take (parser, '{') || !imap_parser_number64 (parser, &length))
    return FALSE;
  (void)imap_parser_take (parser, '+');
  return imap_parser_take (parser, '}') && imap_parser_at_end (parser);
}

static gboolean
read_literal (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps, ImapAppendState next)
{
  ImapAppendStep *step = add_step (steps, IMAP_STEP_LITERAL);

  step->is_part = next == IMAP_APPEND_AFTER_PART || next == IMAP_APPEND_IN_UTF8_PART;
  self->state = next;
  return read_announcement (parser);
}

static gboolean read_message (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps);

/* Another message (RFC 3502), or the end. */
static gboolean
read_next (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  add_step (steps, IMAP_STEP_MESSAGE_END);
  self->state = IMAP_APPEND_AFTER_MESSAGE;
  if (imap_parser_at_end (parser))
    return TRUE;
  return !self->replace && read_message (self, parser, steps);
}

static gboolean
read_utf8 (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps, ImapAppendState next)
{
  return imap_parser_space (parser) && imap_parser_take (parser, '(')
      && read_literal (self, parser, steps, next);
}

static gboolean
read_url (ImapParser *parser, GPtrArray *steps)
{
  char *url = imap_parser_space (parser) ? imap_parser_astring (parser) : NULL;

  if (!url)
    return FALSE;
  add_step (steps, IMAP_STEP_URL)->url = url;
  return steps->len <= IMAP_APPEND_URLS_MAX;
}

/* cat-part *(SP cat-part) ")" */
static gboolean
read_parts (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  do {
    if (imap_parser_word (parser, "TEXT"))
      return imap_parser_space (parser)
          && read_literal (self, parser, steps, IMAP_APPEND_AFTER_PART);
    if (imap_parser_word (parser, "UTF8"))
      return read_utf8 (self, parser, steps, IMAP_APPEND_IN_UTF8_PART);
    if (!imap_parser_word (parser, "URL") || !read_url (parser, steps))
      return FALSE;
  } while (imap_parser_space (parser));
  return imap_parser_take (parser, ')') && read_next (self, parser, steps);
}

static gboolean
read_after_part (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  if (imap_parser_space (parser))
    return read_parts (self, parser, steps);
  return imap_parser_take (parser, ')') && read_next (self, parser, steps);
}

/* SP [flag-list SP] [date-time SP] append-data */
static gboolean
read_message (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  ImapAppendStep *step = add_step (steps, IMAP_STEP_MESSAGE);

  step->flags = imap_flags_change_new ();
  if (steps->len > IMAP_APPEND_URLS_MAX || !imap_parser_space (parser))
    return FALSE;
  if (imap_parser_peek (parser) == '('
      && !(imap_parser_list (parser, imap_take_flag, step->flags) && imap_parser_space (parser)))
    return FALSE;
  step->has_date = imap_parser_date_time (parser, &step->date, &step->zone);
  if (step->has_date && !imap_parser_space (parser))
    return FALSE;
  if (imap_parser_word (parser, "UTF8"))
    return read_utf8 (self, parser, steps, IMAP_APPEND_IN_UTF8);
  if (imap_parser_word (parser, "CATENATE"))
    return imap_parser_space (parser) && imap_parser_take (parser, '(')
        && read_parts (self, parser, steps);
  return read_literal (self, parser, steps, IMAP_APPEND_AFTER_MESSAGE);
}

static gboolean
read_arguments (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  if (self->replace) {
    if (!imap_parser_space (parser))
      return FALSE;
    if (imap_parser_take (parser, '*'))
      self->target = G_MAXUINT32;
    else if (!imap_parser_number (parser, &self->target) || self->target == 0)
      return FALSE;
  }
  self->mailbox = imap_parser_space (parser) ? imap_parser_astring (parser) : NULL;
  return self->mailbox && read_message (self, parser, steps);
}

gboolean
imap_append_read (ImapAppendSyntax *self, ImapParser *parser, GPtrArray *steps)
{
  switch (self->state) {
  case IMAP_APPEND_ARGUMENTS:
    return read_arguments (self, parser, steps);
  case IMAP_APPEND_AFTER_MESSAGE:
    return read_next (self, parser, steps);
  case IMAP_APPEND_IN_UTF8:
    return imap_parser_take (parser, ')') && read_next (self, parser, steps);
  case IMAP_APPEND_AFTER_PART:
    return read_after_part (self, parser, steps);
  case IMAP_APPEND_IN_UTF8_PART:
    return imap_parser_take (parser, ')') && read_after_part (self, parser, steps);
  }
  return FALSE;
}

gboolean
imap_append_announces (const ImapAppendSyntax *syntax, const guint8 *text, gsize length)
{
  ImapParser parser = imap_parser (text, length);
  ImapAppendSyntax trial = { 0 };
  g_autoptr (GPtrArray) steps = g_ptr_array_new_with_free_func (imap_append_step_free);
  gboolean announces;

  if (syntax) {
    trial = *syntax;
    trial.mailbox = NULL;
  } else if (!imap_append_read_command (&parser, &trial)) {
    return FALSE;
  }
  announces = imap_append_read (&trial, &parser, steps) && steps->len > 0
      && ((ImapAppendStep *)g_ptr_array_index (steps, steps->len - 1))->kind == IMAP_STEP_LITERAL;
  imap_append_syntax_clear (&trial);
  return announces;
}
