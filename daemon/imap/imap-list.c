/* Which mailboxes a LIST, LSUB or XLIST names. */
#include "imap/imap-list.h"

#include <string.h>

#include "imap/imap-print.h"

/* The usual two pointers and one place to return to: '*' may take '/', '%' may not. Returning to
 * the last '*' is enough, because whatever a '%' before it could take, it can take too. */
gboolean
imap_list_matches (const char *pattern, const char *name)
{
  const char *star = NULL, *star_name = NULL;
  const char *percent = NULL, *percent_name = NULL;

  while (*name || *pattern) {
    if (*pattern == '*') {
      star = ++pattern;
      star_name = name;
      percent = NULL;
    } else if (*pattern == '%') {
      percent = ++pattern;
      percent_name = name;
    } else if (*pattern && *pattern == *name) {
      pattern++;
      name++;
    } else if (percent && *percent_name && *percent_name != '/') {
      pattern = percent;
      name = ++percent_name;
    } else if (star && *star_name) {
      pattern = star;
      name = ++star_name;
      percent = NULL;
    } else {
      return FALSE;
    }
  }
  return TRUE;
}

/* What lies below a name. */
typedef enum {
  BELOW_EXISTS = 1 << 0, /* a mailbox */
  BELOW_CHOSEN = 1 << 1, /* one that the selection options choose, */
  BELOW_HIDDEN = 1 << 2, /* and that no pattern names */
} Below;

/* A name that may be told: of a mailbox, of a subscription, or a level of hierarchy that is only
 * there because something lies below it. */
typedef struct {
  const char *name;
  const Place *place; /* NULL: only a level */
  guint below;
} Name;

typedef struct {
  GString *out;
  ImapListKind kind;
  const ImapListRequest *request;
  GHashTable *levels; /* char * → Name: every name that has one below it */
} Listing;

static gboolean
exists (const Place *place)
{
  return place && place->mailbox->id != 0;
}

static gboolean
is_chosen (const Listing *self, const Place *place)
{
  guint select = self->request->select;

  if (select & IMAP_LIST_SUBSCRIBED && !place->mailbox->subscribed)
    return FALSE;
  if (select & IMAP_LIST_SPECIAL_USE && !place->mailbox->special_use)
    return FALSE;
  return select & IMAP_LIST_SUBSCRIBED || exists (place);
}

/* BY_LEVEL: only patterns that end in '%', which show levels of hierarchy too (RFC 9051 §6.3.9). */
static gboolean
is_named (const Listing *self, const char *name, gboolean by_level)
{
  for (guint i = 0; i < self->request->patterns->len; i++) {
    const char *pattern = g_ptr_array_index (self->request->patterns, i);
    if ((!by_level || g_str_has_suffix (pattern, "%")) && imap_list_matches (pattern, name))
      return TRUE;
  }
  return FALSE;
}

static Name *
find_level (Listing *self, const char *name, gsize length)
{
  g_autofree char *key = g_strndup (name, length);
  Name *level = g_hash_table_lookup (self->levels, key);

  if (level)
    return level;
  level = g_new0 (Name, 1);
  level->name = key;
  g_hash_table_insert (self->levels, g_steal_pointer (&key), level);
  return level;
}

/* Tells the levels above a place of it. */
static void
note_place (Listing *self, const Place *place)
{
  guint below = exists (place) ? BELOW_EXISTS : 0;

  if (is_chosen (self, place))
    below |= BELOW_CHOSEN | (is_named (self, place->name, FALSE) ? 0 : BELOW_HIDDEN);
  if (below == 0)
    return;
  for (const char *slash = strchr (place->name, '/'); slash; slash = strchr (slash + 1, '/'))
    find_level (self, place->name, (gsize)(slash - place->name))->below |= below;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *left = ((const Name *)a)->name, *right = ((const Name *)b)->name;
  int inbox = g_str_equal (right, "INBOX") - g_str_equal (left, "INBOX");

  return inbox ? inbox : strcmp (left, right);
}

/* Each name once. */
static GArray *
gather_names (Listing *self, const GPtrArray *places)
{
  GArray *names = g_array_new (FALSE, FALSE, sizeof (Name));
  GHashTableIter iter;
  gpointer level;

  for (guint i = 0; i < places->len; i++)
    note_place (self, g_ptr_array_index (places, i));
  for (guint i = 0; i < places->len; i++) {
    const Place *place = g_ptr_array_index (places, i);
    Name *found = g_hash_table_lookup (self->levels, place->name);
    Name name = { place->name, place, found ? found->below : 0 };
    g_array_append_val (names, name);
    if (found)
      found->place = place;
  }
  g_hash_table_iter_init (&iter, self->levels);
  while (g_hash_table_iter_next (&iter, NULL, &level))
    if (!((Name *)level)->place)
      g_array_append_vals (names, level, 1);
  g_array_sort (names, compare_names);
  return names;
}

