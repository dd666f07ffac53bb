/* The items of STATUS (RFC 9051 §6.3.11, RFC 7162, 7889, 8438, 8474, RFC 9208 §4.1.4). */
#include "imap/imap-status.h"

#include "imap/imap-print.h"
#include "settings.h"
#include "store/object.h"

typedef gboolean (*ItemFunc) (GString *out, Database *database, const Mailbox *mailbox,
                              GError **error);

#define NUMBER(name, value)                                                                        \
  static gboolean print_##name (GString *out, Database *database, const Mailbox *mailbox,          \
                                GError **error)                                                    \
  {                                                                                                \
    imap_print_number (out, value);                                                                \
    return TRUE;                                                                                   \
  }
NUMBER (messages, mailbox->messages)
NUMBER (uid_next, mailbox->uid_next)
NUMBER (uid_validity, mailbox->uid_validity)
NUMBER (unseen, mailbox->unseen)
NUMBER (size, mailbox->size)
NUMBER (deleted, mailbox->marked)
NUMBER (deleted_storage, mailbox->marked_size)
NUMBER (highest_modseq, mailbox->modseq)
NUMBER (append_limit, (guint64)setting_number (SETTING_SMTP_MAX_MESSAGE_SIZE))

/* Only what came since the mailbox was last opened is counted. */
static gboolean
print_recent (GString *out, Database *database, const Mailbox *mailbox, GError **error)
{
  Statement *row;

  row = database_query (
      database, error,
      "SELECT count (*) FROM entry WHERE mailbox = ?1 AND uid >= ?2 AND expunged = 0", "ii",
      mailbox->id, (gint64)mailbox->recent_from);
  if (!row || !statement_next (row, error))
    return FALSE;
  imap_print_number (out, (guint64)statement_int (row, 0));
  statement_done (row);
  return TRUE;
}

static gboolean
print_mailbox_id (GString *out, Database *database, const Mailbox *mailbox, GError **error)
{
  guint32 epoch;

  if (!object_epoch (database, &epoch, error))
    return FALSE;
  g_string_append_c (out, '(');
  object_print (out, OBJECT_MAILBOX, epoch, mailbox->id);
  g_string_append_c (out, ')');
  return TRUE;
}

/* To add an item, add a line here. */
static const struct {
  const char *name;
  ItemFunc print;
} items[] = {
  { "MESSAGES", print_messages },
  { "RECENT", print_recent },
  { "UIDNEXT", print_uid_next },
  { "UIDVALIDITY", print_uid_validity },
  { "UNSEEN", print_unseen },
  { "DELETED", print_deleted },
  { "DELETED-STORAGE", print_deleted_storage },
  { "SIZE", print_size },
  { "APPENDLIMIT", print_append_limit },
  { "MAILBOXID", print_mailbox_id },
  { "HIGHESTMODSEQ", print_highest_modseq },
};

static gboolean
take_item (ImapParser *parser, gpointer data)
{
  guint *wanted = data;

  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (imap_parser_word (parser, items[i].name)) {
      *wanted |= 1u << i;
      return TRUE;
    }
  return FALSE;
}

gboolean
imap_status_has_modseq (guint wanted)
{
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    if (wanted & 1u << i && items[i].print == print_highest_modseq)
      return TRUE;
  return FALSE;
}

guint
imap_status_parse (ImapParser *parser)
{
  guint wanted = 0;

  return imap_parser_list (parser, take_item, &wanted) ? wanted : 0;
}

gboolean
imap_status_print (GString *out, Database *database, const Place *place, guint wanted,
                   gboolean utf8, GError **error)
{
  char before = '(';

  g_string_append (out, "* STATUS ");
  imap_print_mailbox (out, place->name, utf8);
  g_string_append_c (out, ' ');
  for (guint i = 0; i < G_N_ELEMENTS (items); i++) {
    if (!(wanted & 1u << i))
      continue;
    g_string_append_c (out, before);
    g_string_append (out, items[i].name);
    g_string_append_c (out, ' ');
    if (!items[i].print (out, database, place->mailbox, error))
      return FALSE;
    before = ' ';
  }
  g_string_append (out, ")\r\n");
  return TRUE;
}
