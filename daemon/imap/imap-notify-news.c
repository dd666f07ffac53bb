/* What a client that uses NOTIFY has not heard yet. */
#include "imap/imap-notify-news.h"

#include "imap/imap-metadata.h"
#include "imap/imap-notify-names.h"
#include "imap/imap-print.h"

static void
note_free (gpointer data)
{
  ImapNotifyNote *note = data;

  g_free (note->text);
  g_free (note);
}

ImapNotifyNews *
imap_notify_news_new (ImapKnown *known, gint64 account)
{
  ImapNotifyNews *self = g_new0 (ImapNotifyNews, 1);

  self->known = known;
  self->account = account;
  self->accounts = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->notes = g_ptr_array_new_with_free_func (note_free);
  self->out = g_string_new (NULL);
  self->owners = g_array_new (FALSE, FALSE, sizeof (gint64));
  return self;
}

void
imap_notify_news_free (ImapNotifyNews *self)
{
  g_array_unref (self->accounts);
  g_ptr_array_unref (self->notes);
  g_string_free (self->out, TRUE);
  g_array_unref (self->owners);
  g_free (self);
}

typedef struct {
  ImapNotifyNews *news;
  guint64 origin;
} TakingNotes;

static void
take_note (const Note *note, gpointer data)
{
  const TakingNotes *self = data;
  ImapNotifyNote *copy;

  if (note->kind == NOTE_METADATA
      && (note->origin == self->origin
          || (note->account != 0 && note->account != self->news->account)))
    return;
  copy = g_new0 (ImapNotifyNote, 1);
  copy->kind = note->kind;
  copy->mailbox = note->mailbox;
  copy->text = g_strdup (note->text);
  g_ptr_array_add (self->news->notes, copy);
}

gboolean
imap_notify_news_take_notes (ImapNotifyNews *self, Store *store, guint64 *serial, guint64 origin)
{
  TakingNotes taking = { self, origin };

  return store_notes_since (store, serial, take_note, &taking);
}

static void
print_item (GString *out, char *before, const char *name, guint64 value)
{
  g_string_append_c (out, *before);
  g_string_append (out, name);
  g_string_append_c (out, ' ');
  imap_print_number (out, value);
  *before = ' ';
}

typedef enum {
  TELL_COUNT = 1 << 0, /* UIDNEXT, MESSAGES */
  TELL_VALIDITY = 1 << 1,
  TELL_UNSEEN = 1 << 2,
  TELL_MODSEQ = 1 << 3,
} Tell;

static void
print_status (ImapNotifyNews *self, const ImapKnownRow *row, guint what)
{
  const MailboxNumbers *numbers = &row->numbers;
  char before = '(';

  g_string_append (self->out, "* STATUS ");
  imap_print_mailbox (self->out, row->name, self->utf8);
  g_string_append_c (self->out, ' ');
  if (what & TELL_COUNT) {
    print_item (self->out, &before, "MESSAGES", numbers->messages);
    print_item (self->out, &before, "UIDNEXT", numbers->uid_next);
  }
  if (what & TELL_VALIDITY)
    print_item (self->out, &before, "UIDVALIDITY", numbers->uid_validity);
  if (what & TELL_UNSEEN)
    print_item (self->out, &before, "UNSEEN", numbers->unseen);
  if (what & TELL_MODSEQ)
    print_item (self->out, &before, "HIGHESTMODSEQ", numbers->modseq);
  g_string_append (self->out, ")\r\n");
}

/* What of the way from OLD to NEW the client wants to hear (RFC 5465 §5.1 to §5.3). Without
 * CONDSTORE a change of flags shows in UNSEEN alone. */
static guint
choose (const ImapNotifyNews *self, guint events, const MailboxNumbers *old,
        const MailboxNumbers *new)
{
  guint what = 0;

  if (new->uid_validity != old->uid_validity) /* another mailbox: nothing of the old one holds */
    what |= TELL_VALIDITY | TELL_COUNT | (events & IMAP_NOTIFY_FLAG_CHANGE ? TELL_UNSEEN : 0);
  if (new->uid_next != old->uid_next || new->messages != old->messages)
    what |= TELL_COUNT;
  if (events & IMAP_NOTIFY_FLAG_CHANGE && new->unseen != old->unseen)
    what |= TELL_UNSEEN | TELL_VALIDITY;
  if (events & IMAP_NOTIFY_FLAG_CHANGE && self->modseq && new->modseq != old->modseq)
    what |= TELL_VALIDITY;
  return what && self->modseq ? what | TELL_MODSEQ : what;
}

static gboolean
is_watched (const ImapKnownRow *row)
{
  return row->id != 0 && row->events & IMAP_NOTIFY_MESSAGE_EVENTS && row->rights & RIGHT_READ;
}

static void
compare_numbers (ImapNotifyNews *self, ImapKnownRow *row, const MailboxNumbers *numbers)
{
  const MailboxNumbers old = row->numbers;
  guint what;

  /* What the session says of its own mailbox is not repeated when it leaves it. What it must not
   * say is told then. */
  if (row->id == self->selected && !self->selected_is_told)
    return;
  row->numbers = *numbers;
  if (row->id == self->selected || !is_watched (row))
    return;
  what = choose (self, row->events, &old, numbers);
  if (what)
    print_status (self, row, what);
}