/* Google's names for two of them (XLIST is older than RFC 6154). */
static const struct {
  const char *special_use, *xlist;
} xlist_names[] = {
  { "\\Junk", "\\Spam" },
  { "\\All", "\\AllMail" },
  { "\\Flagged", "\\Starred" },
};

static void
print_special_use (const Listing *self, const Name *name)
{
  const char *use = exists (name->place) ? name->place->mailbox->special_use : NULL;

  for (gsize i = 0; use && self->kind == IMAP_XLIST && i < G_N_ELEMENTS (xlist_names); i++)
    if (g_str_equal (use, xlist_names[i].special_use))
      use = xlist_names[i].xlist;
  if (!use && self->kind == IMAP_XLIST && g_str_equal (name->name, "INBOX"))
    use = "\\Inbox";
  if (use)
    g_string_append_printf (self->out, " %s", use);
}

/* Attributes are told without being asked for where a client can use them: \Subscribed alone costs
 * something elsewhere and must not come unasked in plain lists. */
static void
print_attributes (const Listing *self, const Name *name)
{
  guint options = self->request->select | self->request->return_;

  g_string_append (self->out, name->below & BELOW_EXISTS ? "\\HasChildren" : "\\HasNoChildren");
  if (!exists (name->place))
    g_string_append (self->out, self->request->extended ? " \\NonExistent" : " \\Noselect");
  if (options & IMAP_LIST_SUBSCRIBED && self->kind == IMAP_LIST && name->place
      && name->place->mailbox->subscribed)
    g_string_append (self->out, " \\Subscribed");
  print_special_use (self, name);
}

/* RFC 5258 §3.5: which options choose something below. */
static void
print_child_info (const Listing *self, const Name *name)
{
  guint select = self->request->select;
  const char *subscribed = select & IMAP_LIST_SUBSCRIBED ? "\"SUBSCRIBED\"" : NULL;
  const char *special_use = select & IMAP_LIST_SPECIAL_USE ? "\"SPECIAL-USE\"" : NULL;

  if (select & IMAP_LIST_RECURSIVE && name->below & BELOW_CHOSEN)
    g_string_append_printf (self->out, " (\"CHILDINFO\" (%s%s%s))", subscribed ? subscribed : "",
                            subscribed && special_use ? " " : "", special_use ? special_use : "");
}

static void
print_name (const Listing *self, const Name *name)
{
  static const char *const words[] = { "LIST", "LSUB", "XLIST" };

  g_string_append_printf (self->out, "* %s (", words[self->kind]);
  print_attributes (self, name);
  g_string_append (self->out, ") \"/\" ");
  imap_print_mailbox (self->out, name->name, self->request->utf8);
  print_child_info (self, name);
  g_string_append (self->out, "\r\n");
}

/* A name that is not chosen itself is shown for what lies below: a parent of something chosen that
 * no pattern names (RECURSIVEMATCH, and "%" of LSUB: RFC 3501 §6.3.9), or a level of hierarchy. */
static gboolean
is_shown_as_level (const Listing *self, const Name *name)
{
  if (self->request->select & IMAP_LIST_RECURSIVE)
    return name->below & BELOW_HIDDEN && is_named (self, name->name, FALSE);
  if (self->kind == IMAP_LSUB)
    return name->below & BELOW_HIDDEN && is_named (self, name->name, TRUE);
  return !self->request->select && name->below & BELOW_EXISTS && is_named (self, name->name, TRUE);
}

static gboolean
print_if_meant (Listing *self, const Name *name, ImapListed listed, gpointer data, GError **error)
{
  if (name->place && is_chosen (self, name->place)) {
    if (!is_named (self, name->name, FALSE))
      return TRUE;
    print_name (self, name);
    return !listed || !exists (name->place) || listed (self->out, name->place, data, error);
  }
  if (is_shown_as_level (self, name)) {
    Name level = *name;
    if (self->kind == IMAP_LSUB)
      level.place = NULL; /* there, but not subscribed: \Noselect says so in LSUB */
    print_name (self, &level);
  }
  return TRUE;
}

gboolean
imap_list_print (GString *out, ImapListKind kind, const ImapListRequest *request,
                 const GPtrArray *places, ImapListed listed, gpointer data, GError **error)
{
  g_autoptr (GHashTable) levels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Listing self = { out, kind, request, levels };
  g_autoptr (GArray) names = gather_names (&self, places);

  for (guint i = 0; i < names->len; i++)
    if (!print_if_meant (&self, &g_array_index (names, Name, i), listed, data, error))
      return FALSE;
  return TRUE;
}
