/* What a NOTIFY asks for. */
#include "imap/imap-notify-syntax.h"

#include <string.h>

static const struct {
  const char *name;
  guint event;
} events[] = {
  { "MessageNew", IMAP_NOTIFY_MESSAGE_NEW },
  { "MessageExpunge", IMAP_NOTIFY_MESSAGE_EXPUNGE },
  { "FlagChange", IMAP_NOTIFY_FLAG_CHANGE },
  { "AnnotationChange", IMAP_NOTIFY_ANNOTATION_CHANGE },
  { "MailboxName", IMAP_NOTIFY_MAILBOX_NAME },
  { "SubscriptionChange", IMAP_NOTIFY_SUBSCRIPTION_CHANGE },
  { "MailboxMetadataChange", IMAP_NOTIFY_MAILBOX_METADATA_CHANGE },
  { "ServerMetadataChange", IMAP_NOTIFY_SERVER_METADATA_CHANGE },
};

static const struct {
  const char *name;
  ImapNotifyFilter filter;
} filters[] = {
  { "SELECTED", IMAP_NOTIFY_SELECTED },     { "SELECTED-DELAYED", IMAP_NOTIFY_SELECTED_DELAYED },
  { "INBOXES", IMAP_NOTIFY_INBOXES },       { "PERSONAL", IMAP_NOTIFY_PERSONAL },
  { "SUBSCRIBED", IMAP_NOTIFY_SUBSCRIBED }, { "SUBTREE", IMAP_NOTIFY_SUBTREE },
  { "MAILBOXES", IMAP_NOTIFY_MAILBOXES },
};

/* A group while it is read. */
typedef struct {
  ImapNotifyRequest *request;
  ImapNotifyGroup *group;
  guint *names; /* how many so far */
  GBytes *attributes;
} Taking;

static void
clear_group (gpointer data)
{
  ImapNotifyGroup *group = data;

  g_clear_pointer (&group->names, g_hash_table_unref);
}

ImapNotifyRequest *
imap_notify_request_new (void)
{
  ImapNotifyRequest *self = g_new0 (ImapNotifyRequest, 1);

  self->groups = g_array_new (FALSE, FALSE, sizeof (ImapNotifyGroup));
  g_array_set_clear_func (self->groups, clear_group);
  return self;
}

void
imap_notify_request_free (ImapNotifyRequest *self)
{
  g_clear_pointer (&self->attributes, g_bytes_unref);
  g_array_unref (self->groups);
  g_free (self);
}

static gboolean
take_filter (ImapParser *parser, ImapNotifyFilter *filter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (filters); i++)
    if (imap_parser_word (parser, filters[i].name)) {
      *filter = filters[i].filter;
      return TRUE;
    }
  return FALSE;
}

static gboolean
take_name (ImapParser *parser, gpointer data)
{
  Taking *self = data;
  g_autofree char *wire = imap_parser_astring (parser);
  char *name = wire ? imap_mailbox_decode (wire, parser->utf8) : NULL;

  /* What cannot be a name is none that exists: to be ignored (§3.1). */
  if (name)
    g_hash_table_add (self->group->names, name);
  return wire && ++*self->names <= IMAP_NOTIFY_NAMES_MAX;
}

static gboolean
take_names (ImapParser *parser, Taking *self)
{
  if (self->group->filter != IMAP_NOTIFY_SUBTREE && self->group->filter != IMAP_NOTIFY_MAILBOXES)
    return TRUE;
  self->group->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!imap_parser_space (parser))
    return FALSE;
  if (imap_parser_peek (parser) != '(')
    return take_name (parser, self);
  return imap_parser_list (parser, take_name, self) && *self->names > 0;
}

static gboolean
is_about_selected (const Taking *self)
{
  return self->group->filter == IMAP_NOTIFY_SELECTED
      || self->group->filter == IMAP_NOTIFY_SELECTED_DELAYED;
}

/* SP "(" fetch-att … ")" behind MessageNew; only new messages of the selected mailbox are shown. */
static gboolean
take_attributes (ImapParser *parser, Taking *self)
{
  ImapParser ahead = *parser;
  g_autoptr (ImapItems) items = NULL;
  gsize start;

  if (!imap_parser_space (&ahead) || imap_parser_peek (&ahead) != '(')
    return TRUE;
  start = ahead.position;
  items = imap_items_parse (&ahead);
  if (!items || self->attributes || !is_about_selected (self))
    return FALSE;
  self->attributes = g_bytes_new (parser->bytes + start, ahead.position - start);
  *parser = ahead;
  return TRUE;
}

static gboolean
take_event (ImapParser *parser, gpointer data)
{
  Taking *self = data;
  g_autofree char *name = imap_parser_atom (parser);

  for (gsize i = 0; name && i < G_N_ELEMENTS (events); i++)
    if (g_ascii_strcasecmp (events[i].name, name) == 0) {
      self->group->events |= events[i].event;
      return events[i].event != IMAP_NOTIFY_MESSAGE_NEW || take_attributes (parser, self);
    }
  self->request->unsupported = TRUE;
  return name != NULL;
}

/* The RFC's own examples leave the parentheses out. */
static gboolean
take_bare_events (ImapParser *parser, Taking *self)
{
  do
    if (!take_event (parser, self))
      return FALSE;
  while (imap_parser_space (parser));
  return TRUE;
}

static gboolean
take_events (ImapParser *parser, Taking *self)
{
  if (!imap_parser_space (parser))
    return FALSE;
  if (imap_parser_word (parser, "NONE"))
    return TRUE;
  if (imap_parser_peek (parser) != '(')
    return take_bare_events (parser, self);
  return imap_parser_list (parser, take_event, self)
      && (self->group->events || self->request->unsupported);
}