static void
did_read_numbers (const MailboxNumbers *numbers, gpointer data)
{
  ImapNotifyNews *self = data;
  ImapKnownRow *row = imap_known_find_id (self->known, numbers->id);

  if (row)
    compare_numbers (self, row, numbers);
}

static gboolean
read_messages (ImapNotifyNews *self, Database *database, GError **error)
{
  for (guint i = 0; i < self->accounts->len; i++)
    if (!mailbox_each_numbers (database, g_array_index (self->accounts, gint64, i),
                               did_read_numbers, self, error))
      return FALSE;
  return TRUE;
}

static void
note_owner (ImapNotifyNews *self, gint64 owner)
{
  for (guint i = 0; i < self->owners->len; i++)
    if (g_array_index (self->owners, gint64, i) == owner)
      return;
  g_array_append_val (self->owners, owner);
}

static GPtrArray *
list_places (ImapNotifyNews *self, Database *database, GError **error)
{
  GPtrArray *places = place_list (database, self->account, error);

  for (guint i = 0; places && i < places->len; i++) {
    const Place *place = g_ptr_array_index (places, i);
    if (!place->own)
      note_owner (self, place->mailbox->account);
  }
  self->overflow |= places && places->len > IMAP_KNOWN_MAX;
  return places;
}

static gboolean
read_names (ImapNotifyNews *self, Database *database, GError **error)
{
  g_autoptr (GPtrArray) places = list_places (self, database, error);

  if (!places || self->overflow)
    return places != NULL;
  if (!imap_notify_names_compare (self, database, places, error))
    return FALSE;
  for (guint i = 0; i < places->len; i++) {
    const Mailbox *mailbox = ((const Place *)g_ptr_array_index (places, i))->mailbox;
    const MailboxNumbers numbers = mailbox_numbers (mailbox);
    if (mailbox->id != 0)
      did_read_numbers (&numbers, self);
  }
  self->overflow |= g_hash_table_size (self->known->by_name) > IMAP_KNOWN_MAX;
  return TRUE;
}

/* The mailbox that note number INDEX is about, if the client wants to hear of it and may. */
static gboolean
is_wanted (const ImapNotifyNews *self, guint index, const char **name)
{
  const ImapNotifyNote *note = g_ptr_array_index (self->notes, index);
  const ImapKnownRow *row;

  if (note->kind != NOTE_METADATA)
    return FALSE;
  *name = "";
  if (note->mailbox == 0)
    return (self->known->request->all_events & IMAP_NOTIFY_SERVER_METADATA_CHANGE) != 0;
  row = imap_known_find_id (self->known, note->mailbox);
  if (!row || !(row->events & IMAP_NOTIFY_MAILBOX_METADATA_CHANGE) || !(row->rights & RIGHT_READ))
    return FALSE;
  *name = row->name;
  return TRUE;
}

/* Names alone, each once (RFC 5464 §4.4.2): "* METADATA INBOX /shared/comment". */
static void
print_notes (ImapNotifyNews *self)
{
  g_autoptr (GHashTable) told = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  gint64 last = -1;

  for (guint i = 0; i < self->notes->len; i++) {
    const ImapNotifyNote *note = g_ptr_array_index (self->notes, i);
    const char *name;
    if (!is_wanted (self, i, &name)
        || !g_hash_table_add (
            told, g_strdup_printf ("%" G_GINT64_FORMAT "%s", note->mailbox, note->text)))
      continue;
    if (note->mailbox != last) {
      g_string_append (self->out, last < 0 ? "* METADATA " : "\r\n* METADATA ");
      imap_print_mailbox (self->out, name, self->utf8);
    }
    last = note->mailbox;
    g_string_append_c (self->out, ' ');
    imap_metadata_print_name (self->out, note->text);
  }
  if (last >= 0)
    g_string_append (self->out, "\r\n");
}

gboolean
imap_notify_news_read (ImapNotifyNews *self, Database *database, GError **error)
{
  if (self->overflow)
    return TRUE;
  if (self->kinds & WATCH_NAMES ? !read_names (self, database, error)
                                : !read_messages (self, database, error))
    return FALSE;
  print_notes (self);
  return TRUE;
}

/* §3.1: HIGHESTMODSEQ also for who has not enabled CONDSTORE, when flags matter. */
static void
print_first_status (ImapNotifyNews *self, const ImapKnownRow *row)
{
  guint what = TELL_COUNT | TELL_VALIDITY;

  if (self->modseq || row->events & IMAP_NOTIFY_FLAG_CHANGE)
    what |= TELL_MODSEQ;
  if (is_watched (row) && row->id != self->selected)
    print_status (self, row, what);
}

gboolean
imap_notify_news_begin (ImapNotifyNews *self, Database *database, GError **error)
{
  g_autoptr (GPtrArray) places = list_places (self, database, error);

  if (!places || self->overflow)
    return places != NULL;
  imap_notify_names_begin (self, places);
  for (guint i = 0; self->known->request->status && i < places->len; i++)
    print_first_status (
        self, imap_known_find (self->known, ((Place *)g_ptr_array_index (places, i))->name));
  return TRUE;
}
