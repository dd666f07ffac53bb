/* Which mailboxes a LIST or LSUB names. */
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

static gboolean
has_children (const GPtrArray *mailboxes, const char *name)
{
  gsize length = strlen (name);

  for (guint i = 0; i < mailboxes->len; i++) {
    const Mailbox *other = g_ptr_array_index (mailboxes, i);
    if (other->id != 0 && strncmp (other->name, name, length) == 0 && other->name[length] == '/')
      return TRUE;
  }
  return FALSE;
}

static void
print_row (GString *out, const char *word, const char *attributes, const char *name)
{
  g_string_append_printf (out, "* %s (%s) \"/\" ", word, attributes);
  imap_print_mailbox (out, name);
  g_string_append (out, "\r\n");
}

static char *
attributes_of (const GPtrArray *mailboxes, const Mailbox *mailbox)
{
  return g_strjoin (" ",
                    has_children (mailboxes, mailbox->name) ? "\\HasChildren" : "\\HasNoChildren",
                    mailbox->special_use, NULL);
}

void
imap_list_print (GString *out, const GPtrArray *mailboxes, const char *pattern)
{
  for (guint i = 0; i < mailboxes->len; i++) {
    const Mailbox *mailbox = g_ptr_array_index (mailboxes, i);
    g_autofree char *attributes = NULL;
    if (mailbox->id == 0 || !imap_list_matches (pattern, mailbox->name))
      continue;
    attributes = attributes_of (mailboxes, mailbox);
    print_row (out, "LIST", attributes, mailbox->name);
  }
}

/* "%" shows a parent that is not subscribed for the sake of its subscribed children, as \Noselect
 * (RFC 3501 §6.3.9). */
static void
print_parents (GString *out, const char *pattern, const char *name, GHashTable *shown)
{
  if (!g_str_has_suffix (pattern, "%"))
    return;
  for (const char *slash = strchr (name, '/'); slash; slash = strchr (slash + 1, '/')) {
    g_autofree char *parent = g_strndup (name, (gsize)(slash - name));
    if (!imap_list_matches (pattern, parent) || g_hash_table_contains (shown, parent))
      continue;
    print_row (out, "LSUB", "\\Noselect", parent);
    g_hash_table_add (shown, g_steal_pointer (&parent));
  }
}

void
imap_list_print_subscribed (GString *out, const GPtrArray *mailboxes, const char *pattern)
{
  g_autoptr (GHashTable) shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < mailboxes->len; i++) {
    const Mailbox *mailbox = g_ptr_array_index (mailboxes, i);
    if (mailbox->subscribed)
      g_hash_table_add (shown, g_strdup (mailbox->name));
  }
  for (guint i = 0; i < mailboxes->len; i++) {
    const Mailbox *mailbox = g_ptr_array_index (mailboxes, i);
    g_autofree char *attributes = NULL;
    if (!mailbox->subscribed)
      continue;
    /* Outlook looks for SPECIAL-USE here. A name without a mailbox stays subscribed. */
    attributes = mailbox->id != 0 ? attributes_of (mailboxes, mailbox) : g_strdup ("\\Noselect");
    if (imap_list_matches (pattern, mailbox->name))
      print_row (out, "LSUB", attributes, mailbox->name);
    else
      print_parents (out, pattern, mailbox->name, shown);
  }
}