/* MessageNew and MessageExpunge come together; a change of flags or annotations needs both (§5). */
static gboolean
belong_together (guint wanted)
{
  const guint both = IMAP_NOTIFY_MESSAGE_NEW | IMAP_NOTIFY_MESSAGE_EXPUNGE;

  return !(wanted & IMAP_NOTIFY_MESSAGE_EVENTS) || (wanted & both) == both;
}

/* §6.1: once, and only message events. */
static gboolean
keep_selected (ImapNotifyRequest *self, Taking *taking)
{
  if (self->has_selected || taking->group->events & ~IMAP_NOTIFY_MESSAGE_EVENTS)
    return FALSE;
  self->has_selected = TRUE;
  self->delayed = taking->group->filter == IMAP_NOTIFY_SELECTED_DELAYED;
  self->selected = taking->group->events;
  self->attributes = g_steal_pointer (&taking->attributes);
  return TRUE;
}

static gboolean
take_group (ImapParser *parser, ImapNotifyRequest *self, guint *names)
{
  ImapNotifyGroup group = { 0 };
  Taking taking = { self, &group, names, NULL };
  gboolean taken = imap_parser_take (parser, '(') && take_filter (parser, &group.filter)
      && take_names (parser, &taking) && take_events (parser, &taking)
      && imap_parser_take (parser, ')') && belong_together (group.events)
      && self->groups->len < IMAP_NOTIFY_GROUPS_MAX;

  if (taken && is_about_selected (&taking))
    taken = keep_selected (self, &taking);
  else if (taken)
    g_array_append_val (self->groups, group);
  if (!taken || is_about_selected (&taking))
    clear_group (&group);
  g_clear_pointer (&taking.attributes, g_bytes_unref);
  self->all_events |= taken ? group.events : 0;
  return taken;
}

static gboolean
take_set (ImapParser *parser, ImapNotifyRequest *self)
{
  guint names = 0;

  self->utf8 = parser->utf8;
  if (!imap_parser_space (parser))
    return FALSE;
  self->status = imap_parser_word (parser, "STATUS");
  if (self->status && !imap_parser_space (parser))
    return FALSE;
  do
    if (!take_group (parser, self, &names))
      return FALSE;
  while (imap_parser_space (parser));
  self->unsupported |= (self->all_events & IMAP_NOTIFY_ANNOTATION_CHANGE) != 0;
  return imap_parser_at_end (parser);
}

ImapNotifyRequest *
imap_notify_request_parse (ImapParser *parser)
{
  g_autoptr (ImapNotifyRequest) self = imap_notify_request_new ();
  gboolean well = FALSE;

  if (!imap_parser_space (parser))
    return NULL;
  if (imap_parser_word (parser, "NONE"))
    well = imap_parser_at_end (parser);
  else if (imap_parser_word (parser, "SET"))
    well = take_set (parser, self);
  return well ? g_steal_pointer (&self) : NULL;
}

ImapItems *
imap_notify_request_items (const ImapNotifyRequest *self)
{
  gsize length;
  const guint8 *bytes = self->attributes ? g_bytes_get_data (self->attributes, &length) : NULL;
  ImapParser parser;

  if (!bytes)
    return NULL;
  parser = imap_parser (bytes, length);
  parser.utf8 = self->utf8;
  return imap_items_parse (&parser);
}

/* NAME itself, or one of those above it. */
static gboolean
lies_below (GHashTable *names, const char *name)
{
  g_autofree char *above = g_strdup (name);
  char *slash;

  while (!g_hash_table_contains (names, above)) {
    slash = strrchr (above, '/');
    if (!slash)
      return FALSE;
    *slash = '\0';
  }
  return TRUE;
}

/* "Selectable" mailboxes exist; a name that is gone still belongs where it was (§5.4). INBOXES is
 * PERSONAL, as RFC 5465 §6.3 wants where filters may put mail anywhere. */
static gboolean
is_meant (const ImapNotifyGroup *group, const char *name, gboolean own, gboolean exists,
          gboolean subscribed)
{
  switch (group->filter) {
  case IMAP_NOTIFY_INBOXES:
  case IMAP_NOTIFY_PERSONAL:
    return own && exists;
  case IMAP_NOTIFY_SUBSCRIBED:
    return subscribed;
  case IMAP_NOTIFY_SUBTREE:
    return lies_below (group->names, name);
  case IMAP_NOTIFY_MAILBOXES:
    return g_hash_table_contains (group->names, name);
  default:
    return FALSE;
  }
}

guint
imap_notify_request_events (const ImapNotifyRequest *self, const char *name, gboolean own,
                            gboolean exists, gboolean subscribed)
{
  guint found = 0;

  for (guint i = 0; i < self->groups->len; i++) {
    const ImapNotifyGroup *group = &g_array_index (self->groups, ImapNotifyGroup, i);
    if (is_meant (group, name, own, exists, subscribed))
      found |= group->events;
  }
  return found;
}

gboolean
imap_notify_request_reaches_shared (const ImapNotifyRequest *self)
{
  for (guint i = 0; i < self->groups->len; i++)
    if (g_array_index (self->groups, ImapNotifyGroup, i).filter >= IMAP_NOTIFY_SUBSCRIBED)
      return TRUE;
  return FALSE;
}

void
imap_notify_print_events (GString *out)
{
  for (gsize i = 0; i < G_N_ELEMENTS (events); i++)
    if (events[i].event != IMAP_NOTIFY_ANNOTATION_CHANGE)
      g_string_append_printf (out, "%s%s", i ? " " : "", events[i].name);
}
